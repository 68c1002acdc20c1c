"""The audit trail and the watch over keys, deployed: what happens is on record, and whoever listens hears of it."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from constructs_lib.auditing.saved_queries.all_queries import all_queries
from constructs_lib.watching.key_event import KeyEvent
from local_aws import LocalAws
from tests.support.audited_account import BURST, ELSEWHERE, TRAIL, AuditedAccount
from tests.support.told_events import ACCOUNT, KEY_ARN, POLICY_ARN, REGION, ROLE, as_event, call, matches, news

pytestmark = pytest.mark.deploy

CALLS = {
    "DisableKey": "alias/orders was disabled",
    "ScheduleKeyDeletion": "alias/orders will be deleted on Apr 12, 2021",
    "EnableKey": "alias/orders can be used again, or its deletion is off: EnableKey",
    "CancelKeyDeletion": "alias/orders can be used again, or its deletion is off: CancelKeyDeletion",
    "PutKeyPolicy": "The key policy of alias/orders was replaced, or its tags: PutKeyPolicy",
    "TagResource": "The key policy of alias/orders was replaced, or its tags: TagResource",
    "CreateGrant": "A grant for somebody to use alias/orders was made or ended: CreateGrant",
    "questions/RevokeGrant": "A grant for somebody to use alias/orders was made or ended: RevokeGrant",
    "questions/CreateGrant-by-ec2": "A grant for an AWS service to use alias/orders was made or ended: CreateGrant",
    "DisableKeyRotation": "The rotation of alias/orders was changed: DisableKeyRotation",
    "EnableKeyRotation": "The rotation of alias/orders was changed: EnableKeyRotation",
    "RotateKeyOnDemand": "The rotation of alias/orders was changed: RotateKeyOnDemand",
    "CreateAlias": "alias/orders was moved, made or deleted: CreateAlias",
    "UpdateAlias": "alias/orders was moved, made or deleted: UpdateAlias",
    "DeleteAlias": "alias/orders was moved, made or deleted: DeleteAlias",
    "StopLogging": "The trail main, or the bucket of its log files, was stopped or changed: StopLogging",
    "PutBucketPolicy": "The trail main, or the bucket of its log files, was stopped or changed: PutBucketPolicy",
    "UpdateAssumeRolePolicy": f"The role {ROLE}, which may use watched keys or writes the copy of the trail, was",
    "CreatePolicyVersion": f"The policy {POLICY_ARN}, of roles that may use watched keys, was changed: CreatePolicy",
    "SetDefaultPolicyVersion": f"The policy {POLICY_ARN}, of roles that may use watched keys, was changed: SetDefault",
    "PutRule": "The watch itself was changed, its rules: PutRule",
    "DisableRule": "The watch itself was changed, its rules: DisableRule",
    "DeleteAlarms": "The watch itself was changed, its alarms, what they count, or its queue: DeleteAlarms",
    "Subscribe": "The watch itself was changed, its topic: Subscribe",
    "Unsubscribe": "The watch itself was changed, its topic: Unsubscribe",
}
OF_A_KEY_MADE_ELSEWHERE = {
    "DeleteImportedKeyMaterial": "The imported material of Audited/Elsewhere was deleted or imported: Delete",
    "ImportKeyMaterial": "The imported material of Audited/Elsewhere was deleted or imported: Import",
    "ReplicateKey": "Audited/Elsewhere reaches another Region: ReplicateKey",
    "UpdatePrimaryRegion": "Audited/Elsewhere reaches another Region: UpdatePrimaryRegion",
}
NEWS = {
    "KmsCmkDeletion": "Audited/Elsewhere was deleted",
    "KmsCmkRotation": "Audited/Elsewhere has new key material",
    "KmsImportedKeyMaterialExpiration": "The imported material of Audited/Elsewhere has expired",
}


@pytest.fixture(scope="module")
def account(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AuditedAccount]:
    """Deploy everything once."""
    with LocalAws(account=ACCOUNT, region=REGION) as aws:
        yield AuditedAccount(aws, tmp_path_factory.mktemp("audited"))


def published(account: AuditedAccount, name: str) -> dict[str, Any]:
    """Return what AWS publishes of an event, as if it had happened here."""
    here = {
        KEY_ARN: account.key if name in CALLS else ELSEWHERE,
        f"arn:aws:kms:{REGION}:{ACCOUNT}:key/e29ddfd4-1bf6-4e1b-8ecb-08216bd70d07": account.key,
        "alias/my_alias": "alias/orders",
        "cttest2": "Audited-Watch",
        f"arn:aws:sns:{REGION}:{ACCOUNT}:hello-topic": account.topic,
        "trail-logs-of-orders": account.bucket,
    }
    text = json.dumps(news(name) if name in NEWS else as_event(call(name)))
    for there, its in here.items():
        text = text.replace(there, its)
    return dict(json.loads(text))


def put(account: AuditedAccount, event: dict[str, Any]) -> None:
    """Let AWS put an event on the bus."""
    entry = {"Source": event["source"], "DetailType": event["detail-type"], "Resources": event["resources"]}
    account.aws.put_event_of_aws({**entry, "Detail": event["detail"]})


def test_there_is_an_event_of_each_kind_and_for_each_rule(account: AuditedAccount) -> None:
    rules = account.client("events").list_rules(NamePrefix="Audited-")["Rules"]
    happened = [published(account, name) for name in (*CALLS, *OF_A_KEY_MADE_ELSEWHERE, *NEWS)]

    seen = [
        each["Description"]
        for each in rules
        if any(matches(json.loads(each["EventPattern"]), event) for event in happened)
    ]

    kinds = {description.partition(": ")[2] or description for description in seen}
    assert kinds == {each["Description"].partition(": ")[2] or each["Description"] for each in rules}
    assert {event.value for event in KeyEvent} < kinds


def test_the_trail_logs_and_a_call_of_kms_is_on_record(account: AuditedAccount) -> None:
    kms = account.client("kms")
    kms.describe_key(KeyId=account.key)

    status = account.client("cloudtrail").get_trail_status(Name=TRAIL)

    assert status["IsLogging"]
    assert not {"LatestDeliveryError", "LatestCloudWatchLogsDeliveryError"} & set(status)
    for records in (account.log_records(), account.log_events()):
        found = [each for each in records if each["eventName"] == "DescribeKey"]
        assert {each["resources"][0]["ARN"] for each in found} == {account.key}


def test_refuses_the_administrator_to_forge_lock_or_delete_a_log_file(account: AuditedAccount) -> None:
    s3, bucket = account.client("s3"), account.bucket
    listed = s3.list_object_versions(Bucket=bucket, Prefix="AWSLogs/")["Versions"]
    key, version = listed[0]["Key"], listed[0]["VersionId"]
    assert s3.get_object_attributes(Bucket=bucket, Key=key, ObjectAttributes=["ObjectSize"])["ObjectSize"] > 0

    for call_of_s3, said in (
        (s3.put_object, {"Key": f"AWSLogs/{ACCOUNT}/forged.json.gz"}),
        (s3.put_object, {"Key": key, "ServerSideEncryption": "AES256"}),
        (s3.copy_object, {"Key": f"{key}.gz", "CopySource": f"{bucket}/{key}"}),
        (s3.create_multipart_upload, {"Key": key}),
        (s3.delete_object, {"Key": key}),
        (s3.delete_object, {"Key": key, "VersionId": version}),
        (s3.delete_objects, {"Delete": {"Objects": [{"Key": key, "VersionId": version}]}}),
    ):
        with pytest.raises(ClientError, match=r"AccessDenied.*explicit deny in a resource-based policy"):
            call_of_s3(Bucket=bucket, **said)


@pytest.mark.parametrize(("name", "text"), CALLS.items())
def test_the_published_record_of_each_call_reaches_a_subscriber_in_words(
    account: AuditedAccount, name: str, text: str
) -> None:
    put(account, published(account, name))

    (message,) = account.hear(lambda heard: text in heard)

    assert text in message.splitlines()[0]
    assert "Do now (1): " in message
    assert "Who: arn:aws:" in message


@pytest.mark.parametrize(("name", "text"), [*OF_A_KEY_MADE_ELSEWHERE.items(), *NEWS.items()])
def test_what_happens_to_a_key_that_is_made_elsewhere_reaches_a_subscriber_in_words(
    account: AuditedAccount, name: str, text: str
) -> None:
    put(account, published(account, name))

    (message,) = account.hear(lambda heard: text in heard)

    assert text in message.splitlines()[0]
    assert "Do now (1): " in message


def test_a_key_that_is_disabled_for_real_is_told_with_whoever_did_it(account: AuditedAccount) -> None:
    kms = account.client("kms")
    kms.disable_key(KeyId=account.key)
    (message,) = account.hear(lambda heard: "was disabled" in heard)
    kms.enable_key(KeyId=account.key)

    assert f"Who: arn:aws:iam::{ACCOUNT}:user/administrator" in message
    account.hear(lambda heard: "EnableKey" in heard)


def test_refusals_in_a_burst_ring_an_alarm(account: AuditedAccount) -> None:
    nobody = account.aws.session(account.aws.assume(account.aws.create_role("nobody"))).client("kms")
    for _ in range(BURST):
        with pytest.raises(ClientError, match="AccessDenied"):
            nobody.generate_data_key(KeyId=account.key, KeySpec="AES_256")

    heard = account.hear(lambda text: '"NewStateValue": "ALARM"' in text)

    (alarm,) = [json.loads(text) for text in heard if text.startswith("{")]
    assert alarm["Trigger"]["Threshold"] == BURST
    assert alarm["OldStateValue"] != "ALARM"


def test_refuses_a_publisher_whom_the_key_of_the_topic_does_not_admit(account: AuditedAccount) -> None:
    with pytest.raises(ClientError, match="KMSAccessDenied"):
        account.client("sns").publish(TopicArn=account.topic, Message="nothing happened")

    assert account.hear(lambda _text: False, seconds=0) == []


def test_a_role_that_is_changed_for_real_is_told(account: AuditedAccount) -> None:
    trust = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    account.client("iam").update_assume_role_policy(RoleName=ROLE, PolicyDocument=document)

    heard = account.hear(lambda text: "UpdateAssumeRolePolicy" in text)

    assert any(ROLE in text for text in heard)


def test_somebody_who_silences_the_watch_for_real_is_told_by_what_is_left(account: AuditedAccount) -> None:
    own = account.client("cloudwatch").describe_alarms(AlarmNamePrefix="Audited-")["MetricAlarms"]
    events = account.client("events")
    rules = [each["Name"] for each in events.list_rules(NamePrefix="Audited-")["Rules"]]
    (itself,) = (each for each in rules if each.startswith("Audited-WatchRules"))

    account.client("cloudwatch").disable_alarm_actions(AlarmNames=[own[0]["AlarmName"]])
    (told,) = [text for text in account.hear(lambda text: "DisableAlarmActions" in text) if "DisableAlarm" in text]
    account.client("cloudwatch").enable_alarm_actions(AlarmNames=[own[0]["AlarmName"]])
    events.disable_rule(Name=itself)
    heard = account.hear(lambda text: "ChangesOfTheWatch" in text)
    events.enable_rule(Name=itself)

    assert "The watch itself was changed" in told
    assert any("ChangesOfTheWatch" in text for text in heard)


def test_the_questions_are_saved_in_the_workgroup(account: AuditedAccount) -> None:
    athena = account.client("athena")

    identifiers = athena.list_named_queries(WorkGroup=account.workgroup)["NamedQueryIds"]

    saved = athena.batch_get_named_query(NamedQueryIds=identifiers)["NamedQueries"]
    assert all(each["QueryString"].strip() for each in saved)
    asked = all_queries("audit_trail", key_arns=(), unused_days=90, seen_days=365)
    assert {each["Name"] for each in saved} == {each.name for each in asked}
