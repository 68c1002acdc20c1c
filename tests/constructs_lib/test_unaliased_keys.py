from collections.abc import Callable
from pathlib import Path

import aws_cdk as cdk
import pytest
from aws_cdk import aws_kms as kms

from constructs_lib import EncryptionKey, Lifecycle, SigningKey
from tests.support.announcements import announcements

MakeApp = Callable[..., cdk.App]

ID = "cdk-key-management:durable-without-alias"
WARNING = (
    "durable, and without an alias of its own: when it is renamed or moved, nothing stops CloudFormation from making "
    f"another key and leaving this one behind; give it an alias [ack: {ID}]"
)


def said(stack: cdk.Stack) -> list[str]:
    app = stack.node.root
    assert isinstance(app, cdk.App)
    return announcements(app.synth().directory, stack.stack_name, "warning")


@pytest.fixture
def stack(make_app: MakeApp) -> cdk.Stack:
    return cdk.Stack(make_app(), "S")


def test_a_durable_key_without_an_alias_is_announced_each_once(stack: cdk.Stack) -> None:
    EncryptionKey(stack, "Data")
    SigningKey(stack, "Releases")

    assert said(stack) == [WARNING, WARNING]


def test_a_key_with_an_alias_is_not(stack: cdk.Stack) -> None:
    EncryptionKey(stack, "Data", alias="data")
    SigningKey(stack, "Releases").add_alias("releases")

    assert said(stack) == []


def test_an_alias_that_would_follow_a_new_key_does_not_count(stack: cdk.Stack) -> None:
    kms.Alias(stack, "Alias", alias_name="data", target_key=EncryptionKey(stack, "Data"))

    assert said(stack) == [WARNING]


def test_a_key_that_goes_with_its_stack_is_not(stack: cdk.Stack) -> None:
    EncryptionKey(stack, "Data", lifecycle=Lifecycle.EPHEMERAL)
    EncryptionKey(stack, "Later").apply_removal_policy(cdk.RemovalPolicy.DESTROY)

    assert said(stack) == []


def test_the_warning_can_be_acknowledged(stack: cdk.Stack) -> None:
    key = EncryptionKey(stack, "Data")
    cdk.Annotations.of(key).acknowledge_warning(ID, "its id is noted in the runbook")

    assert said(stack) == []


def test_a_key_of_a_later_stage_is_announced_there(make_app: MakeApp) -> None:
    app = make_app()
    stack = cdk.Stack(cdk.Stage(app, "Later"), "S", stack_name="S")
    EncryptionKey(stack, "Data")

    (metadata,) = Path(app.synth().directory).rglob("assembly-Later/*.metadata.json")
    assert ID in metadata.read_text()
