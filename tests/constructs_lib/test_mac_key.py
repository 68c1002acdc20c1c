from collections.abc import Callable

import aws_cdk as cdk
from aws_cdk import aws_iam as iam

from constructs_lib import MacKey
from tests.support.synthesised import key_statements, only, template_of

MakeApp = Callable[..., cdk.App]


def test_it_is_sha_256_unless_told_and_who_verifies_cannot_generate(make_app: MakeApp) -> None:
    stack = cdk.Stack(make_app(), "S", env=cdk.Environment(account="111122223333", region="eu-west-1"))
    one, other = (iam.Role(stack, name, assumed_by=iam.AccountRootPrincipal()) for name in ("One", "Other"))
    MacKey(stack, "Key", generators=[one], verifiers=[other])

    properties = only(template_of(stack), "AWS::KMS::Key")["Properties"]
    assert (properties["KeySpec"], properties["KeyUsage"]) == ("HMAC_256", "GENERATE_VERIFY_MAC")
    statements = key_statements(template_of(stack))
    assert list(statements) == [
        "AccountAdministration",
        "Generators",
        "Verifiers",
    ]  # nothing is created through services
    assert statements["Generators"] == {
        "Effect": "Allow",
        "Principal": {"AWS": "${One8A44B909.Arn}"},
        "Action": "kms:GenerateMac",
    }
    assert statements["Verifiers"] == {
        "Effect": "Allow",
        "Principal": {"AWS": "${Other34654A52.Arn}"},
        "Action": "kms:VerifyMac",
    }
