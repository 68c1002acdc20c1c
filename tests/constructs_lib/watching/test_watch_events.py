import json
import re
from typing import Any

import pytest

from constructs_lib.watching.itself_events import (
    MEANS_CALLS,
    MEANS_PUTS,
    TOPIC_CALLS,
    means_pattern,
    rule_pattern,
    silenced_message,
    topic_pattern,
)
from constructs_lib.watching.messages import Form, Message
from constructs_lib.watching.watch_events import (
    BUCKET_CALLS,
    TRAIL_CALLS,
    alias_message,
    alias_pattern,
    policy_message,
    policy_pattern,
    role_message,
    role_pattern,
    trail_message,
    trail_pattern,
)
from tests.support.told_events import ALIAS, POLICY_ARN, ROLE, TRAIL, TRAIL_ARN, as_event, call, matches, rendered

TOPIC_ARN = "arn:aws:sns:us-east-1:111122223333:hello-topic"
BUCKET, GROUP = "trail-logs-of-orders", "trail/cttest2"
QUEUE = "https://sqs.us-east-1.amazonaws.com/111122223333/cttest2"
PATTERNS: dict[str, dict[str, Any]] = {
    "alias": alias_pattern(["alias/other", ALIAS]),
    "trail": trail_pattern(name=TRAIL, arn=TRAIL_ARN, bucket=BUCKET),
    "role": role_pattern(["other", ROLE]),
    "policy": policy_pattern([POLICY_ARN]),
    "rule": rule_pattern("cttest"),
    "topic": topic_pattern(TOPIC_ARN),
    "means": means_pattern(prefix="cttest2-", queue_url=QUEUE, log_group_name=GROUP),
}
MESSAGES = {
    "alias": alias_message(),
    "trail": trail_message(TRAIL),
    "role": role_message(),
    "policy": policy_message(),
    "rule": silenced_message("its rules"),
    "topic": silenced_message("its topic"),
    "means": silenced_message("its alarms"),
}
CALLS = {
    "alias": ("CreateAlias", "UpdateAlias", "DeleteAlias"),
    "trail": (*TRAIL_CALLS, *BUCKET_CALLS),
    "role": (
        "UpdateAssumeRolePolicy",
        "AttachRolePolicy",
        "DetachRolePolicy",
        "PutRolePolicy",
        "DeleteRolePolicy",
        "PutRolePermissionsBoundary",
        "DeleteRolePermissionsBoundary",
        "CreateRole",
        "DeleteRole",
    ),
    "policy": ("CreatePolicyVersion", "SetDefaultPolicyVersion", "DeletePolicyVersion", "DeletePolicy"),
    "rule": ("DisableRule", "DeleteRule", "PutRule", "RemoveTargets", "PutTargets"),
    "topic": TOPIC_CALLS,
    "means": tuple(each for each in (*MEANS_CALLS, *MEANS_PUTS) if "Permission" not in each),
}
EACH = [(rule, name) for rule, names in CALLS.items() for name in names]
NAMED = {
    "alias": ALIAS,
    "trail": TRAIL,
    "role": ROLE,
    "policy": POLICY_ARN,
    "rule": "cttest2",
    "topic": TOPIC_ARN,
    "means": "cttest2",
}


def name_in(rule: str, name: str) -> str:
    return BUCKET if name in BUCKET_CALLS else NAMED[rule]


def told(event: dict[str, Any]) -> set[str]:
    return {rule for rule, pattern in PATTERNS.items() if matches(pattern, event)}


@pytest.mark.parametrize(("rule", "name"), EACH)
def test_each_call_is_told_by_one_rule(rule: str, name: str) -> None:
    assert told(as_event(call(name))) == {rule}


def test_every_call_of_a_pattern_is_tried() -> None:
    written = json.dumps(PATTERNS)

    assert all(f'"{name}"' in written for _, name in EACH)
    tried = {name for _, name in EACH}
    assert {word for word in re.findall(r'"([A-Z][A-Za-z]+)"', written) if word not in {"ARN", "DISABLED"}} == tried


