"""Statements that others add to a key's policy; and that a refusal changes nothing."""

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam

from constructs_lib import ConfigurationError, EncryptionKey
from constructs_lib.actions import USE
from tests.support.synthesised import granted, template_of

MakeApp = Callable[..., cdk.App]


IRELAND = cdk.Environment(account="111122223333", region="eu-west-1")


READER, WRITER = (iam.ArnPrincipal(f"arn:aws:iam::111122223333:role/{name}") for name in ("Reader", "Writer"))


@pytest.fixture
def stack(make_app: MakeApp) -> cdk.Stack:
    return cdk.Stack(make_app(), "S", env=IRELAND)


@pytest.fixture
def key(stack: cdk.Stack) -> EncryptionKey:
    return EncryptionKey(stack, "Key")


def allow(actions: Any, principal: Any = "arn:aws:iam::111122223333:role/Reader", **rest: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Principal": {"AWS": principal}, "Action": actions, **rest}


ENCRYPT = ["kms:Encrypt", "kms:GenerateDataKey", "kms:GenerateDataKeyWithoutPlaintext"]


def statement(**changed: Any) -> iam.PolicyStatement:
    return iam.PolicyStatement(**{"actions": ["kms:Decrypt"], "principals": [READER], "resources": ["*"], **changed})


def test_a_statement_of_others_arrives_in_exact_actions_without_its_sid_and_resources(
    stack: cdk.Stack, key: EncryptionKey
) -> None:
    added = key.add_to_resource_policy(
        statement(sid="Theirs", actions=["kms:GenerateDataKey*", "kms:decrypt"], resources=[key.key_arn])
    )

    assert added.statement_added
    assert added.policy_dependable is key.node.default_child
    assert granted(template_of(stack)) == {
        "GrantedDecryptGenerateDataKeyGenerateDataKeyWitho589976": allow([
            "kms:Decrypt",
            "kms:GenerateDataKey",
            "kms:GenerateDataKeyWithoutPlaintext",
        ])
    }


@pytest.mark.parametrize("actions", [["kms:*"], ["kms:*", "kms:Decrypt"], ["*"], ["KMS:*"]])
@pytest.mark.parametrize("root", [iam.AccountRootPrincipal(), iam.AccountPrincipal("111122223333")])
def test_leaving_everything_to_iam_is_answered_and_not_written(
    root: iam.IPrincipal, actions: list[str], key: EncryptionKey
) -> None:
    before = key.checked_policy()

    assert key.add_to_resource_policy(statement(actions=actions, principals=[root])).statement_added
    assert key.checked_policy() == before


def test_everything_for_somebody_else_is_all_use(stack: cdk.Stack, key: EncryptionKey) -> None:
    key.add_to_resource_policy(statement(actions=["kms:*"]))

    (written,) = granted(template_of(stack)).values()
    assert written["Action"] == sorted((*USE, "kms:DescribeKey"))


def test_a_denial_covers_all_that_it_matches(stack: cdk.Stack, key: EncryptionKey) -> None:
    key.add_to_resource_policy(
        statement(effect=iam.Effect.DENY, principals=[iam.StarPrincipal()], actions=["kms:ReEncrypt*", "kms:Decry*"])
    )

    assert granted(template_of(stack)) == {
        "DeniedDecryptReEncryptFromReEncryptTo": {
            "Effect": "Deny",
            "Principal": "*",
            "Action": ["kms:Decrypt", "kms:ReEncryptFrom", "kms:ReEncryptTo"],
        }
    }


STATEMENT = "statement must have Principal and Action and neither NotPrincipal nor NotAction, got "


@pytest.mark.parametrize(
    ("refused", "message"),
    [
        (lambda: iam.PolicyStatement(not_actions=["kms:Decrypt"], principals=[READER], resources=["*"]), STATEMENT),
        (lambda: iam.PolicyStatement(actions=["kms:Decrypt"], not_principals=[READER], resources=["*"]), STATEMENT),
        (lambda: iam.PolicyStatement(actions=["kms:Decrypt"], resources=["*"]), STATEMENT),
        (lambda: iam.PolicyStatement(principals=[READER], resources=["*"]), STATEMENT),
        (lambda: statement(principals=[iam.StarPrincipal()]), "principals must not be everybody"),
        (lambda: statement(principals=[iam.AnyPrincipal(), READER]), "principals must not be everybody"),
        (lambda: statement(actions=["kms:Decript"]), "actions must be KMS actions"),
        (lambda: statement(actions=["kms:Decrypt", "s3:GetObject"]), "actions must be KMS actions"),
        (
            lambda: statement(effect=iam.Effect.DENY, actions=["kms:PutKeyPolicy"]),
            "a key policy must let its deployer change it, got a Deny of kms:PutKeyPolicy",
        ),
        (
            lambda: statement(effect=iam.Effect.DENY, actions=["kms:Put*"]),
            "a key policy must let its deployer change it",
        ),
        (lambda: statement(effect=iam.Effect.DENY, actions=["kms:*"]), "a key policy must let its deployer change it"),
        (
            lambda: statement(effect=iam.Effect.DENY, actions=["kms:*"], principals=[iam.AccountRootPrincipal()]),
            "a key policy must let its deployer change it",
        ),
        (
            lambda: statement(effect=iam.Effect.DENY, actions=["kms:Schedule*"], principals=[iam.StarPrincipal()]),
            "a key policy must let its deployers create, change and delete the key, got a Deny of kms:ScheduleKey",
        ),
        (
            lambda: statement(conditions={"StringEquals": {"kms:EncryptionContext:city": "Łódź"}}),
            "a key policy must hold",
        ),
        (
            lambda: statement(conditions={"StringEquals": {"k": "x" * 40_000}}),
            "a key policy must be at most 32768 bytes",
        ),
        (lambda: statement(conditions={"StringEquals": {"k": []}}), "conditions must have a value"),
    ],
)
def test_refuses_a_statement_and_keeps_the_policy_as_it_was(
    refused: Callable[[], iam.PolicyStatement], message: str, stack: cdk.Stack, key: EncryptionKey
) -> None:
    key.grant_decrypt(WRITER)
    before = key.checked_policy()

    with pytest.raises(ConfigurationError) as raised:
        key.add_to_resource_policy(refused())
    assert str(raised.value).startswith(f"[S/Key] {message}")
    assert key.checked_policy() == before

    key.grant_encrypt(WRITER)
    (written,) = granted(template_of(stack)).values()
    assert written["Action"] == ["kms:Decrypt", *ENCRYPT]
