import json
from dataclasses import replace
from typing import Any

import pytest

from constructs_lib.watching.messages import Form
from constructs_lib.watching.secret_event import SecretEvent
from constructs_lib.watching.secret_events import SECRET_KINDS
from constructs_lib.wiring.secret_in_records import SecretInRecords
from tests.support.aws_command import AwsCommand
from tests.support.told_events import ACCOUNT, REGION, as_event, matches, rendered
from tests.support.told_secrets import SECRET_ARN, SECRET_NAME, news_event, secret_call, secret_news

ROTATION = f"arn:aws:iam::{ACCOUNT}:role/service/rotate-orders"
SECRET = SecretInRecords(arn=SECRET_ARN, called=SECRET_NAME, name=SECRET_NAME, rotated_by=(ROTATION,))
NAMELESS = SecretInRecords(arn=SECRET_ARN, called="Orders/Secret")

BY_CALL = {
    "DeleteSecret": SecretEvent.DELETION_SCHEDULED,
    "RestoreSecret": SecretEvent.RESTORED,
    "RotateSecret": SecretEvent.ROTATION_CHANGED,
    "CancelRotateSecret": SecretEvent.ROTATION_CANCELLED,
    "PutResourcePolicy": SecretEvent.POLICY_OR_TAGS_CHANGED,
    "DeleteResourcePolicy": SecretEvent.POLICY_OR_TAGS_CHANGED,
    "TagResource": SecretEvent.POLICY_OR_TAGS_CHANGED,
    "UntagResource": SecretEvent.POLICY_OR_TAGS_CHANGED,
    "UpdateSecret": SecretEvent.KEY_CHANGED,
    "UpdateSecret-value": SecretEvent.VALUE_UPDATED,
    "UpdateSecretVersionStage": SecretEvent.LABEL_MOVED,
    "ReplicateSecretToRegions": SecretEvent.REPLICATED,
    "RemoveRegionsFromReplication": SecretEvent.REPLICATED,
    "StopReplicationToReplica": SecretEvent.REPLICATED,
}
BY_NEWS = {
    "RotationFailed": SecretEvent.ROTATION_FAILED,
    "TestRotationFailed": SecretEvent.ROTATION_FAILED,
    "RotationAbandoned": SecretEvent.ROTATION_ABANDONED,
    "EndSecretVersionDelete": SecretEvent.GONE,
    "ReplicationFailed": SecretEvent.REPLICATION_FAILED,
}
REFUSED = secret_call(
    "GetSecretValue",
    errorCode="AccessDenied",
    errorMessage=(
        "User: arn:aws:sts::111122223333:assumed-role/app/1 is not authorized to perform: "
        f"secretsmanager:GetSecretValue on resource: {SECRET_ARN} because no identity-based policy allows it"
    ),
    requestParameters=None,
)


def told(event: dict[str, Any], secret: SecretInRecords = SECRET) -> set[SecretEvent]:
    return {each for each, kind in SECRET_KINDS.items() if matches(kind.pattern(secret), event)}


def text_of(event: SecretEvent, delivered: dict[str, Any]) -> list[str]:
    message = SECRET_KINDS[event].message(SECRET)
    text = rendered(message.template(Form.TEXT), message.used_paths(Form.TEXT), delivered)
    assert "<" not in text
    return [line.strip('"') for line in text.splitlines()]


@pytest.mark.parametrize(("name", "expected"), BY_CALL.items())
def test_each_call_is_told_by_one_rule(name: str, expected: SecretEvent) -> None:
    assert told(as_event(secret_call(name))) == {expected}


@pytest.mark.parametrize(("name", "expected"), BY_NEWS.items())
def test_what_secrets_manager_does_itself_is_told_by_one_rule(name: str, expected: SecretEvent) -> None:
    assert told(news_event(secret_news(name))) == {expected}


def test_every_kind_has_a_record_and_so_has_each_of_its_names() -> None:
    assert {*BY_CALL.values(), *BY_NEWS.values(), SecretEvent.READING_REFUSED} == set(SecretEvent) == set(SECRET_KINDS)
    calls = {each.partition("-")[0] for each in BY_CALL}
    assert {*calls, *BY_NEWS, "GetSecretValue"} == {each for kind in SECRET_KINDS.values() for each in kind.names}


