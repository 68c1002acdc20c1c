"""What others may add to the resource policy of a secret."""

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam

from constructs_lib.errors import ConfigurationError
from constructs_lib.naming.token_text import TokenText
from constructs_lib.secrets.asked_statement import asked_statement

SOMEBODY = iam.ArnPrincipal("arn:aws:iam::111122223333:role/Auditor")


def _asked(**statement: Any) -> dict[str, Any]:  # of iam.PolicyStatement
    usual = {"actions": ["secretsmanager:DescribeSecret"], "principals": [SOMEBODY], "resources": ["*"]}
    return asked_statement(iam.PolicyStatement(**{**usual, **statement}), TokenText(cdk.Stack())).render()


def test_an_exact_statement_is_taken_with_a_sid_of_its_own() -> None:
    statement = _asked(sid="Auditors", conditions={"Bool": {"aws:SecureTransport": True}})

    assert statement["Sid"].startswith("Auditors")
    assert {**statement, "Sid": ""} == {
        "Sid": "",
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::111122223333:role/Auditor"},
        "Action": "secretsmanager:DescribeSecret",
        "Resource": "*",
        "Condition": {"Bool": {"aws:SecureTransport": "true"}},
    }


def test_a_denial_under_a_condition_is_taken_for_everybody() -> None:
    statement = _asked(
        effect=iam.Effect.DENY,
        principals=[iam.StarPrincipal()],
        actions=["secretsmanager:*"],
        conditions={"Bool": {"aws:SecureTransport": "false"}},
    )

    assert (statement["Effect"], statement["Principal"]) == ("Deny", "*")


def test_actions_are_taken_as_aws_writes_them() -> None:
    assert _asked(actions=["SecretsManager:describesecret"])["Action"] == "secretsmanager:DescribeSecret"


@pytest.mark.parametrize("effect", [iam.Effect.ALLOW, iam.Effect.DENY])
@pytest.mark.parametrize("action", ["kms:Decrypt", "secretsmanager:ReadSecret", "secretsmanager:ListSecrets", "s3:*"])
def test_refuses_what_is_no_action_on_a_secret(action: str, effect: iam.Effect) -> None:
    with pytest.raises(
        ConfigurationError, match=f"must name actions of secretsmanager on a secret, .* got {action[:-1]}"
    ):
        _asked(actions=[action], effect=effect)


@pytest.mark.parametrize("everybody", [iam.AnyPrincipal(), iam.StarPrincipal()], ids=["any", "star"])
def test_refuses_to_make_the_secret_public(everybody: iam.IPrincipal) -> None:
    with pytest.raises(ConfigurationError, match="got everybody: the secret would be public"):
        _asked(principals=[everybody])


@pytest.mark.parametrize("action", ["secretsmanager:*", "secretsmanager:Get*", "*"])
def test_refuses_wildcards(action: str) -> None:
    with pytest.raises(ConfigurationError, match="statement must allow exact actions of secretsmanager, got"):
        _asked(actions=[action])


@pytest.mark.parametrize(
    ("action", "instead"),
    [
        ("secretsmanager:GetSecretValue", "grant_read"),
        ("secretsmanager:PutSecretValue", "grant_write"),
        ("SecretsManager:getsecretvalue", "grant_read"),
        ("secretsmanager:PutSecretvalue", "grant_write"),
        ("secretsmanager:DeleteSecret", "administrators="),
        ("secretsmanager:UpdateSecretVersionStage", "administrators="),
        ("secretsmanager:Putresourcepolicy", "deployers="),
        ("secretsmanager:UpdateSecret", "deployers="),
    ],
)
def test_refuses_what_the_policy_denies_anyway(action: str, instead: str) -> None:
    with pytest.raises(ConfigurationError, match=f"use {instead}"):
        _asked(actions=[action])


@pytest.mark.parametrize(
    "everybody",
    [iam.StarPrincipal(), iam.AccountRootPrincipal(), iam.AccountPrincipal("111122223333")],
    ids=["star", "root", "account"],
)
def test_refuses_to_deny_everybody_something_for_good(everybody: iam.IPrincipal) -> None:
    with pytest.raises(ConfigurationError, match="must not deny everybody, or a whole account, something under no"):
        _asked(effect=iam.Effect.DENY, principals=[everybody])


def test_one_role_may_be_denied_something() -> None:
    assert _asked(effect=iam.Effect.DENY)["Effect"] == "Deny"


def test_refuses_whoever_is_not_meant() -> None:
    with pytest.raises(ConfigurationError, match="neither NotPrincipal, NotAction nor NotResource"):
        _asked(actions=None, not_actions=["secretsmanager:GetSecretValue"])


def test_refuses_what_is_no_statement() -> None:
    with pytest.raises(ConfigurationError, match="statement must be an iam"):
        asked_statement({"Effect": "Allow"}, TokenText(cdk.Stack()))  # type: ignore[arg-type]  # that is the point
