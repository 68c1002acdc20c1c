"""Keys of secrets that admit others than the people of the secret are announced."""

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_kms as kms

from constructs_lib import EncryptionKey, ExistingKey
from constructs_lib.secrets.replicas import Replica
from constructs_lib.secrets.wide_keys import announce_wide_key
from constructs_lib.service_access.rds import encrypt_storage
from tests.support.announcements import announcements
from tests.support.secret_stack import secret_of
from tests.support.synthesised import app_of

HERE = cdk.Environment(account="111122223333", region="eu-west-1")
ARN = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"


@pytest.fixture
def stack(make_app: Callable[..., cdk.App]) -> cdk.Stack:
    return cdk.Stack(make_app(), "Orders", env=HERE)


def _said(stack: cdk.Stack, key: kms.IKey) -> list[str]:
    announce_wide_key(cdk.Resource(stack, "Secret"), key, "encryption_key")
    return [each for each in announcements(app_of(stack).synth().directory, "Orders", "warning") if "ncryption" in each]


def test_a_key_of_every_service_is_announced_with_its_remedy(stack: cdk.Stack) -> None:
    (said,) = _said(stack, EncryptionKey(stack, "Key", alias="orders"))

    assert "Orders/Key admits deployers through every AWS service, with CreateGrant, RetireGrant and ReEncrypt" in said
    assert said.endswith('services=["secretsmanager"] [ack: cdk-key-management:encryption-key-of-other-services]')


def test_the_other_services_of_a_key_are_named(stack: cdk.Stack) -> None:
    (said,) = _said(stack, EncryptionKey(stack, "Key", alias="orders", services=["secretsmanager", "s3", "lambda"]))

    assert "admits deployers through lambda, s3 as well" in said


@pytest.mark.parametrize("services", [["secretsmanager"], []])
def test_a_key_of_secrets_manager_alone_is_not_announced(services: list[str], stack: cdk.Stack) -> None:
    key = EncryptionKey(stack, "Key", alias="orders", services=services)
    secret_of(stack, "Token", encryption_key=key)

    assert _said(stack, key) == []


@pytest.mark.parametrize("make", ["of the CDK", "imported"])
def test_a_key_that_leaves_it_to_iam_is_announced(make: str, stack: cdk.Stack) -> None:
    key = kms.Key(stack, "Key") if make == "of the CDK" else kms.Key.from_key_arn(stack, "Key", ARN)

    (said,) = _said(stack, key)

    assert "the secret's own policy is the only wall" in said
    assert said.endswith("[ack: cdk-key-management:encryption-key-admits-account]")


def test_of_a_key_whose_owner_is_told_what_to_add_nothing_is_said(stack: cdk.Stack) -> None:
    assert _said(stack, ExistingKey.from_arn(stack, "Key", key_arn=ARN)) == []


def test_a_secret_announces_its_key_and_those_of_its_replicas_unless_that_is_acknowledged(stack: cdk.Stack) -> None:
    app: Any = app_of(stack)
    there = cdk.Stack(app, "There", env=cdk.Environment(account="111122223333", region="us-east-1"))
    copy = Replica(region="us-east-1", encryption_key=EncryptionKey(there, "Key", alias="orders"))
    for name in ("Said", "Acknowledged"):
        secret = secret_of(stack, name, encryption_key=kms.Key(stack, f"{name}Key"), replicas=[copy])
        if name == "Acknowledged":
            cdk.Annotations.of(secret).acknowledge_warning("cdk-key-management:encryption-key-admits-account")
            cdk.Annotations.of(secret).acknowledge_warning("cdk-key-management:replica-key-of-other-services")

    said = announcements(app.synth().directory, "Orders", "warning")

    assert sorted(each.rpartition(":")[2] for each in said if "encryption_key" in each or "replica_key" in each) == [
        "encryption-key-admits-account]",
        "replica-key-of-other-services]",
    ]


def test_a_service_that_is_added_later_is_named_too(stack: cdk.Stack) -> None:
    key = EncryptionKey(stack, "Key", alias="orders", services=["secretsmanager"])
    secret_of(stack, "Token", encryption_key=key)
    key.allow(encrypt_storage())

    said = announcements(app_of(stack).synth().directory, "Orders", "warning")

    assert any("admits deployers through rds as well" in each for each in said)