@pytest.mark.parametrize("name", sorted(set(BY_CALL) - {"TagResource", "UntagResource"}))
def test_a_secret_is_known_by_the_answer_however_the_caller_wrote_it_and_the_record_spells_it(name: str) -> None:
    like = secret_call(name)
    asked = {**like["requestParameters"], "secretId": "orders/api"}
    others = {each: said for each, said in (like["responseElements"] or {}).items() if each not in {"arn", "aRN"}}
    for spelling in ("arn", "aRN"):
        answered = secret_call(name, requestParameters=asked, responseElements={**others, spelling: SECRET_ARN})
        assert told(as_event(answered), NAMELESS) == {BY_CALL[name]}


def test_tags_are_told_although_their_call_answers_nothing() -> None:
    by_arn = secret_call("TagResource", requestParameters={"secretId": SECRET_ARN})

    assert told(as_event(by_arn), NAMELESS) == {SecretEvent.POLICY_OR_TAGS_CHANGED}
    assert told(as_event(secret_call("TagResource")), NAMELESS) == set()


def test_the_news_of_a_rotation_that_a_service_manages_is_told() -> None:
    managed = secret_news("RotationFailed", additionalEventData=None, serviceEventDetails={"secretId": SECRET_ARN})

    assert told(news_event(managed)) == {SecretEvent.ROTATION_FAILED}


@pytest.mark.parametrize("name", BY_CALL)
def test_nothing_is_told_of_near_misses_of_a_call(name: str) -> None:
    like = secret_call(name)
    longer, other_end = (
        json.loads(json.dumps(like).replace(SECRET_NAME, f"{SECRET_NAME}-2")),
        json.loads(json.dumps(like).replace("a1b2c3", "a1b2c4").replace(f'"{SECRET_NAME}"', '"another"')),
    )
    misses = {
        "a secret whose name begins so": as_event(longer),
        "another one of that name": as_event(other_end),
        "refused": as_event({**like, "errorCode": "AccessDenied"}),
        "failed": as_event({**like, "errorCode": "ResourceNotFoundException"}),
        "another call": as_event({**like, "eventName": "DescribeSecret"}),
        "another event source": as_event(like) | {"detail": {**like, "eventSource": "kms.amazonaws.com"}},
        "somebody's own event": as_event(like) | {"source": "my.app"},
        "what a service did itself": news_event(like),
    }

    assert {miss: told(event) for miss, event in misses.items()} == {miss: set() for miss in misses}


@pytest.mark.parametrize("name", BY_NEWS)
def test_nothing_is_told_of_near_misses_of_news(name: str) -> None:
    like = secret_news(name)
    misses = {
        "another secret": news_event(json.loads(json.dumps(like).replace("a1b2c3", "a1b2c4"))),
        "a secret whose name begins so": news_event(
            json.loads(json.dumps(like).replace(SECRET_NAME, "orders/api-key-2"))
        ),
        "another account": news_event(json.loads(json.dumps(like).replace(f":{ACCOUNT}:", ":444455556666:"))),
        "what somebody called": as_event(like),
        "somebody's own event": news_event(like) | {"source": "my.app"},
    }

    assert {miss: told(event) for miss, event in misses.items()} == {miss: set() for miss in misses}


@pytest.mark.parametrize(
    "name", ["RotationSucceeded", "RotationStarted", "TestRotationSucceeded", "ReplicationSucceeded"]
)
def test_nothing_is_told_of_what_goes_well(name: str) -> None:
    assert told(news_event(secret_news(name))) == set()


@pytest.mark.parametrize(
    "name",
    ["RotateSecret-now", "UpdateSecret-description", "PutSecretValue", "UpdateSecretVersionStage", "GetSecretValue"],
)
def test_nothing_is_told_of_what_rotations_and_applications_do(name: str) -> None:
    assert told(as_event(secret_call(name, userIdentity=_session_of(ROTATION)))) == set()


