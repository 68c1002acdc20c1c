"""How do I keep account administrators away from a key, and still get it deployed?"""

import aws_cdk as cdk
from aws_cdk import aws_iam as iam

from constructs_lib import Administration, EncryptionKey


def define(app: cdk.App) -> None:
    """Define a key that only a security role and the deployment administer, and an auditor inspects."""
    stack = cdk.Stack(app, "Vault")
    security = iam.Role(stack, "Security", assumed_by=iam.AccountRootPrincipal())
    auditor = iam.Role(stack, "Auditor", assumed_by=iam.AccountRootPrincipal())
    EncryptionKey(
        stack,
        "Key",
        alias="vault",
        administration=Administration.ONLY_NAMED,
        administrators=[security],
        auditors=[auditor],
    )


if __name__ == "__main__":
    app = cdk.App()
    define(app)
    app.synth()
