"""The guardrails in whole apps: what they let pass."""

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sqs as sqs
from aws_cdk import aws_sso as sso

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


def made(stack: cdk.Stack) -> str:
    return cdk.Token.as_string(cdk.CfnResource(stack, "Made", type="Custom::Role").get_att("RoleArn"))


def test_a_policy_that_refers_to_a_resource_of_the_parent_passes(stack: cdk.Stack) -> None:
    nested = cdk.NestedStack(stack, "N")
    EncryptionKey(nested, "Key", decrypters=[iam.ArnPrincipal(made(stack))])

    assert violations(stack) == []


TWICE = {
    "Regions": [("111122223333", "eu-west-1"), ("111122223333", "us-east-1")],
    "accounts": [("111122223333", "eu-west-1"), ("222222222222", "eu-west-1")],
}


@pytest.mark.parametrize("reference", ["weak", "strong"])
@pytest.mark.parametrize("in_stages", ["in one app", "in Stages"])
@pytest.mark.parametrize("environments", TWICE.values(), ids=TWICE)
def test_equal_stacks_in_several_environments_pass(
    environments: list[tuple[str, str]], in_stages: str, reference: str, make_app: MakeApp
) -> None:
    app = make_app(**{"@aws-cdk/core:defaultCrossStackReferences": reference})
    for number, (account, region) in enumerate(environments):
        scope = cdk.Stage(app, f"Stage{number}") if in_stages == "in Stages" else app
        env = cdk.Environment(account=account, region=region)
        stack = cdk.Stack(scope, f"Keys{number}", stack_name="Keys", env=env)
        key = EncryptionKey(stack, "Key", alias="orders")
        key.grant_decrypt(role(cdk.Stack(scope, f"W{number}", stack_name="W", env=env)))

    assert violations(stack) == []


@pytest.mark.parametrize("reference", ["weak", "strong"])
def test_equal_stages_without_environment_pass(reference: str, make_app: MakeApp) -> None:
    app = make_app(**{"@aws-cdk/core:defaultCrossStackReferences": reference})
    for name in ("Beta", "Prod"):
        stage = cdk.Stage(app, name)
        stack = cdk.Stack(stage, "Keys", stack_name="Keys")
        EncryptionKey(stack, "Key").grant_decrypt(role(cdk.Stack(stage, "W", stack_name="W")))

    assert violations(stack) == []


@pytest.mark.parametrize("place", ["same", "nested", "key-nested"])
def test_a_role_imported_by_a_token_passes(place: str, stack: cdk.Stack) -> None:
    other = stack if place == "same" else cdk.NestedStack(stack, "N")
    home, away = (other, stack) if place == "key-nested" else (stack, other)
    EncryptionKey(home, "Key").grant_decrypt(iam.Role.from_role_arn(away, "Imported", made(stack)))

    assert violations(stack) == []


def test_a_group_whose_user_decrypts_passes(stack: cdk.Stack) -> None:
    key, group = EncryptionKey(stack, "Key"), iam.Group(stack, "Group")
    key.grant_decrypt(iam.User(stack, "User", groups=[group]))
    group.add_to_policy(by_hand(key))

    assert violations(stack) == []


def test_a_permission_set_whose_roles_decrypt_passes(stack: cdk.Stack) -> None:
    key = EncryptionKey(stack, "Key")
    roles = f"arn:{stack.partition}:iam::{stack.account}:role/aws-reserved/sso.amazonaws.com/*/AWSReservedSSO_Readers_*"
    key.grant_decrypt(iam.AccountRootPrincipal().with_conditions({"ArnLike": {"aws:PrincipalArn": roles}}))
    inline = iam.PolicyDocument(statements=[by_hand(key)])
    instance = "arn:aws:sso:::instance/ssoins-1234567890abcdef"
    sso.CfnPermissionSet(stack, "Readers", name="Readers", instance_arn=instance, inline_policy=inline)

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
