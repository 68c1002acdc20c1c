"""What the CDK's constructs ask for in the name of a service, narrowed to what the catalogue says."""

import re

import pytest

from constructs_lib.principals import Conditions, Permission, Principal
from constructs_lib.service_access.narrowing import RULES, Narrowed, ServiceRule, narrowed
from constructs_lib.service_access.service_use import Allowance, from_account, in_context, via
from tests.support.service_row import IRELAND
from tests.support.service_rows.all_rows import ROWS

ACCOUNT = "111122223333"
ROLE = Principal.by_arn(f"arn:aws:iam::{ACCOUNT}:role/Function")
EVERYBODY = Principal("AWS", f"arn:aws:iam::{ACCOUNT}:root")
ANOTHER = Principal("AWS", "arn:aws:iam::444455556666:root")
SOME_OF_US: Conditions = {"ArnLike": {"aws:PrincipalArn": (f"arn:aws:iam::{ACCOUNT}:role/orders-*",)}}
DATA_KEYS = ("GenerateDataKey", "GenerateDataKeyWithoutPlaintext")
RE_ENCRYPT = ("ReEncryptFrom", "ReEncryptTo")
ENCRYPT = ("Encrypt", *DATA_KEYS)
READ_WRITE = ("Decrypt", *ENCRYPT, *RE_ENCRYPT)
FROM_US = from_account(ACCOUNT)
BUS = "arn:aws:events:eu-west-1:111122223333:event-bus/orders"
FOR_BUS: Conditions = {"StringEquals": {"aws:SourceAccount": (ACCOUNT,), "aws:SourceArn": (BUS,)}}
IN_BUS = in_context("aws:events:event-bus:arn", BUS)
OF_BUS: Conditions = {"StringEquals": {**FOR_BUS["StringEquals"], **IN_BUS["StringEquals"]}}
OF_TOPIC: Conditions = {"ArnLike": {"aws:SourceArn": ("arn:aws:sns:eu-west-1:111122223333:orders",)}}
OF_BUCKET: Conditions = {"ArnLike": {"aws:SourceArn": ("arn:aws:s3:::orders",)}}
OF_LOG_GROUP: Conditions = {
    "ArnLike": {
        "kms:EncryptionContext:aws:logs:arn": ("arn:aws:logs:eu-west-1:111122223333:log-group:orders",),
    }
}
OF_DISTRIBUTIONS: Conditions = {"StringLike": {"aws:SourceArn": (f"arn:aws:cloudfront::{ACCOUNT}:distribution/*",)}}
THROUGH_SECRETS = via("secretsmanager", "eu-west-1")
THROUGH_EC2 = via("ec2", "eu-west-1")


def asked(who: str | Principal, actions: tuple[str, ...], conditions: Conditions | None = None) -> Permission:
    principal = Principal("Service", f"{who}.amazonaws.com") if isinstance(who, str) else who
    return Permission(principal, tuple(f"kms:{action}" for action in actions), conditions or {})


def given(permission: Permission) -> list[tuple[tuple[str, ...], Conditions]]:
    found = narrowed(permission, account=ACCOUNT).permissions
    assert all(each.principal == permission.principal for each in found)
    return [(tuple(action.removeprefix("kms:") for action in each.actions), each.conditions) for each in found]