@pytest.mark.parametrize(
    "caller",
    [
        {"type": "Root", "arn": f"arn:aws:iam::{ACCOUNT}:root"},
        {"type": "IAMUser", "arn": f"arn:aws:iam::{ACCOUNT}:user/rotate-orders", "userName": "rotate-orders"},
        f"arn:aws:iam::{ACCOUNT}:role/rotate-orders",
        f"{ROTATION}-2",
        ROTATION.replace(ACCOUNT, "444455556666"),
    ],
    ids=["root", "a user of that name", "a role of that name", "a longer name", "another account"],
)
def test_whoever_else_moves_a_label_is_told(caller: Any) -> None:
    identity = _session_of(caller) if isinstance(caller, str) else caller

    assert told(as_event(secret_call("UpdateSecretVersionStage", userIdentity=identity))) == {SecretEvent.LABEL_MOVED}


def test_who_moves_a_label_is_told_of_everybody_where_it_is_not_known_who_rotates() -> None:
    moved = as_event(secret_call("UpdateSecretVersionStage", userIdentity=_session_of(ROTATION)))

    assert told(moved, replace(SECRET, rotated_by=None)) == {SecretEvent.LABEL_MOVED}
    assert told(moved, replace(SECRET, rotated_by=())) == {SecretEvent.LABEL_MOVED}


def test_a_new_value_and_another_key_in_one_update_are_both_told() -> None:
    asked = secret_call("UpdateSecret")["requestParameters"]

    assert told(as_event(secret_call("UpdateSecret-value", requestParameters=asked))) == {
        SecretEvent.VALUE_UPDATED,
        SecretEvent.KEY_CHANGED,
    }


def _session_of(role: str) -> dict[str, Any]:
    name = role.rpartition("/")[2]
    issuer = {"type": "Role", "principalId": "AROAEXAMPLE", "arn": role, "accountId": ACCOUNT, "userName": name}
    return {
        "type": "AssumedRole",
        "principalId": f"AROAEXAMPLE:{name}",
        "arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/{name}/{name}",
        "accountId": ACCOUNT,
        "sessionContext": {"sessionIssuer": issuer},
    }


@pytest.mark.parametrize(
    "rules",
    [
        {"rotationRules": {"automaticallyAfterDays": 30}},
        {"rotationRules": {"scheduleExpression": "rate(4 hours)"}},
        {"rotationRules": {"duration": "3h"}},
        {"rotationLambdaARN": "arn:aws:lambda:us-east-1:111122223333:function:theirs"},
        {"externalSecretRotationRoleArn": "arn:aws:iam::111122223333:role/theirs"},
    ],
    ids=["days", "schedule", "window", "function", "role of a partner"],
)
def test_each_change_of_a_rotation_is_told(rules: dict[str, Any]) -> None:
    changed = secret_call("RotateSecret", requestParameters={"secretId": SECRET_NAME, **rules})

    assert told(as_event(changed)) == {SecretEvent.ROTATION_CHANGED}


@pytest.mark.parametrize("written", [SECRET_ARN, SECRET_NAME])
def test_a_refused_read_is_told_by_what_the_error_or_the_request_says(written: str) -> None:
    in_error = {**REFUSED, "errorMessage": REFUSED["errorMessage"].replace(SECRET_ARN, written)}
    in_request = {**REFUSED, "errorMessage": "Access to KMS is not allowed", "requestParameters": {"secretId": written}}

    assert told(as_event(in_error)) == told(as_event(in_request)) == {SecretEvent.READING_REFUSED}
    assert (
        told(as_event({**in_error, "errorMessage": in_error["errorMessage"].replace(written, "orders/api")})) == set()
    )
    assert told(as_event({**in_error, "errorCode": "ThrottlingException"})) == set()
    longer = in_error["errorMessage"].replace(f"{SECRET_NAME} because", f"{SECRET_NAME}-2 because")
    assert told(as_event({**in_error, "errorMessage": longer.replace(SECRET_ARN, "other")})) == set()


