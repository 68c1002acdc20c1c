import json
from typing import Any

import pytest

from constructs_lib.watching.key_event import KeyEvent
from constructs_lib.watching.key_events import KINDS, WatchedName
from constructs_lib.watching.messages import Form
from tests.support.told_events import ALIAS, KEY_ARN, as_event, call, matches, news, rendered

KEY = WatchedName(arn=KEY_ARN, called=ALIAS)
CONSOLE = {"userIdentity": {"type": "IAMUser", "arn": "arn:aws:iam::111122223333:user/Alice"}}

BY_CALL = {
    "DisableKey": KeyEvent.DISABLED,
    "ScheduleKeyDeletion": KeyEvent.DELETION_SCHEDULED,
    "EnableKey": KeyEvent.RESUMED,
    "CancelKeyDeletion": KeyEvent.RESUMED,
    "PutKeyPolicy": KeyEvent.POLICY_OR_TAGS_CHANGED,
    "TagResource": KeyEvent.POLICY_OR_TAGS_CHANGED,
    "UntagResource": KeyEvent.POLICY_OR_TAGS_CHANGED,
    "CreateGrant": KeyEvent.GRANTS_CHANGED,
    "questions/RevokeGrant": KeyEvent.GRANTS_CHANGED,
    "questions/RetireGrant": KeyEvent.GRANTS_CHANGED,
    "DisableKeyRotation": KeyEvent.ROTATION_CHANGED,
    "EnableKeyRotation": KeyEvent.ROTATION_CHANGED,
    "RotateKeyOnDemand": KeyEvent.ROTATION_CHANGED,
    "DeleteImportedKeyMaterial": KeyEvent.MATERIAL_CHANGED,
    "ImportKeyMaterial": KeyEvent.MATERIAL_CHANGED,
    "ReplicateKey": KeyEvent.REPLICATED,
    "UpdatePrimaryRegion": KeyEvent.REPLICATED,
    "UpdatePrimaryRegion-new-primary": KeyEvent.REPLICATED,
}
BY_NEWS = {
    "KmsCmkDeletion": KeyEvent.GONE,
    "KmsCmkRotation": KeyEvent.ROTATED,
    "KmsImportedKeyMaterialExpiration": KeyEvent.MATERIAL_EXPIRED,
}


def grant_through(invoker: str) -> dict[str, Any]:
    return as_event(call("CreateGrant", userIdentity={**call("CreateGrant")["userIdentity"], "invokedBy": invoker}))


def told(event: dict[str, object], key: WatchedName = KEY) -> set[KeyEvent]:
    return {each for each, kind in KINDS.items() if matches(kind.pattern(key), event)}


@pytest.mark.parametrize(("name", "expected"), BY_CALL.items())
def test_the_published_record_of_each_call_is_told_by_one_rule(name: str, expected: KeyEvent) -> None:
    assert told(as_event(call(name))) == {expected}


@pytest.mark.parametrize(("name", "expected"), BY_NEWS.items())
def test_each_event_that_kms_sends_itself_is_told_by_one_rule(name: str, expected: KeyEvent) -> None:
    assert told(news(name)) == {expected}


def test_every_kind_has_a_published_record_and_so_has_each_of_its_calls() -> None:
    assert (
        set(BY_CALL.values()) | set(BY_NEWS.values()) | {KeyEvent.SERVICE_GRANTS_CHANGED} == set(KeyEvent) == set(KINDS)
    )
    assert {call(name)["eventName"] for name in BY_CALL} == {each for kind in KINDS.values() for each in kind.calls}


@pytest.mark.parametrize("name", BY_CALL)
def test_nothing_is_told_of_near_misses(name: str) -> None:
    published = call(name)
    other_key = json.loads(json.dumps(published).replace("1234abcd-12ab", "1234abcd-12ac"))
    other_account = json.loads(json.dumps(published).replace(":111122223333:key/", ":444455556666:key/"))
    misses = {
        "another key": as_event(other_key),
        "the key of that id in another account": as_event(other_account),
        "refused": as_event({**published, "errorCode": "AccessDenied"}),
        "failed": as_event({**published, "errorCode": "KMSInvalidStateException"}),
        "another call": as_event({**published, "eventName": "DescribeKey"}),
        "another event source": as_event(published) | {"detail": {**published, "eventSource": "s3.amazonaws.com"}},
        "another source": as_event(published) | {"source": "aws.s3"},
        "somebody's own event": as_event(published) | {"source": "my.app"},
        "what a service did itself": as_event(published) | {"detail-type": "AWS Service Event via CloudTrail"},
    }

    assert {miss: told(event) for miss, event in misses.items()} == {miss: set() for miss in misses}


@pytest.mark.parametrize("name", BY_NEWS)
def test_nothing_is_told_of_the_news_of_other_keys_or_of_other_services(name: str) -> None:
    event = news(name)

    assert told(event | {"resources": [KEY_ARN.replace("1234abcd", "1234abce")]}) == set()
    assert told(event | {"source": "my.app"}) == set()
    assert told(event | {"detail-type": "KMS CMK Creation"}) == set()


@pytest.mark.parametrize(
    "service", ["AWS Internal", *(f"{name}.amazonaws.com" for name in ("ec2", "rds", "dynamodb", "eks", "lambda"))]
)
def test_grants_that_services_ask_for_are_told_apart_and_only_on_request(service: str) -> None:
    assert told(grant_through(service)) == {KeyEvent.SERVICE_GRANTS_CHANGED}
    assert KeyEvent.SERVICE_GRANTS_CHANGED not in KeyEvent.usual()