@pytest.mark.parametrize(
    ("who", "actions", "conditions", "expected"),
    [
        ("s3", ("Decrypt", "GenerateDataKey"), {}, [(("Decrypt", "GenerateDataKey"), FROM_US)]),
        ("s3", READ_WRITE, OF_BUCKET, [(("Decrypt", "GenerateDataKey"), {**OF_BUCKET, **FROM_US})]),
        ("sns", ("Decrypt", *DATA_KEYS), OF_TOPIC, [(("Decrypt", "GenerateDataKey"), OF_TOPIC)]),
        ("events", ("Decrypt", *DATA_KEYS), {}, [(("Decrypt", "GenerateDataKey"), {})]),
        ("events", READ_WRITE, FROM_US, [(("Decrypt", "GenerateDataKey"), FROM_US)]),
        (
            "events",
            ("Decrypt", "DescribeKey", "GenerateDataKey"),
            OF_BUS,
            [(("Decrypt", "GenerateDataKey"), OF_BUS), (("DescribeKey",), FOR_BUS)],
        ),
        ("logs.eu-west-1", ("DescribeKey", *READ_WRITE), OF_LOG_GROUP, [(READ_WRITE, OF_LOG_GROUP)]),
        ("cloudwatch", ("Decrypt", *DATA_KEYS), {}, [(("Decrypt", "GenerateDataKey"), FROM_US)]),
        ("lambda", ("Decrypt", "Encrypt"), {}, [(("Decrypt",), {})]),
    ],
    ids=["topic of a bucket", "queue of a bucket", "queue of a topic", "topic of a rule", "queue of a rule", "bus",
         "log group", "alarm", "event source"],
)  # fmt: skip
def test_a_service_is_given_what_its_rows_say(
    who: str, actions: tuple[str, ...], conditions: Conditions, expected: list[tuple[tuple[str, ...], Conditions]]
) -> None:
    permission = asked(who, actions, conditions)

    assert given(permission) == expected
    assert narrowed(permission, account=ACCOUNT).page.startswith("https://docs.aws.amazon.com/")


@pytest.mark.parametrize(
    "permission",
    [
        asked("sns", ("Decrypt", "GenerateDataKey"), OF_TOPIC),
        asked("cloudwatch", ("Decrypt", "GenerateDataKey"), FROM_US),
        asked("events", ("DescribeKey",)),
        asked("cloudfront", ("Decrypt",), OF_DISTRIBUTIONS),
        asked("fargate", ("GenerateDataKeyWithoutPlaintext",)),
        asked("logging.s3", ("Decrypt", *ENCRYPT)),
        asked("delivery.logs", ("Decrypt",)),
        asked(ROLE, READ_WRITE),
        asked(ROLE, ("Decrypt",), THROUGH_SECRETS),
        asked(ROLE, ("CreateGrant",), THROUGH_EC2),
        asked(ROLE, READ_WRITE, via("lambda", "eu-west-1")),
        asked(EVERYBODY, ("Decrypt",), via("lambda", "eu-west-1")),
        asked(ANOTHER, ("Decrypt",), THROUGH_SECRETS),
        asked(ANOTHER, ("CreateGrant",), THROUGH_EC2),
        asked(EVERYBODY, ("Decrypt",), {**THROUGH_SECRETS, **SOME_OF_US}),
        asked(EVERYBODY, ("CreateGrant",), {**THROUGH_EC2, **SOME_OF_US}),
        Permission(Principal("Service", "s3.amazonaws.com"), ("kms:Encrypt",), effect="Deny"),
    ],
    ids=lambda permission: permission.principal.value,
)
def test_the_rest_stays_as_it_was_asked(permission: Permission) -> None:
    assert narrowed(permission, account=ACCOUNT) == Narrowed((permission,))


@pytest.mark.parametrize(
    ("permission", "creator"),
    [
        (asked("events", ("Decrypt", "GenerateDataKey", *RE_ENCRYPT), IN_BUS), "events"),
        (asked("events", ("Decrypt", "DescribeKey", "GenerateDataKey"), OF_BUS), "events"),
        (asked("logs.eu-west-1", READ_WRITE, OF_LOG_GROUP), "logs"),
        (asked("events", ("Decrypt", "GenerateDataKey")), ""),
        (asked("s3", ("Decrypt", "GenerateDataKey")), ""),
    ],
    ids=["archive", "bus", "log group", "rule", "bucket"],
)
def test_what_is_created_under_the_key_says_through_which_service(permission: Permission, creator: str) -> None:
    assert narrowed(permission, account=ACCOUNT).creator == creator


