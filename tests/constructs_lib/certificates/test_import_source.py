from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from constructs_lib.certificates.import_source import announce_source, check_source
from constructs_lib.errors import ConfigurationError
from constructs_lib.managed_secret import ManagedSecret
from constructs_lib.secrets.contents import Content, Generated, Supplied
from tests.conftest import configured_app
from tests.support.synthesised import app_of

ENVIRONMENT = cdk.Environment(account="111122223333", region="eu-central-1")
ARN = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:shop-AbCdEf"


@pytest.fixture
def stack(tmp_path: Path) -> cdk.Stack:
    return cdk.Stack(configured_app(tmp_path), "Vault", env=ENVIRONMENT)


def imported(stack: cdk.Stack) -> secretsmanager.ISecret:
    return secretsmanager.Secret.from_secret_complete_arn(stack, "There", ARN)


def secret_of(stack: cdk.Stack, content: Content) -> ManagedSecret:
    return ManagedSecret(stack, "Secret", encryption_key=kms.Key(stack, "Key"), content=content)


@pytest.mark.parametrize(
    "content",
    [
        Supplied.certificate(),
        Supplied.json("certificate", "private_key", "certificate_chain", "passphrase"),
        Supplied.json("private_key", "certificate", "who-to-ask"),
    ],
    ids=["certificate", "encrypted", "more"],
)
def test_what_can_hold_a_certificate_is_taken(stack: cdk.Stack, content: Content) -> None:
    check_source(stack, secret_of(stack, content))


def test_of_secrets_of_others_nobody_sees_what_they_hold(stack: cdk.Stack) -> None:
    check_source(stack, imported(stack))
    check_source(stack, secretsmanager.Secret(stack, "Own"))


@pytest.mark.parametrize(
    ("content", "got"),
    [
        (Supplied.text(), "a text"),
        (Generated.json(fields={"username": "app"}, generated_field="password"), "username, password"),
        (Supplied.key_pair(), "private_key, public_key"),
    ],
    ids=["text", "password", "keys"],
)
def test_refuses_a_secret_that_holds_something_else(stack: cdk.Stack, content: Content, got: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        check_source(stack, secret_of(stack, content))

    assert str(refused.value) == (
        "secret must hold certificate and private_key, such as ManagedSecret(content=Supplied.certificate()), got "
        f"Vault/Secret with {got}"
    )


def test_refuses_what_is_no_secret(stack: cdk.Stack) -> None:
    given: Any = "shop"

    with pytest.raises(ConfigurationError, match=r"^secret must come from ManagedSecret\(\.\.\.\), .*, got 'shop'$"):
        check_source(stack, given)


@pytest.mark.parametrize("kind", ["beside", "in another stack", "imported"])
def test_whoever_deploys_is_told_what_must_be_there_before(stack: cdk.Stack, kind: str) -> None:
    where = stack if kind == "beside" else cdk.Stack(app_of(stack), "Shop", env=ENVIRONMENT)
    secret = imported(where) if kind == "imported" else secretsmanager.Secret(stack, "Secret")
    certificate = Construct(where, "Certificate")
    role = iam.Role(certificate, "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))

    announce_source(certificate, secret, role)

    said = [str(each.data) for each in certificate.node.metadata]
    assert f"the first deployment imports what {secret.node.path} holds, so a writer must have put JSON" in said[0]
    further = {
        "beside": ["Vault/Secret is of the same stack: deploy that without the certificate first"],
        "in another stack": [],
        "imported": ["Shop/There is imported, so nothing here writes its own policy and that of its key"],
    }
    assert [each.startswith(start) for each, start in zip(said[1:], further[kind], strict=True)] == [True] * len(
        further[kind]
    )
