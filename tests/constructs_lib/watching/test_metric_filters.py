"""What is counted: real records match, near misses do not, and the words fit an alarm."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from constructs_lib.watching.metric_filters import (
    LONGEST_DESCRIPTION,
    LONGEST_PATTERN,
    CountedEvents,
    changes_of_roles,
    refused_use,
    use_of_disabled_key,
    use_of_key_pending_deletion,
)
from tests.support.filter_pattern import FilterPattern
from tests.support.recorded_events import record

RUNBOOK = Path(__file__).resolve().parents[3] / "docs" / "runbook.md"
LONGEST_LOG_GROUP_NAME = (
    512  # https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html
)
KEY = "arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
POLICY = "arn:aws:iam::111122223333:policy/orders"
ROLE = "stratus-red-team-backdoor-r-role"

REFUSED = refused_use(threshold=10, period_minutes=5)
PENDING = use_of_key_pending_deletion()
DISABLED = use_of_disabled_key()
ROLES = changes_of_roles([ROLE], [POLICY])
KINDS = [REFUSED, PENDING, DISABLED, ROLES]

# The code and message of a refusal that AWS's own sample shows, in a record of a caller who is no service.
# https://github.com/aws-samples/baseline-environment-on-aws/pull/51
BY_CONFIG = record("failed/Decrypt-AccessDenied-by-config")
FAILED = "failed/Decrypt-IncorrectKeyException"
STATE = "failed/Decrypt-KMSInvalidStateException"
DENIED = record(FAILED, errorCode="AccessDenied", errorMessage=BY_CONFIG["errorMessage"])
# https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys-creating-cloudwatch-alarm.html
PENDING_DELETION = record(STATE, errorMessage=f"{KEY} is pending deletion.")
# https://docs.aws.amazon.com/kms/latest/APIReference/API_Decrypt.html
NOT_ENABLED = record(FAILED, errorCode="DisabledException", errorMessage=f"{KEY} is disabled.")


def of_iam(call: str, **parameters: str) -> dict[str, Any]:
    return record("UpdateAssumeRolePolicy", eventName=call, requestParameters=parameters)


def without_resources(event: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in event.items() if name != "resources"}


MATCHES = [
    (REFUSED, DENIED),
    (REFUSED, without_resources(DENIED)),
    (REFUSED, {**DENIED, "errorCode": "AccessDeniedException"}),
    (REFUSED, {**DENIED, "eventName": "GenerateDataKey"}),
    (PENDING, PENDING_DELETION),
    (PENDING, {**PENDING_DELETION, "eventName": "Sign"}),
    (DISABLED, NOT_ENABLED),
    (DISABLED, record(STATE, errorMessage=f"{KEY} is disabled.")),
    (ROLES, record("UpdateAssumeRolePolicy")),
    *(
        (ROLES, of_iam(call, roleName=ROLE))
        for call in (
            "AttachRolePolicy",
            "DetachRolePolicy",
            "PutRolePolicy",
            "DeleteRolePolicy",
            "PutRolePermissionsBoundary",
            "DeleteRolePermissionsBoundary",
            "CreateRole",
            "DeleteRole",
        )
    ),
    *(
        (ROLES, of_iam(call, policyArn=POLICY))
        for call in (
            "CreatePolicyVersion",
            "SetDefaultPolicyVersion",
            "DeletePolicyVersion",
            "DeletePolicy",
        )
    ),
    (ROLES, {**record("UpdateAssumeRolePolicy"), "errorCode": "AccessDenied"}),
]
MISSES = [
    (REFUSED, BY_CONFIG),
    (REFUSED, record("failed/LeaveOrganization-AccessDenied")),
    (REFUSED, {**DENIED, "errorCode": "ThrottlingException"}),
    (PENDING, {**PENDING_DELETION, "errorMessage": f"{KEY} is pending import."}),
    (PENDING, {**PENDING_DELETION, "eventSource": "s3.amazonaws.com"}),
    (DISABLED, record(STATE, errorMessage=f"{KEY} is pending deletion.")),
    (DISABLED, {**NOT_ENABLED, "eventSource": "lambda.amazonaws.com"}),
    (ROLES, of_iam("UpdateAssumeRolePolicy", roleName=f"{ROLE}-2")),
    (ROLES, of_iam("UpdateAssumeRolePolicy", roleName=ROLE[:-1])),
    (ROLES, of_iam("GetRolePolicy", roleName=ROLE)),
    (ROLES, of_iam("UpdateRoleDescription", roleName=ROLE)),
    (ROLES, of_iam("TagRole", roleName=ROLE)),
    (ROLES, of_iam("GetPolicyVersion", policyArn=POLICY)),
    (ROLES, of_iam("CreatePolicyVersion", policyArn=f"{POLICY}-2")),
    (ROLES, {**record("UpdateAssumeRolePolicy"), "eventSource": "sts.amazonaws.com"}),
]  # fmt: skip


def matching(kind: CountedEvents, event: dict[str, Any]) -> int:
    return sum(FilterPattern(pattern).matches(event) for pattern in kind.patterns)


@pytest.mark.parametrize(("kind", "event"), MATCHES)
def test_a_record_is_counted_once(kind: CountedEvents, event: dict[str, Any]) -> None:
    assert matching(kind, event) == 1


@pytest.mark.parametrize(("kind", "event"), MISSES)
def test_a_near_miss_is_not_counted(kind: CountedEvents, event: dict[str, Any]) -> None:
    assert matching(kind, event) == 0


PUBLISHED = [
    "AttachRolePolicy",
    "Decrypt",
    "DisableKey",
    "GetUserPolicy",
    "UpdateAssumeRolePolicy",
    "failed/Decrypt-AccessDenied-by-config",
    "failed/Decrypt-IncorrectKeyException",
    "failed/Decrypt-KMSInvalidStateException",
    "failed/LeaveOrganization-AccessDenied",
    "sign_in/root-failed",
    "sign_in/user-without-mfa",
]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_of_published_records_none_but_its_own_is_counted(kind: CountedEvents) -> None:
    counted = [name for name in PUBLISHED if matching(kind, record(name))]

    assert counted == (["UpdateAssumeRolePolicy"] if kind is ROLES else [])


@pytest.mark.parametrize(("kind", "event"), MATCHES)
def test_what_a_person_looks_for_finds_what_was_counted(kind: CountedEvents, event: dict[str, Any]) -> None:
    assert FilterPattern(kind.look_for).matches(event)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_patterns_and_words_fit(kind: CountedEvents) -> None:
    assert all(len(pattern) <= LONGEST_PATTERN for pattern in kind.patterns)
    assert len(kind.description("x" * LONGEST_LOG_GROUP_NAME)) <= LONGEST_DESCRIPTION


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_the_words_lead_to_a_section_of_the_runbook(kind: CountedEvents) -> None:
    sections = [
        line.lstrip("# ").lower().replace(" ", "-") for line in RUNBOOK.read_text().splitlines() if line.startswith("#")
    ]

    assert kind.section in sections


def test_the_words_say_how_many_and_where() -> None:
    words = refused_use(threshold=3, period_minutes=15).description("trail")

    assert words.startswith("KMS refused 3 requests or more within 15 minutes")
    assert "--log-group-name trail --filter-pattern '{ ($.eventSource" in words


def test_many_roles_take_several_patterns_and_none_is_lost() -> None:
    names = [f"{number:064}" for number in range(23)]

    kind = changes_of_roles(names)

    assert len(kind.patterns) > 1
    assert max(map(len, kind.patterns)) <= LONGEST_PATTERN
    assert [matching(kind, of_iam("DeleteRole", roleName=name)) for name in names] == [1] * len(names)


def test_names_that_are_known_when_deployed_leave_room_for_the_longest() -> None:
    token = "${Token[Role.1]}"

    kind = changes_of_roles([token] * 6)

    assert [pattern.count(token) for pattern in kind.patterns] == [5, 1]
    assert max(len(pattern.replace(token, "x" * 64)) for pattern in kind.patterns) <= LONGEST_PATTERN


@pytest.mark.parametrize("make", [use_of_key_pending_deletion, use_of_disabled_key])
def test_one_use_of_a_key_that_does_not_answer_is_an_alarm(make: Callable[[], CountedEvents]) -> None:
    assert make().threshold == 1
