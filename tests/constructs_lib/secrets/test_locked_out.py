"""No Deny keeps deployers from a secret, or the policy that does so could not be taken back."""

from collections.abc import Mapping

import pytest

from constructs_lib.errors import ConfigurationError
from constructs_lib.secrets.locked_out import refuse_lockout
from constructs_lib.secrets.secret_statement import EVERYBODY, SecretStatement

ACCOUNT = "111122223333"
NAME = f"role/cdk-hnb659fds-cfn-exec-role-{ACCOUNT}-eu-west-1"
DEPLOYER = f"arn:${{AWS::Partition}}:iam::{ACCOUNT}:{NAME}"
MINE = "${Orders/Pipeline.Arn}"
Conditions = Mapping[str, Mapping[str, tuple[str, ...]]]
Principals = Mapping[str, tuple[str, ...]]


def _check(
    conditions: Conditions | None = None,
    *,
    principals: Principals = EVERYBODY,
    actions: tuple[str, ...] = ("secretsmanager:*",),
    deployer: str = DEPLOYER,
) -> None:
    statement = SecretStatement(
        sid="Asked", effect="Deny", principals=principals, actions=actions, conditions=conditions or {}
    )
    refuse_lockout(statement, [deployer], account=ACCOUNT)


def _arn(*values: str) -> dict[str, tuple[str, ...]]:
    return {"aws:PrincipalArn": values}


LITERAL = f"arn:aws:iam::{ACCOUNT}:{NAME}"


@pytest.mark.parametrize(
    "conditions",
    [
        {"StringLike": _arn("*")},
        {"ArnLike": _arn("arn:aws:iam::*:role/cdk-*")},
        {"ArnEquals": _arn(LITERAL)},
        {"StringEquals": {"AWS:principalarn": (LITERAL,)}},
        {"ArnNotEquals": _arn(f"arn:aws:iam::{ACCOUNT}:role/Pipeline")},
        {"StringNotEquals": _arn("arn:aws:iam::111122223333:role/cdk-*")},
        {"ArnNotEquals": _arn(LITERAL.replace(":iam::1", ":iam::2"))},
        {"Bool": {"aws:SecureTransport": ("true",)}},
        {"Bool": {"aws:SecureTransport": ("false", "true")}},
        {"StringNotEquals": {"aws:SourceVpce": ("vpce-1",)}},
        {"StringEquals": {"aws:PrincipalAccount": (ACCOUNT,)}},
        {"StringNotEquals": {"aws:PrincipalAccount": ("444455556666",)}},
        {"ForAnyValue:ArnNotEquals": _arn(LITERAL)},
    ],
    ids=str,
)
def test_refuses_to_deny_everybody_without_sparing_deployers(conditions: Conditions) -> None:
    with pytest.raises(ConfigurationError, match=r"must not deny .*PutResourcePolicy.* to deployers, .* ArnNotEquals"):
        _check(conditions)


@pytest.mark.parametrize(
    "conditions",
    [
        {"ArnNotEquals": _arn("arn:aws:iam::111122223333:role/Me", LITERAL)},
        {"ArnNotEquals": _arn(DEPLOYER), "Bool": {"aws:SecureTransport": ("true",)}},
        {"ArnNotLike": _arn(f"arn:aws:iam::{ACCOUNT}:role/cdk-*")},
        {"StringNotLike": _arn("*/cdk-hnb659fds-cfn-exec-role-*")},
        {"StringNotEquals": _arn(LITERAL)},
        {"ArnEquals": _arn("arn:aws:iam::111122223333:role/Auditor")},
        {"Bool": {"aws:SecureTransport": ("false",)}},
        {"BoolIfExists": {"aws:SecureTransport": ("false",)}, "StringLike": _arn("*")},
        {"StringNotEquals": {"aws:PrincipalAccount": ("444455556666", ACCOUNT)}},
    ],
    ids=str,
)
def test_everybody_else_may_be_denied_something(conditions: Conditions) -> None:
    _check(conditions)


@pytest.mark.parametrize(
    "principal",
    [
        LITERAL,
        DEPLOYER,
        ACCOUNT,
        f"arn:aws:iam::{ACCOUNT}:root",
        "arn:${AWS::Partition}:iam::${AWS::AccountId}:root",
        f"arn:aws:sts::{ACCOUNT}:assumed-role/{NAME.removeprefix('role/')}/AWSCloudFormation",
    ],
)
def test_refuses_to_deny_a_deployer_by_name(principal: str) -> None:
    with pytest.raises(ConfigurationError, match="got one that may hit "):
        _check(principals={"AWS": ("arn:aws:iam::111122223333:role/Auditor", principal)})


@pytest.mark.parametrize(
    "principals",
    [
        {"AWS": ("arn:aws:iam::111122223333:role/Auditor", "${Orders/Auditor.Arn}")},
        {"AWS": ("arn:aws:iam::444455556666:root", "444455556666")},
        {"AWS": (f"arn:aws:sts::{ACCOUNT}:assumed-role/Auditor/AWSCloudFormation",)},
        {"Service": ("glue.amazonaws.com",)},
    ],
    ids=["others", "another account", "a session of another", "a service"],
)
def test_others_may_be_denied_everything(principals: Principals) -> None:
    _check(principals=principals)


@pytest.mark.parametrize("action", ["*", "secretsmanager:Put*", "secretsmanager:deleteresourcepolicy"])
def test_refuses_each_way_to_say_what_a_deployer_needs(action: str) -> None:
    with pytest.raises(ConfigurationError, match="must not deny "):
        _check({"StringNotEquals": {"aws:SourceVpce": ("vpce-1",)}}, actions=(action,))


def test_what_a_deployer_does_not_need_may_be_denied_under_any_condition() -> None:
    _check({"StringNotEquals": {"aws:SourceVpce": ("vpce-1",)}}, actions=("secretsmanager:GetSecretValue",))


def test_a_deployer_of_the_stack_is_known_by_his_reference() -> None:
    _check({"ArnNotEquals": _arn(MINE)}, deployer=MINE)
    _check({"ArnNotLike": _arn("*")}, deployer=MINE)
    for conditions in ({"ArnNotEquals": _arn(LITERAL)}, {"ArnLike": _arn(LITERAL)}, {"ArnEquals": _arn(MINE)}):
        with pytest.raises(ConfigurationError, match=r"got one that may hit .*Pipeline"):
            _check(conditions, deployer=MINE)
    with pytest.raises(ConfigurationError, match=r"got one that may hit .*Pipeline"):
        _check(principals={"AWS": (f"arn:aws:iam::{ACCOUNT}:root",)}, deployer=MINE)


def test_what_is_allowed_locks_nobody_out() -> None:
    allowed = SecretStatement(sid="Asked", effect="Allow", principals=EVERYBODY, actions=("secretsmanager:*",))

    refuse_lockout(allowed, [DEPLOYER], account=ACCOUNT)
