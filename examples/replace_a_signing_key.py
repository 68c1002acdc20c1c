"""How do I replace a signing key, so that callers keep one name and what was signed before still verifies?"""

import aws_cdk as cdk
from aws_cdk import aws_iam as iam

from constructs_lib import KeySuccession, SigningKey, SigningSpec


def define(app: cdk.App) -> None:
    """Define an alias that points to the key of 2027, while signatures of 2026 are verified with the key of 2026."""
    stack = cdk.Stack(app, "Releases")
    ci = iam.Role(stack, "Ci", assumed_by=iam.ServicePrincipal("codebuild.amazonaws.com"))
    auditor = iam.Role(stack, "Auditor", assumed_by=iam.AccountRootPrincipal())

    key_2026, key_2027 = (
        SigningKey(stack, f"Key{year}", alias=f"releases-{year}", spec=SigningSpec.ED25519) for year in (2026, 2027)
    )
    releases = KeySuccession(stack, "Releases", alias="releases", current=key_2027, former=[key_2026])
    releases.grant_sign(ci)
    releases.grant_verify(auditor)


if __name__ == "__main__":
    app = cdk.App()
    define(app)
    app.synth()