@pytest.mark.parametrize("pattern", ["*", "log-group:*", "log-group:*:*"])
@pytest.mark.parametrize("place", [f"eu-west-1:{ACCOUNT}", "${AWS::Region}:${AWS::AccountId}"])
def test_cloudwatch_logs_is_not_trusted_with_every_log_group(place: str, pattern: str) -> None:
    arn = f"arn:${{AWS::Partition}}:logs:{place}:{pattern}"
    found = narrowed(asked("logs.eu-west-1", READ_WRITE, in_context("aws:logs:arn", arn)), account=ACCOUNT)

    assert (found.permissions, found.creator) == ((), "")
    assert "key.allow(cloudwatch_logs.encrypt_log_group(log_group_name=...))" in found.instead


@pytest.mark.parametrize("name", ["orders", "orders*", "*-orders", "${Logs}"])
def test_cloudwatch_logs_is_trusted_with_the_log_groups_that_are_named(name: str) -> None:
    arn = f"arn:aws:logs:eu-west-1:{ACCOUNT}:log-group:{name}"

    assert given(asked("logs.eu-west-1", READ_WRITE, in_context("aws:logs:arn", arn))) != []


def test_a_source_account_that_was_given_stays() -> None:
    other = from_account("444455556666")

    assert given(asked("s3", READ_WRITE, other)) == [(("Decrypt", "GenerateDataKey"), other)]


@pytest.mark.parametrize("actions", [("Decrypt", *ENCRYPT), ("CreateGrant", "DescribeKey")])
def test_the_account_is_not_trusted_through_secrets_manager(actions: tuple[str, ...]) -> None:
    found = narrowed(asked(EVERYBODY, actions, THROUGH_SECRETS), account=ACCOUNT)

    assert (found.permissions, found.creator) == ((), "secretsmanager")


def test_the_account_is_not_trusted_through_ec2() -> None:
    conditions: Conditions = {
        "StringEquals": {**THROUGH_EC2["StringEquals"], "kms:CallerAccount": (ACCOUNT,)},
    }
    found = narrowed(asked(EVERYBODY, ("DescribeKey", "GenerateDataKeyWithoutPlaintext"), conditions), account=ACCOUNT)

    assert (found.permissions, found.creator) == ((), "ec2")


@pytest.mark.parametrize(
    ("actions", "expected"),
    [
        (("Decrypt", *ENCRYPT), ("Decrypt", "GenerateDataKey")),
        (ENCRYPT, ("Encrypt", "GenerateDataKey")),
        (("CreateGrant", "DescribeKey"), ("DescribeKey",)),
        (("CreateGrant",), None),
    ],
    ids=["rotation function", "writer", "reader of another account", "grants"],
)
def test_who_uses_a_secret_is_given_what_secrets_manager_calls(
    actions: tuple[str, ...], expected: tuple[str, ...] | None
) -> None:
    permission = asked(ROLE, actions, THROUGH_SECRETS)

    assert given(permission) == ([(expected, THROUGH_SECRETS)] if expected else [])


def _allowances(rule: ServiceRule) -> list[Allowance]:
    """Give the allowances of the catalogue that a rule speaks of."""
    found = []
    for allowance in (each for row in ROWS for each in row.use.running):
        service = IRELAND.literal(allowance.service)
        names = {name for keys in allowance.conditions.values() for name in keys}
        has_context = f"kms:EncryptionContext:{rule.context}" in names
        if re.fullmatch(rule.service, service) and (has_context if rule.context else True):
            found.append(allowance)
    return found


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.service} {rule.context}")
def test_a_rule_says_what_the_rows_of_its_service_say_together(rule: ServiceRule) -> None:
    others = [other for other in RULES if other.service == rule.service and other.context and not rule.context]
    in_a_context = {action for other in others for action in other.actions}
    needed = {action for allowance in _allowances(rule) for action in allowance.actions}

    assert needed >= set(rule.actions)
    assert needed - set(rule.actions) <= in_a_context


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.sent], ids=lambda rule: rule.service)
def test_a_source_account_is_demanded_only_where_every_row_demands_it(rule: ServiceRule) -> None:
    assert _allowances(rule)
    for allowance in _allowances(rule):
        assert "aws:SourceAccount" in allowance.conditions["StringEquals"]


def test_rules_have_something_to_do_that_leaves_no_action_behind() -> None:
    assert given(asked("sns", ("Encrypt",))) == []