def test_the_published_grant_of_a_volume_is_one_of_a_service() -> None:
    published = call("questions/CreateGrant-by-ec2")
    arn = published["resources"][0]["ARN"]

    assert told(as_event(published), WatchedName(arn=arn, called=ALIAS)) == {KeyEvent.SERVICE_GRANTS_CHANGED}


@pytest.mark.parametrize(
    "service", [f"{name}.amazonaws.com" for name in ("signin", "states", "scheduler", "ssm", "s3", "apigateway")]
)
def test_a_grant_that_somebody_asks_for_through_another_service_is_told_like_his_own(service: str) -> None:
    assert told(grant_through(service)) == {KeyEvent.GRANTS_CHANGED}


def test_the_message_of_an_import_says_when_the_material_expires() -> None:
    message = KINDS[KeyEvent.MATERIAL_CHANGED].message(KEY)

    text = rendered(message.template(Form.TEXT), message.used_paths(Form.TEXT), as_event(call("ImportKeyMaterial")))

    assert "was deleted or imported: ImportKeyMaterial" in text.splitlines()[0]
    assert '"Expires: May 21, 2025, 5:47:45 AM"' in text


@pytest.mark.parametrize("name", ["RevokeGrant", "RetireGrant"])
def test_the_message_of_a_grant_that_ended_says_which(name: str) -> None:
    message, published = KINDS[KeyEvent.GRANTS_CHANGED].message(KEY), call(f"questions/{name}")

    text = rendered(message.template(Form.TEXT), message.used_paths(Form.TEXT), as_event(published))

    assert '"Grant: abcde1237f76e4ba7987489ac329fbfba6ad343d6f7075dbd1ef191f0120514a"' in text


@pytest.mark.parametrize("event", KeyEvent)
def test_patterns_and_templates_fit_what_event_bridge_takes(event: KeyEvent) -> None:
    longest = WatchedName(
        arn="arn:aws-us-gov:kms:us-gov-west-1:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab",
        called="alias/" + "a" * 250,
    )
    message = KINDS[event].message(longest)

    assert len(json.dumps(KINDS[event].pattern(longest))) <= 2_048
    for form in Form:
        assert len(message.template(form)) <= 8_192
        assert len(message.used_paths(form)) <= 100


@pytest.mark.parametrize("name", BY_CALL)
def test_each_message_of_a_call_says_who_did_what_to_which_key_from_where_when_and_what_to_do(name: str) -> None:
    published = call(name)
    message = KINDS[BY_CALL[name]].message(KEY)

    text = rendered(message.template(Form.TEXT), message.used_paths(Form.TEXT), as_event(published))

    lines = [line.strip('"') for line in text.splitlines()]
    assert ALIAS in lines[0]
    assert KEY_ARN in lines[1]
    assert "<" not in text
    assert "Who: arn:aws:iam::111122223333:user/Alice (IAMUser)" in lines
    assert "From: 192.0.2.0" in lines
    assert f"When: {published['eventTime']}, account 111122223333, Region us-east-1" in lines
    assert any(published["eventID"] in line for line in lines)
    assert any(line.startswith("Do now (1): aws kms ") for line in lines)
    if len(KINDS[BY_CALL[name]].calls) > 1:
        assert published["eventName"] in lines[0]


def test_the_message_of_a_deletion_says_when_it_will_be() -> None:
    message = KINDS[KeyEvent.DELETION_SCHEDULED].message(KEY)

    text = rendered(message.template(Form.TEXT), message.used_paths(Form.TEXT), as_event(call("ScheduleKeyDeletion")))

    record = "AttributeKey=EventId,AttributeValue=3c4226b0-1e81-48a8-a333-7fa5f3cbd118"
    assert text.splitlines() == [
        '"alias/my_alias will be deleted on Apr 12, 2021 18:58:30 PM"',
        f'"Key: alias/my_alias, {KEY_ARN}"',
        '"What it means: nothing that it encrypts can be read now, and after the deletion never again"',
        '"Who: arn:aws:iam::111122223333:user/Alice (IAMUser)"',
        '"Caller: EX_PRINCIPAL_ID of account 111122223333"',
        '"From: 192.0.2.0"',
        '"When: 2021-03-23T18:58:30Z, account 111122223333, Region us-east-1"',
        f'"Record: aws cloudtrail lookup-events --region us-east-1 --lookup-attributes {record}"',
        f'"Do now (1): aws kms cancel-key-deletion --region us-east-1 --key-id {KEY_ARN} if nobody planned this"',
        f'"Do now (2): aws kms enable-key --region us-east-1 --key-id {KEY_ARN}, since it stays disabled"',
        '"Read on: docs/runbook.md#deletion-was-scheduled of cdk-key-management"',
    ]


def test_the_message_of_a_grant_says_to_whom_and_how_to_take_it_back() -> None:
    message = KINDS[KeyEvent.GRANTS_CHANGED].message(KEY)

    text = rendered(message.template(Form.TEXT), message.used_paths(Form.TEXT), as_event(call("CreateGrant")))

    grant = "f020fe75197b93991dc8491d6f19dd3cebb24ee62277a05914386724f3d48758"
    assert '"Grantee: EX_PRINCIPAL_ID"' in text
    assert f"revoke-grant --region us-east-1 --key-id {KEY_ARN} --grant-id {grant} " in text


@pytest.mark.parametrize("name", BY_NEWS)
def test_each_message_of_news_says_what_happened_to_which_key_and_when(name: str) -> None:
    message = KINDS[BY_NEWS[name]].message(KEY)

    text = rendered(message.template(Form.TEXT), message.used_paths(Form.TEXT), news(name))

    assert text.startswith(f'"{ALIAS} ') or f"of {ALIAS} " in text.splitlines()[0]
    assert "<" not in text
    assert f"When: {news(name)['time']}, account 111122223333" in text
