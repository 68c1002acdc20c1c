from collections.abc import Callable

import aws_cdk as cdk
from aws_cdk import aws_iam as iam

from constructs_lib import AgreementKey
from tests.support.synthesised import key_statements, only, template_of

MakeApp = Callable[..., cdk.App]


def test_it_is_p_256_unless_told_and_peers_read_the_public_key_alone(make_app: MakeApp) -> None:
    stack = cdk.Stack(make_app(), "S", env=cdk.Environment(account="111122223333", region="eu-west-1"))
    one, other = (iam.Role(stack, name, assumed_by=iam.AccountRootPrincipal()) for name in ("One", "Other"))
    AgreementKey(stack, "Key", derivers=[one], peers=[other])

    properties = only(template_of(stack), "AWS::KMS::Key")["Properties"]
    assert (properties["KeySpec"], properties["KeyUsage"]) == ("ECC_NIST_P256", "KEY_AGREEMENT")
    statements = key_statements(template_of(stack))
    assert list(statements) == ["AccountAdministration", "Derivers", "Peers"]  # nothing is created through services
    assert statements["Derivers"] == {
        "Effect": "Allow",
        "Principal": {"AWS": "${One8A44B909.Arn}"},
        "Action": ["kms:DeriveSharedSecret", "kms:GetPublicKey"],
    }
    assert statements["Peers"] == {
        "Effect": "Allow",
        "Principal": {"AWS": "${Other34654A52.Arn}"},
        "Action": "kms:GetPublicKey",
    }
