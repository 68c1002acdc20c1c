import aws_cdk as cdk
import pytest
from aws_cdk import aws_kms as kms
from aws_cdk import aws_secretsmanager as secretsmanager

from constructs_lib.managed_secret import ManagedSecret
from constructs_lib.secrets.contents import Content, Generated, Supplied
from constructs_lib.wiring.secret_fields import TellsFields


@pytest.mark.parametrize(
    ("content", "fields"),
    [
        (Supplied.text(), None),
        (Supplied.certificate(), ("certificate", "private_key", "certificate_chain")),
        (Generated.json(fields={"username": "app"}, generated_field="password"), ("username", "password")),
    ],
    ids=["text", "certificate", "json"],
)
def test_a_secret_of_this_library_tells_its_fields(content: Content, fields: tuple[str, ...] | None) -> None:
    stack = cdk.Stack(cdk.App(analytics_reporting=False), "Orders")
    secret = ManagedSecret(stack, "Secret", encryption_key=kms.Key(stack, "Key"), content=content)

    assert isinstance(secret, TellsFields)
    assert secret.field_names == fields


def test_other_secrets_tell_none() -> None:
    stack = cdk.Stack(cdk.App(analytics_reporting=False), "Orders")

    assert not isinstance(secretsmanager.Secret(stack, "Secret"), TellsFields)
