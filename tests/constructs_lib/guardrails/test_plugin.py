"""The guardrails in whole apps: what they stop."""

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns

from constructs_lib import Administration, EncryptionKey
from tests.support.synthesised import violations

MakeApp = Callable[..., cdk.App]


UNGRANTED, UNCHECKED, CYCLE = "UseWithoutKeyPolicy", "UncheckedKeyPolicy", "CycleThroughKey"


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


def lacking(who: str, actions: str = "kms:Decrypt", key: str = "S/Key", stack: str = " of stack S") -> tuple[str, str]:
    return UNGRANTED, f"IAM allows {who}{stack} {actions} with {key}, whose key policy does not"


def test_a_statement_written_by_hand_stops_the_synthesis(stack: cdk.Stack) -> None:
    role(stack).add_to_policy(by_hand(EncryptionKey(stack, "Key")))

    assert violations(stack) == [lacking("Role1ABCC5F0")]


def test_the_finding_says_where_and_what_helps(app: cdk.App, stack: cdk.Stack) -> None:
    role(stack).add_to_policy(by_hand(EncryptionKey(stack, "Key")))

    with pytest.raises(RuntimeError) as stopped:
        app.synth()
    text = str(stopped.value)
    assert "FATAL IAM allows Role1ABCC5F0 of stack S kms:Decrypt with S/Key, whose key policy does not" in text
    assert "S/Role/DefaultPolicy/Resource" in text
    grant = "call key.grant(grantee, 'kms:Decrypt') on the key for Role1ABCC5F0 of stack S, or take the statement away"
    assert grant in text


@pytest.mark.parametrize("reference", ["weak", "strong"])
def test_a_statement_in_another_stack_is_found(reference: str, make_app: MakeApp) -> None:
    app = make_app(**{"@aws-cdk/core:defaultCrossStackReferences": reference})
    stack, other = cdk.Stack(app, "S"), cdk.Stack(app, "W")
    role(other).add_to_policy(by_hand(EncryptionKey(stack, "Key")))

    assert violations(stack) == [lacking("Role1ABCC5F0", stack=" of stack W")]


@pytest.mark.parametrize("depth", [1, 2])
def test_a_statement_in_a_nested_stack_is_found(depth: int, stack: cdk.Stack) -> None:
    inner = stack
    for _ in range(depth):
        inner = cdk.NestedStack(inner, "N")
    role(inner).add_to_policy(by_hand(EncryptionKey(stack, "Key")))

    assert violations(stack) == [lacking("Role1ABCC5F0")]


@pytest.mark.parametrize("depth", [1, 2])
def test_a_statement_on_a_key_of_a_nested_stack_is_found(depth: int, stack: cdk.Stack) -> None:
    inner = stack
    for _ in range(depth):
        inner = cdk.NestedStack(inner, "N")
    role(stack).add_to_policy(by_hand(EncryptionKey(inner, "Key")))

    assert violations(stack) == [lacking("Role1ABCC5F0", key=f"S{'/N' * depth}/Key")]


def test_a_statement_in_a_stage_is_found(app: cdk.App) -> None:
    for name in ("Dev", "Prod"):
        stack = cdk.Stack(cdk.Stage(app, name), "S")
        role(stack).add_to_policy(by_hand(EncryptionKey(stack, "Key")))

    assert violations(stack) == [
        lacking("Role1ABCC5F0", key=f"{name}/S/Key", stack=f" of stack {name}/S") for name in ("Dev", "Prod")
    ]


def test_inline_policies_are_found(stack: cdk.Stack) -> None:
    key = EncryptionKey(stack, "Key")
    role(stack, inline_policies={"Use": iam.PolicyDocument(statements=[by_hand(key)])})

    assert violations(stack) == [lacking("Role1ABCC5F0")]


@pytest.mark.parametrize("attach", ["by the policy", "by the role"])
def test_managed_policies_are_found(attach: str, stack: cdk.Stack) -> None:
    key, reader = EncryptionKey(stack, "Key"), role(stack)
    managed = iam.ManagedPolicy(stack, "Managed", statements=[by_hand(key)])
    if attach == "by the policy":
        managed.attach_to_role(reader)
    else:
        reader.add_managed_policy(managed)

    assert violations(stack) == [lacking("Role1ABCC5F0")]


def test_a_policy_of_an_imported_role_is_found(stack: cdk.Stack) -> None:
    imported = iam.Role.from_role_name(stack, "Imported", "Reader")
    imported.add_to_principal_policy(by_hand(EncryptionKey(stack, "Key")))

    assert violations(stack) == [lacking("Reader", stack="")]


def test_a_wildcard_is_found_with_all_that_it_would_give(stack: cdk.Stack) -> None:
    key, reader = EncryptionKey(stack, "Key"), role(stack)
    key.grant_encrypt_decrypt(reader)
    reader.add_to_policy(by_hand(key, "kms:GenerateDataKey*"))

    assert violations(stack) == [
        lacking("Role1ABCC5F0", "kms:GenerateDataKeyPair, kms:GenerateDataKeyPairWithoutPlaintext")
    ]


def test_a_wildcard_that_the_cdk_itself_writes_is_found_as_one_of_anybody_else(stack: cdk.Stack) -> None:
    kms.KeyGrants.from_key(EncryptionKey(stack, "Key"), False).encrypt(role(stack))  # noqa: FBT003  # as the CDK has it

    lacks = "kms:GenerateDataKeyPair, kms:GenerateDataKeyPairWithoutPlaintext, kms:ReEncryptFrom"
    assert violations(stack) == [lacking("Role1ABCC5F0", lacks)]


