from collections.abc import Callable

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam

from constructs_lib import Administration, EncryptionKey


@pytest.mark.parametrize("administration", Administration)
@pytest.mark.parametrize("services", [[], ["s3"], ["lambda"], None], ids=["none", "s3", "lambda", "every"])
def test_a_deployer_of_another_stack_is_allowed_in_iam_what_the_key_policy_allows(
    services: list[str] | None, administration: Administration, make_app: Callable[..., cdk.App]
) -> None:
    app = make_app()
    deployer = iam.Role(cdk.Stack(app, "People"), "Deployer", assumed_by=iam.AccountRootPrincipal())
    admin = iam.ArnPrincipal("arn:aws:iam::111122223333:role/Admin")

    EncryptionKey(
        cdk.Stack(app, "Keys"),
        "Key",
        services=services,
        deployers=[deployer],
        administration=administration,
        administrators=[admin],
    )

    app.synth()  # the guardrails refuse an IAM side that the key policy does not match
