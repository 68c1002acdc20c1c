"""The guardrails in whole apps: what they let pass."""

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sqs as sqs

from constructs_lib import EncryptionKey
from tests.support.synthesised import template_of, violations

MakeApp = Callable[..., cdk.App]


@pytest.fixture
def app(make_app: MakeApp) -> cdk.App:
    return make_app()


@pytest.fixture
def stack(app: cdk.App) -> cdk.Stack:
    return cdk.Stack(app, "S")


def role(scope: cdk.Stack, **options: Any) -> iam.Role:
    return iam.Role(scope, "Role", assumed_by=iam.AccountRootPrincipal(), **options)


def by_hand(key: kms.IKey, *actions: str) -> iam.PolicyStatement:
    return iam.PolicyStatement(actions=list(actions or ["kms:Decrypt"]), resources=[key.key_arn])


def grant_before(key: EncryptionKey, reader: iam.Role) -> None:
    key.grant_decrypt(reader)


def add_by_hand(key: EncryptionKey, reader: iam.Role) -> None:
    key.grant_decrypt(reader)
    reader.add_to_policy(by_hand(key))


def add_denial(key: EncryptionKey, reader: iam.Role) -> None:
    reader.add_to_policy(iam.PolicyStatement(effect=iam.Effect.DENY, actions=["kms:*"], resources=[key.key_arn]))


def add_administration(key: EncryptionKey, reader: iam.Role) -> None:
    reader.add_to_policy(by_hand(key, "kms:DescribeKey", "kms:ScheduleKeyDeletion"))


def trust_account(key: EncryptionKey, reader: iam.Role) -> None:
    key.grant_decrypt(iam.AccountRootPrincipal())
    reader.add_to_policy(by_hand(key))


def grant_past_l2(key: EncryptionKey, reader: iam.Role) -> None:
    key.grants.decrypt(reader)


def own_key_of_somebody_else(key: EncryptionKey, reader: iam.Role) -> None:
    reader.add_to_policy(by_hand(kms.Key(cdk.Stack.of(key), "Theirs")))


@pytest.mark.parametrize(
    "use",
    [grant_before, add_by_hand, add_denial, add_administration, trust_account, grant_past_l2, own_key_of_somebody_else],
)
@pytest.mark.parametrize("place", ["same", "other", "nested", "key-nested"])
def test_what_the_key_policy_allows_passes(
    use: Callable[[EncryptionKey, iam.Role], None], place: str, app: cdk.App, stack: cdk.Stack
) -> None:
    other = {"same": lambda: stack, "other": lambda: cdk.Stack(app, "W")}.get(
        place, lambda: cdk.NestedStack(stack, "N")
    )()
    home, away = (other, stack) if place == "key-nested" else (stack, other)
    use(EncryptionKey(home, "Key"), role(away))

    assert violations(stack) == []


def test_a_policy_that_refers_to_a_parameter_of_the_parent_passes(stack: cdk.Stack) -> None:
    arn = cdk.CfnParameter(stack, "ReaderArn").value_as_string
    nested = cdk.NestedStack(stack, "N")
    EncryptionKey(nested, "Key", decrypters=[iam.ArnPrincipal(arn)])

    assert violations(stack) == []


def test_late_changes_pass(stack: cdk.Stack) -> None:
    key = EncryptionKey(stack, "Key", alias="orders")
    key.node.default_child.add_property_override("Description", "changed")  # type: ignore[union-attr]
    bucket = s3.Bucket(stack, "Bucket", encryption_key=key)
    queue = sqs.Queue(stack, "Queue", encryption_master_key=key)
    bucket.grant_read_write(role(stack))
    queue.grant_consume_messages(iam.User(stack, "User"))
    cdk.Tags.of(stack).add("team", "payments")

    assert violations(stack) == []


def test_a_stage_synthesised_alone_is_in_order(app: cdk.App) -> None:
    stage = cdk.Stage(app, "Prod")
    EncryptionKey(cdk.Stack(app, "S"), "Key")
    EncryptionKey(cdk.Stack(stage, "S"), "Key")

    (deployed,) = stage.synth().stacks
    assert "Key961B73FD" in deployed.template["Resources"]
    assert "Key961B73FD" in template_of(cdk.Stack.of(app.node.find_child("S")))["Resources"]