def test_the_message_of_a_deletion_is_whole() -> None:
    deleted = secret_call("DeleteSecret")

    assert text_of(SecretEvent.DELETION_SCHEDULED, as_event(deleted)) == [
        "orders/api-key will be deleted on May 3, 2018 5:51:02 PM",
        f"Secret: orders/api-key, {SECRET_ARN}",
        "What it means: nobody can read it now; a date that is over means that it cannot be brought back",
        f"Who: arn:aws:iam::{ACCOUNT}:root (Root)",
        f"Caller: {ACCOUNT} of account {ACCOUNT}",
        "From: 192.0.2.0",
        f"When: 2018-04-03T17:51:02Z, account {ACCOUNT}, Region {REGION}",
        (
            f"Record: aws cloudtrail lookup-events --region {REGION} --lookup-attributes "
            "AttributeKey=EventId,AttributeValue=EXAMPLE3-90ab-cdef-fedc-ba987EXAMPLE"
        ),
        (
            f"Do now (1): aws secretsmanager restore-secret --region {REGION} --secret-id {SECRET_ARN} "
            "if nobody planned this"
        ),
        "Read on: docs/runbook.md#a-secret-will-be-deleted-or-is-gone of cdk-key-management",
    ]


@pytest.mark.parametrize("name", BY_CALL)
def test_each_message_of_a_call_says_who_did_what_to_which_secret_from_where_and_when(name: str) -> None:
    called = secret_call(name)
    kind = SECRET_KINDS[BY_CALL[name]]

    lines = text_of(BY_CALL[name], as_event(called))

    assert SECRET_NAME in lines[0]
    assert lines[1] == f"Secret: {SECRET_NAME}, {SECRET_ARN}"
    assert f"Who: arn:aws:iam::{ACCOUNT}:root (Root)" in lines
    assert "From: 192.0.2.0" in lines
    assert any(called["eventID"] in line for line in lines)
    assert any(line.startswith("What it means: ") for line in lines)
    assert len(kind.names) == 1 or called["eventName"] in lines[0]


@pytest.mark.parametrize("name", BY_NEWS)
def test_each_message_of_news_says_what_happened_to_which_secret_and_when(name: str) -> None:
    happened = secret_news(name)

    lines = text_of(BY_NEWS[name], news_event(happened))

    assert SECRET_NAME in lines[0]
    assert f"When: {happened['eventTime']}, account {ACCOUNT}, Region {REGION}" in lines
    assert any(happened["eventID"] in line for line in lines)
    assert not any(line.startswith("Who: ") for line in lines)


def test_no_message_has_what_a_caller_or_a_function_may_write_freely() -> None:
    free = {"userAgent", "errorMessage", "clientRequestToken", "requestID", "resourcePolicy", "description", "tags"}

    used = {
        part
        for kind in SECRET_KINDS.values()
        for path in kind.message(SECRET).paths.values()
        for part in path.split(".")
    }

    assert used & free == set()


@pytest.mark.parametrize("event", SecretEvent)
def test_the_first_step_of_each_remedy_is_a_command_that_aws_has(event: SecretEvent) -> None:
    steps = SECRET_KINDS[event].message(SECRET).remedy

    commands = [step.split()[:3] for step in steps if step.startswith("aws ")]
    assert event is SecretEvent.READING_REFUSED or commands
    assert all(AwsCommand(service=service, name=name).operation for _, service, name in commands)


@pytest.mark.parametrize("event", SecretEvent)
def test_patterns_and_templates_fit_what_event_bridge_takes(event: SecretEvent) -> None:
    name = "a" * 300
    longest = SecretInRecords(
        arn=f"arn:aws-us-gov:secretsmanager:us-gov-west-1:111122223333:secret:{name}-a1b2c3",
        called=name,
        name=name,
        rotated_by=(f"arn:aws-us-gov:iam::111122223333:role{'/' + 'p' * 510 + '/'}{'r' * 64}",),
    )
    message = SECRET_KINDS[event].message(longest)

    assert len(json.dumps(SECRET_KINDS[event].pattern(longest))) <= 2_048
    for form in Form:
        assert len(message.template(form)) <= 8_192
        assert len(message.used_paths(form)) <= 100