def test_administration_by_iam_is_found_where_only_named_people_administer(stack: cdk.Stack) -> None:
    key = EncryptionKey(
        stack,
        "Key",
        administration=Administration.ONLY_NAMED,
        administrators=[iam.ArnPrincipal("arn:aws:iam::111122223333:role/Admin")],
    )
    role(stack).add_to_policy(by_hand(key, "kms:ScheduleKeyDeletion"))

    assert violations(stack) == [lacking("Role1ABCC5F0", "kms:ScheduleKeyDeletion")]


@pytest.mark.parametrize(
    "change",
    [
        lambda cfn: cfn.add_property_override("KeyPolicy.Statement.0.Action", "kms:*"),
        lambda cfn: cfn.add_property_override("KeyPolicy.Version", "2008-10-17"),
        lambda cfn: cfn.add_property_deletion_override("KeyPolicy"),
        lambda cfn: setattr(cfn, "key_policy", {"Version": "2012-10-17", "Statement": []}),
    ],
    ids=["action", "version", "deleted", "replaced"],
)
def test_a_key_policy_changed_past_the_construct_stops_the_synthesis(
    change: Callable[[kms.CfnKey], None], stack: cdk.Stack
) -> None:
    cfn = EncryptionKey(stack, "Key").node.default_child
    assert isinstance(cfn, kms.CfnKey)
    change(cfn)

    assert violations(stack) == [
        (UNCHECKED, "the key policy of S/Key was changed past the construct, so nothing has checked it")
    ]


def test_a_key_that_waits_for_what_it_encrypts_stops_the_synthesis(stack: cdk.Stack) -> None:
    key = EncryptionKey(stack, "Key")
    topic = sns.Topic(stack, "Topic", master_key=key)
    key.node.default_child.add_dependency(topic.node.default_child)  # type: ignore[union-attr]

    assert violations(stack) == [
        (CYCLE, "S/Key and what it encrypts wait for each other: Key961B73FD -> TopicBFC7AF6E -> Key961B73FD")
    ]


def test_a_role_whose_inline_policy_names_the_key_that_names_the_role_is_a_cycle(stack: cdk.Stack) -> None:
    key = EncryptionKey(stack, "Key")
    reader = role(stack, inline_policies={"Use": iam.PolicyDocument(statements=[by_hand(key)])})
    key.grant_decrypt(reader)

    assert violations(stack) == [
        (CYCLE, "S/Key and what it encrypts wait for each other: Key961B73FD -> Role1ABCC5F0 -> Key961B73FD")
    ]


def test_a_key_named_by_its_alias_is_found(stack: cdk.Stack) -> None:
    EncryptionKey(stack, "Key", alias="orders")
    kms.Alias.from_alias_name(stack, "Alias", "alias/orders").grant_decrypt(role(stack))

    assert violations(stack) == [lacking("Role1ABCC5F0")]


@pytest.mark.parametrize("form", ["sub", "second branch", "alias ARN"])
def test_a_key_named_by_a_function_is_found(form: str, stack: cdk.Stack) -> None:
    key = EncryptionKey(stack, "Key")
    condition = cdk.CfnCondition(stack, "C", expression=cdk.Fn.condition_equals(stack.region, "eu-west-1"))
    topic = sns.Topic(stack, "Topic")
    resource = {
        "sub": lambda: cdk.Fn.sub("${Key961B73FD.Arn}"),
        "second branch": lambda: cdk.Fn.condition_if(condition.logical_id, topic.topic_arn, key.key_arn).to_string(),
        "alias ARN": lambda: key.add_alias("orders").key_arn,
    }[form]()
    role(stack).add_to_policy(iam.PolicyStatement(actions=["kms:Decrypt"], resources=[resource]))

    assert violations(stack) == [lacking("Role1ABCC5F0")]


def test_trust_of_another_account_allows_no_role_of_this_one(app: cdk.App) -> None:
    stack = cdk.Stack(app, "S", env=cdk.Environment(account="111122223333", region="eu-west-1"))
    key = EncryptionKey(stack, "Key", services=[])
    key.grant_decrypt(iam.AccountPrincipal("222222222222"))
    role(stack).add_to_policy(by_hand(key))

    assert violations(stack) == [lacking("Role1ABCC5F0")]


def test_a_statement_in_one_of_two_regions_is_found_there(app: cdk.App) -> None:
    for region in ("eu-west-1", "us-east-1"):
        env = cdk.Environment(account="111122223333", region=region)
        stack = cdk.Stack(app, f"Keys-{region}", stack_name="Keys", env=env)
        other = cdk.Stack(app, f"W-{region}", stack_name="W", env=env)
        key, reader = EncryptionKey(stack, "Key"), role(other)
        reader.add_to_policy(by_hand(key))
        if region == "eu-west-1":
            key.grant_decrypt(reader)

    assert violations(stack) == [lacking("Role1ABCC5F0", key="Keys-us-east-1/Key", stack=" of stack W-us-east-1")]


def test_an_app_has_the_guardrails_once_however_many_keys(stack: cdk.Stack) -> None:
    keys = [EncryptionKey(stack, f"Key{number}") for number in range(3)]
    role(stack).add_to_policy(by_hand(keys[2]))

    assert violations(stack) == [lacking("Role1ABCC5F0", key="S/Key2")]
