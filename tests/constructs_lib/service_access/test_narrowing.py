"""What the CDK's constructs ask for in the name of a service, narrowed to what the catalogue says."""

import pytest

from constructs_lib.principals import Conditions, Permission, Principal
from constructs_lib.service_access.narrowing import Narrowed, narrowed
from constructs_lib.service_access.service_use import from_account, in_context, via

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
OF_OUR_TOPICS: Conditions = {"ArnLike": {"aws:SourceArn": (f"arn:${{AWS::Partition}}:sns:*:{ACCOUNT}:*",)}}
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
        ("sns", ("Decrypt", "GenerateDataKey"), {}, [(("Decrypt", "GenerateDataKey"), OF_OUR_TOPICS)]),
        ("events", ("Decrypt", *DATA_KEYS), {}, [(("Decrypt", "GenerateDataKey"), {})]),
        ("events", READ_WRITE, FROM_US, [(("Decrypt", "GenerateDataKey"), FROM_US)]),
        ("events", READ_WRITE, {}, [(("Decrypt", "GenerateDataKey"), FROM_US)]),
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
    ids=["topic of a bucket", "queue of a bucket", "queue of a topic", "queue of some topic",
         "topic of a rule", "queue of a rule", "queue of some rule", "bus",
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


def test_of_what_a_service_never_needs_nothing_is_left_and_it_is_said_what_it_needs() -> None:
    for who, call in (("s3", "s3.notify_queue(bucket_name=...)"), ("sns", "sns.deliver_to_queue(topic_name=...)")):
        found = narrowed(asked(who, ("Encrypt",)), account=ACCOUNT)

        assert found.permissions == ()
        assert found.must.startswith("among kms:Decrypt, kms:GenerateDataKey (")
        assert f"key.allow({call})" in found.must


TO_A_QUEUE = asked("s3", READ_WRITE, OF_BUCKET)
TO_CHECK_IT = asked("s3", ("Decrypt", *DATA_KEYS))


def test_what_was_granted_to_a_bucket_is_not_given_to_every_bucket_after_it() -> None:
    assert narrowed(TO_CHECK_IT, account=ACCOUNT, before=TO_A_QUEUE).permissions == ()


@pytest.mark.parametrize(
    ("later", "before"),
    [
        (TO_CHECK_IT, None),
        (TO_CHECK_IT, asked("s3", READ_WRITE)),
        (TO_CHECK_IT, asked("s3", ("Decrypt",), OF_BUCKET)),
        (TO_CHECK_IT, asked("sns", READ_WRITE, OF_BUCKET)),
        (TO_CHECK_IT, asked("s3", READ_WRITE, {"ArnNotLike": {"aws:SourceArn": ("arn:aws:s3:::orders",)}})),
        (
            asked("s3", ("Decrypt", *DATA_KEYS), {"StringEquals": {"aws:SourceArn": ("arn:aws:s3:::other",)}}),
            TO_A_QUEUE,
        ),
    ],
    ids=["nothing before", "no source", "less", "another service", "all but a source", "another bucket"],
)
def test_otherwise_every_bucket_of_the_account_is_admitted(later: Permission, before: Permission | None) -> None:
    [found] = narrowed(later, account=ACCOUNT, before=before).permissions

    assert found.conditions["StringEquals"]["aws:SourceAccount"] == (ACCOUNT,)


def test_a_topic_that_is_not_named_is_one_of_the_account_and_partition_of_the_key() -> None:
    [found] = narrowed(asked("sns", ("Decrypt",)), account=ACCOUNT, partition="aws-cn").permissions

    assert found.conditions == {"ArnLike": {"aws:SourceArn": (f"arn:aws-cn:sns:*:{ACCOUNT}:*",)}}


@pytest.mark.parametrize(
    "operator", ["StringNotEquals", "StringNotLike", "StringEqualsIfExists", "ForAllValues:StringLike"]
)
@pytest.mark.parametrize("through", [THROUGH_SECRETS, THROUGH_EC2])
def test_a_service_that_is_excluded_is_not_the_one_through_which_it_comes(operator: str, through: Conditions) -> None:
    permission = asked(EVERYBODY, ("Decrypt",), {operator: through["StringEquals"]})

    assert narrowed(permission, account=ACCOUNT) == Narrowed((permission,))


def test_all_log_groups_but_those_of_a_pattern_are_left_as_they_were_asked_for() -> None:
    every: Conditions = {"ArnNotLike": {"kms:EncryptionContext:aws:logs:arn": (f"arn:aws:logs:eu-west-1:{ACCOUNT}:*",)}}

    assert given(asked("logs.eu-west-1", ("Decrypt",), every)) == [(("Decrypt",), every)]
