from collections.abc import Callable

import aws_cdk as cdk
from aws_cdk import aws_iam as iam

from constructs_lib import AsymmetricEncryptionKey
from tests.support.synthesised import key_statements, only, template_of

MakeApp = Callable[..., cdk.App]


def test_it_is_rsa_3072_unless_told_and_who_encrypts_cannot_decrypt(make_app: MakeApp) -> None:
    stack = cdk.Stack(make_app(), "S", env=cdk.Environment(account="111122223333", region="eu-west-1"))
    one, other = (iam.Role(stack, name, assumed_by=iam.AccountRootPrincipal()) for name in ("One", "Other"))
    AsymmetricEncryptionKey(stack, "Key", encrypters=[one], decrypters=[other])

    properties = only(template_of(stack), "AWS::KMS::Key")["Properties"]
    assert (properties["KeySpec"], properties["KeyUsage"]) == ("RSA_3072", "ENCRYPT_DECRYPT")
    statements = key_statements(template_of(stack))
    assert list(statements) == [
        "AccountAdministration",
        "Encrypters",
        "Decrypters",
    ]  # nothing is created through services
    assert statements["Encrypters"] == {
        "Effect": "Allow",
        "Principal": {"AWS": "${One8A44B909.Arn}"},
        "Action": ["kms:Encrypt", "kms:GetPublicKey"],
    }
    assert statements["Decrypters"] == {
        "Effect": "Allow",
        "Principal": {"AWS": "${Other34654A52.Arn}"},
        "Action": "kms:Decrypt",
    }