@pytest.mark.parametrize(("rule", "name"), EACH)
def test_nothing_is_told_of_near_misses(rule: str, name: str) -> None:
    published = call(name)
    other = json.loads(json.dumps(published).replace(name_in(rule, name), f"x{name_in(rule, name)}"))
    misses = {
        "another name": as_event(other),
        "refused": as_event({**published, "errorCode": "AccessDenied"}),
        "another call": as_event({**published, "eventName": "GetTrailStatus"}),
        "another event source": as_event(published) | {"detail": {**published, "eventSource": "kinesis.amazonaws.com"}},
        "another source": as_event(published) | {"source": "aws.kinesis"},
        "somebody's own event": as_event(published) | {"source": "my.app"},
        "what a service did itself": as_event(published) | {"detail-type": "AWS Service Event via CloudTrail"},
    }

    assert {miss: told(event) for miss, event in misses.items()} == {miss: set() for miss in misses}


@pytest.mark.parametrize("named", [TRAIL, TRAIL_ARN])
@pytest.mark.parametrize(("name", "field"), [("StopLogging", "name"), ("PutEventSelectors", "trailName")])
def test_a_trail_is_known_by_its_name_and_by_its_arn(name: str, field: str, named: str) -> None:
    assert told(as_event(call(name, requestParameters={field: named}))) == {"trail"}


@pytest.mark.parametrize(
    "similar", ["main2", "domain", TRAIL_ARN + "2", TRAIL_ARN.replace("111122223333", "444455556666")]
)
def test_a_trail_of_a_similar_name_is_another_one(similar: str) -> None:
    assert told(as_event(call("StopLogging", requestParameters={"name": similar}))) == set()


def test_a_published_refusal_is_not_told() -> None:
    assert told(as_event(call("failed/StopLogging-InvalidTrailNameException"))) == set()


@pytest.mark.parametrize("similar", [f"{ROLE}-2", f"my-{ROLE}"])
def test_a_role_of_a_similar_name_is_another_one(similar: str) -> None:
    assert told(as_event(call("AttachRolePolicy", requestParameters={"roleName": similar}))) == set()


def test_a_role_is_known_however_a_caller_writes_its_name() -> None:
    assert told(as_event(call("AttachRolePolicy", requestParameters={"roleName": ROLE.upper()}))) == {"role"}
    assert told(as_event(call("DeletePolicy", requestParameters={"policyArn": POLICY_ARN.upper()}))) == {"policy"}


def test_an_alias_that_begins_alike_is_another_one() -> None:
    assert told(as_event(call("DeleteAlias", requestParameters={"aliasName": f"{ALIAS}2"}))) == set()


def test_patterns_of_the_longest_names_fit_what_event_bridge_takes() -> None:
    place = "us-gov-west-1:111122223333"
    topic = topic_pattern(f"arn:aws-us-gov:sns:{place}:{'t' * 256}")
    queue = f"https://sqs.us-gov-west-1.amazonaws.com/111122223333/{'q' * 80}"
    means = means_pattern(prefix="s" * 24, queue_url=queue, log_group_name="g" * 200)
    trail = trail_pattern(name="t" * 128, arn=f"arn:aws-us-gov:cloudtrail:{place}:trail/{'t' * 128}", bucket="b" * 63)

    assert [len(json.dumps(each)) for each in (topic, means, trail) if len(json.dumps(each)) > 2_048] == []


@pytest.mark.parametrize(("rule", "name"), EACH)
def test_each_message_says_what_happened_to_what_and_who_did_it(rule: str, name: str) -> None:
    published, message = call(name), MESSAGES[rule]

    text = text_of(message, published)

    first, *rest = (line.strip('"') for line in text.splitlines())
    assert name in first
    assert name_in(rule, name) in text or name in {"DeleteAlarms", "DisableAlarmActions"}  # which have a list
    assert "<" not in text
    assert f"Who: {published['userIdentity']['arn']} ({published['userIdentity']['type']})" in rest
    assert f"From: {published['sourceIPAddress']}" in rest
    assert any(line.startswith("Do now (1): ") for line in rest)


def test_the_message_of_a_moved_alias_says_where_to() -> None:
    text = text_of(alias_message(), call("UpdateAlias"))

    assert text.startswith('"alias/my_alias was moved, made or deleted: UpdateAlias"')
    assert '"Now it points to: 1234abcd-12ab-34cd-56ef-1234567890ab"' in text
    assert '"Now it points to: "' in text_of(alias_message(), call("DeleteAlias"))


@pytest.mark.parametrize("message", MESSAGES.values(), ids=MESSAGES)
def test_templates_fit_what_event_bridge_takes(message: Message) -> None:
    for form in Form:
        assert len(message.template(form)) <= 8_192
        assert len(message.used_paths(form)) <= 100


def text_of(message: Message, published: dict[str, Any]) -> str:
    return rendered(message.template(Form.TEXT), message.used_paths(Form.TEXT), as_event(published))
