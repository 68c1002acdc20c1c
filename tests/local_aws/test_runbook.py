"""The runbook: each of its commands, in its order, as the person whom it names; whom it refuses is refused."""

import base64
import json
import os
import re
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from click.testing import CliRunner, Result

from kms_envelope.exit_code import ExitCode
from kms_envelope.program import program
from local_aws import LocalAws
from tests.support.deployed_runbook import REFUSED, sections_with_commands
from tests.support.material_import import import_material
from tests.support.operator_commands import OperatorCommands
from tests.support.runbook_scene import BUCKET, CONTEXT, RunbookScene
from tests.support.stack_operation import error_code

pytestmark = pytest.mark.deploy

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGE = (DOCS / "runbook.md").read_text()
ELSEWHERE = "us-east-1"
NOT_HERE = {
    ("cloudformation", "describe-stack-resources"): "the emulator finds a stack by its name alone",
    ("cloudtrail", "validate-logs"): "the emulator writes no digest files",
    ("iam", "set-default-policy-version"): "the emulator knows no such call",
    ("kms", "get-key-last-usage"): "the emulator does not keep when a key was used",
}


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunbookScene]:
    """Deploy everything once; each test leaves it as it was."""
    with LocalAws() as aws:
        yield RunbookScene(aws, PAGE, tmp_path_factory.mktemp("runbook"), not_here=NOT_HERE)


def _document(*statements: Any) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def refusal(call: Any, **parameters: Any) -> str:
    with pytest.raises(ClientError) as refused:
        call(**parameters)
    return error_code(refused.value)


def test_the_first_look_says_state_and_what_was_done_with_the_key(scene: RunbookScene) -> None:
    scene.opens(scene.encrypt())

    state, of_key, of_session = map(json.loads, scene.page.follow("First look"))

    assert state == ["Enabled", None, None]
    assert {("Encrypt", "encrypter"), ("Decrypt", "decrypter")} <= {(event[1], event[2]) for event in of_key}
    assert ["Decrypt", "kms.amazonaws.com"] in [event[1:] for event in of_session]


def test_somebody_who_uses_the_key_is_stopped_and_what_he_opened_is_found(scene: RunbookScene) -> None:
    sealed = scene.encrypt()
    assert scene.opens(sealed)
    time.sleep(1 - time.time() % 1)  # revoked is what is older, and both are said in seconds

    role = scene.out["DecrypterRole"]
    steps = scene.page.walk("Somebody who may use the key", ROLE="decrypter", ROLE_ARN=role)
    next(steps)
    assert not scene.opens(sealed)
    scene.page.log_in_again("decrypter")
    assert scene.opens(sealed)

    next(steps)
    grant = scene.grant("DecrypterRole", "Decrypt")
    assert not scene.opens(sealed)
    scene.kms("colleague").revoke_grant(KeyId=scene.out["OrdersKey"], GrantId=grant)

    next(steps)
    opened = [json.loads(each)["requestParameters"]["encryptionContext"] for each in scene.page.written("opened.json")]
    assert CONTEXT in opened
    next(steps)
    assert scene.opens(sealed)
    assert next(steps, None) is None


def test_objects_and_ciphertexts_move_to_a_new_key(scene: RunbookScene) -> None:
    (scene.folder / "sealed.bin").write_bytes(scene.encrypt())
    bucket = scene.page.client("re-encrypter", "s3", "")
    bucket.put_object(Bucket=BUCKET, Key="1.csv", Body=b"data")
    new = scene.out["OtherKey"]

    scene.page.follow("A new key", BUCKET=BUCKET, OBJECT="1.csv", NEW_KEY_ARN=new)

    assert scene.page.client("re-encrypter", "s3", "").head_object(Bucket=BUCKET, Key="1.csv")["SSEKMSKeyId"] == new
    resealed = base64.b64decode((scene.folder / "resealed.b64").read_text())
    opened = scene.kms("decrypter").decrypt(CiphertextBlob=resealed, EncryptionContext=CONTEXT)
    assert (opened["KeyId"], opened["Plaintext"]) == (new, b"data")


def test_a_grant_is_found_and_revoked(scene: RunbookScene) -> None:
    sealed = scene.encrypt()
    grant = scene.grant("RecoveryRole", "Decrypt")
    recovery = "decrypter of the further key"
    assert scene.opens(sealed, recovery)

    steps = scene.page.walk("A grant was created", GRANT_ID=grant)
    (listed,) = next(steps)
    assert [each[:3] for each in json.loads(listed)] == [[grant, scene.out["RecoveryRole"], ["Decrypt"]]]
    next(steps)

    assert not scene.opens(sealed, recovery)


def test_a_changed_policy_is_found_and_put_back_from_the_template(scene: RunbookScene) -> None:
    sealed = scene.encrypt()
    before = json.loads(scene.kms("auditor").get_key_policy(KeyId=scene.out["OrdersKey"])["Policy"])
    scene.let_in("ColleagueRole", "kms:Decrypt")
    assert scene.opens(sealed, "colleague")

    steps = scene.page.walk("A key policy changed", LOGICAL_ID=scene.logical_ids["Orders"])
    next(steps)
    (added,) = scene.page.written("drift.json")["PropertyDifferences"]
    assert (added["DifferenceType"], "kms:Decrypt" in added["ActualValue"]) == ("ADD", True)
    assert next(steps) == ["IN_SYNC"]

    assert not scene.opens(sealed, "colleague")
    assert json.loads(scene.kms("auditor").get_key_policy(KeyId=scene.out["OrdersKey"])["Policy"]) == before


@pytest.mark.parametrize("still_in", ["deployer", "account", ""])
def test_whoever_is_still_in_a_policy_puts_it_back_and_nobody_else(scene: RunbookScene, still_in: str) -> None:
    account = f"arn:aws:iam::{scene.aws.account}:root"
    key, people = scene.out["OtherKey"], {**scene.page.people, "account": account}
    before = scene.kms("responder").get_key_policy(KeyId=key)["Policy"]
    statements = [
        {"Effect": "Allow", "Principal": {"AWS": people[each]}, "Action": "kms:PutKeyPolicy", "Resource": "*"}
        for each in ("colleague", still_in)
        if each
    ]
    scene.kms("colleague").put_key_policy(KeyId=key, Policy=_document(*statements))

    everybody = {each: scene.kms(each) for each in ("responder", "auditor", "deployer")}
    everybody["account"] = scene.aws.session().client("kms")  # whom IAM allows everything
    # The deployer's own IAM policy allows everything too.
    able = {"deployer", "account"} if still_in == "account" else {still_in} - {""}
    for person, kms in everybody.items():
        if person not in able:
            assert refusal(kms.put_key_policy, KeyId=key, Policy=before) == "AccessDeniedException", person

    if still_in == "account":  # KMS refuses anybody a policy under which he could not put the next one
        assert (
            refusal(everybody["account"].put_key_policy, KeyId=key, Policy=before) == "MalformedPolicyDocumentException"
        )
        statements.append({**statements[0], "Principal": {"AWS": people["responder"]}})
        everybody["account"].put_key_policy(KeyId=key, Policy=_document(*statements))
    able_at_last = {"deployer": "deployer", "account": "responder"}.get(still_in, "colleague")
    scene.kms(able_at_last).put_key_policy(KeyId=key, Policy=before)
    assert scene.kms("responder").get_key_policy(KeyId=key)["Policy"] == before


def test_a_disabled_key_is_enabled_and_its_users_are_found(scene: RunbookScene) -> None:
    key = scene.out["OrdersKey"]
    sealed = scene.encrypt()
    scene.kms("colleague").disable_key(KeyId=key)
    assert refusal(scene.kms("decrypter").decrypt, CiphertextBlob=sealed) == "DisabledException"

    (users,) = scene.page.follow("Use of a disabled key")
    assert [event[1:] for event in json.loads(users)] == [["Decrypt", "decrypter"]]
    assert scene.page.follow("A key was disabled") == ["Enabled"]
    assert scene.opens(sealed)

    databases, *_ = scene.page.follow("What disabling breaks")
    assert json.loads(databases) == []
    assert scene.state("OrdersKey") == "Disabled"
    scene.kms("responder").enable_key(KeyId=key)


def test_a_deletion_is_cancelled_and_who_needed_the_key_is_found(scene: RunbookScene) -> None:
    sealed = scene.encrypt()
    scene.kms("colleague").schedule_key_deletion(KeyId=scene.out["OrdersKey"], PendingWindowInDays=7)
    assert refusal(scene.kms("decrypter").decrypt, CiphertextBlob=sealed) == "KMSInvalidStateException"

    (users,) = scene.page.follow("Use of a key that is pending deletion")
    *_, state = scene.page.follow("Deletion was scheduled")

    assert [event[1:] for event in json.loads(users)] == [["Decrypt", "decrypter"]]
    assert state == "Enabled"
    assert scene.opens(sealed)


def test_rotation_is_switched_on_again_and_rotations_are_listed(scene: RunbookScene) -> None:
    key = scene.out["OrdersKey"]
    scene.kms("colleague").disable_key_rotation(KeyId=key)
    scene.kms("colleague").rotate_key_on_demand(KeyId=key)

    *_, status = scene.page.follow("Rotation was disabled")
    (rotations,) = scene.page.follow("A key was rotated on demand")

    assert json.loads(status)["KeyRotationEnabled"]
    assert len(json.loads(rotations)) == 1


def test_leaked_material_is_taken_away_and_missing_material_is_imported_again(scene: RunbookScene) -> None:
    material = os.urandom(32)
    import_material(scene.kms("colleague"), scene.out["VaultKey"], material)
    sealed = scene.encrypt("VaultKey")
    assert scene.opens(sealed)

    *_, state = scene.page.follow("The material leaked", KEY_ARN=scene.out["VaultKey"])
    assert state == "PendingImport"
    assert refusal(scene.kms("decrypter").decrypt, CiphertextBlob=sealed) == "KMSInvalidStateException"

    told, *_ = scene.page.follow("Imported material expires or was deleted", KEY_ARN=scene.out["VaultKey"])
    assert json.loads(told)[0] == "PendingImport"

    (scene.folder / "material.bin").write_bytes(material)
    keeper = OperatorCommands(scene.kms("responder"), scene.folder, KEY_ID=scene.out["VaultKey"])
    keeper.before_each = lambda command: command.name != "get-parameters-for-import"  # which the runbook had
    assert keeper.follow(DOCS / "imported-material.md", "Wrap", "Import")[-1] == "Enabled"
    assert scene.opens(sealed)


def test_an_alias_is_pointed_back_and_the_other_key_is_remembered(scene: RunbookScene) -> None:
    other = scene.out["OtherKey"].rpartition("/")[2]
    scene.kms("colleague").update_alias(AliasName="alias/orders", TargetKeyId=other)

    assert scene.page.follow("An alias moved", ALIAS="alias/orders") == [scene.out["OrdersKey"].rpartition("/")[2]]

    assert scene.page.found["OTHER_KEY"] == other


def test_a_replica_of_a_stranger_is_found_disabled_and_scheduled_for_deletion(scene: RunbookScene) -> None:
    sealed = scene.encrypt("LedgerKey")
    key = scene.out["LedgerKey"].rpartition("/")[2]
    _replicate(scene, "responder", "kms:*")
    assert scene.opens(sealed, "encrypter", ELSEWHERE)

    steps = scene.page.walk("A replica that nobody ordered", KEY_ARN=scene.out["LedgerKey"], OTHER_REGION=ELSEWHERE)
    assert next(steps) == [ELSEWHERE]
    next(steps)

    assert scene.kms("responder", ELSEWHERE).describe_key(KeyId=key)["KeyMetadata"]["KeyState"] == "PendingDeletion"
    assert refusal(scene.kms("encrypter", ELSEWHERE).decrypt, CiphertextBlob=sealed) == "KMSInvalidStateException"
    assert scene.opens(sealed)


def _replicate(scene: RunbookScene, administrator: str, action: str) -> None:
    """Make a replica whose policy lets an encrypter decrypt, and somebody do something."""
    people = {"kms:Decrypt": "encrypter", action: administrator}
    statements = [
        {"Effect": "Allow", "Principal": {"AWS": scene.page.people[who]}, "Action": what, "Resource": "*"}
        for what, who in people.items()
    ]
    policy = _document(*statements)
    request = {"KeyId": scene.out["LedgerKey"], "ReplicaRegion": ELSEWHERE, "Policy": policy}
    scene.kms("colleague").replicate_key(**request, BypassPolicyLockoutSafetyCheck=True)


def test_a_message_under_two_keys_opens_when_the_first_is_gone(
    scene: RunbookScene, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    keys = ("--key", scene.out["OrdersKey"], "--key", scene.out["FurtherKey"])
    Path("orders.sql").write_bytes(b"select 1")
    wrote = _envelope(scene, "encrypter", "encrypt", *keys, "--context", "purpose=backup", "orders.sql", "orders.enc")
    assert wrote.exit_code == 0, wrote.stderr
    scene.kms("colleague").schedule_key_deletion(KeyId=scene.out["OrdersKey"], PendingWindowInDays=7)

    (step,) = [each for each in scene.page.steps if each.section == "Messages under further keys"]
    told, opened = [line.replace('"$FURTHER_KEY"', scene.out["FurtherKey"]).split() for line in step.text.splitlines()]

    assert scene.out["FurtherKey"] in _envelope(scene, step.person, *told[1:]).stdout
    assert _envelope(scene, step.refused[0], *opened[1:]).exit_code == ExitCode.ACCESS_DENIED
    assert _envelope(scene, step.person, *opened[1:]).exit_code == 0
    assert Path("orders.csv").read_bytes() == b"select 1"

    scene.page.follow("Deletion was scheduled")


class _ClientsOf:
    """The clients of a person for the command line, whatever profile it is told."""

    def __init__(self, scene: RunbookScene, person: str) -> None:
        self._scene, self._person = scene, person

    def __call__(self, *_options: str | None) -> "_ClientsOf":
        return self

    def kms(self, region: str) -> Any:
        return self._scene.kms(self._person, region)


def _envelope(scene: RunbookScene, person: str, *words: str) -> Result:
    return CliRunner().invoke(program, words, obj=_ClientsOf(scene, person), catch_exceptions=False)


@pytest.fixture(scope="module")
def trail(scene: RunbookScene) -> str:
    """Make a trail."""
    session: Any = scene.aws.session()
    s3, cloudtrail = session.client("s3"), session.client("cloudtrail")
    s3.create_bucket(Bucket="runbook-trail", CreateBucketConfiguration={"LocationConstraint": scene.aws.region})
    bucket, service = "arn:aws:s3:::runbook-trail", {"Service": "cloudtrail.amazonaws.com"}
    files = f"{bucket}/AWSLogs/{scene.aws.account}/*"
    owned = {"StringEquals": {"s3:x-amz-acl": "bucket-owner-full-control"}}
    may = {"Effect": "Allow", "Principal": service}
    policy = _document(
        {**may, "Action": "s3:GetBucketAcl", "Resource": bucket},
        {**may, "Action": "s3:PutObject", "Resource": files, "Condition": owned},
    )
    s3.put_bucket_policy(Bucket="runbook-trail", Policy=policy)
    made = cloudtrail.create_trail(Name="runbook", S3BucketName="runbook-trail", IsMultiRegionTrail=True)
    cloudtrail.start_logging(Name="runbook")
    return str(made["TrailARN"])


def test_a_stopped_trail_is_started_and_the_gap_is_kept(scene: RunbookScene, trail: str) -> None:
    cloudtrail = scene.aws.session().client("cloudtrail")
    cloudtrail.stop_logging(Name="runbook")
    scene.opens(scene.encrypt())

    steps = scene.page.walk("The trail was stopped or changed", TRAIL_ARN=trail)
    status, trails, selectors = map(json.loads, next(steps))
    assert status[0] is False
    assert trails[0][0] is True
    assert json.loads(json.dumps(selectors))["EventSelectors"]
    assert cloudtrail.get_trail_status(Name="runbook")["IsLogging"]

    next(steps)
    assert "Decrypt" in {json.loads(each)["eventName"] for each in scene.page.written("gap.json")}
    assert next(steps) == []  # validated, not run


def test_a_changed_role_is_put_back_from_the_template(scene: RunbookScene) -> None:
    iam = scene.aws.session().client("iam")
    before = iam.get_role(RoleName="decrypter")["Role"]["AssumeRolePolicyDocument"]
    trust = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}
    reading = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
    wider = {**reading, "Action": "s3:*"}
    iam.update_assume_role_policy(RoleName="decrypter", PolicyDocument=_document(trust))
    iam.put_role_policy(RoleName="decrypter", PolicyName="added", PolicyDocument=_document(reading))
    managed = iam.create_policy(PolicyName="managed", PolicyDocument=_document(reading))["Policy"]["Arn"]
    iam.create_policy_version(PolicyArn=managed, PolicyDocument=_document(wider), SetAsDefault=True)

    known = {"ROLE": "decrypter", "POLICY_NAME": "added", "ROLE_LOGICAL_ID": scene.logical_ids["Decrypter"]}
    known |= {"POLICY_ARN": managed, "VERSION": "v1"}
    iam_says = scene.page.follow("A watched role changed", **known)
    iam.delete_role_policy(RoleName="decrypter", PolicyName="added")

    assert json.loads(iam_says[0])["Statement"] == [trust]
    assert json.loads(iam_says[1]) == ["added"]
    assert scene.page.written("role-drift.json")["StackResourceDriftStatus"] == "MODIFIED"
    versions = json.loads(iam_says[-1])
    assert [each[:2] for each in versions] == [["v1", False], ["v2", True]]
    assert iam.get_role(RoleName="decrypter")["Role"]["AssumeRolePolicyDocument"] == before


def test_refusals_are_found_in_the_record_and_in_the_log_group(scene: RunbookScene) -> None:
    assert refusal(scene.kms("auditor").enable_key, KeyId=scene.out["OrdersKey"]) == "AccessDeniedException"
    logs = scene.aws.session().client("logs")
    logs.create_log_group(logGroupName="runbook")
    logs.create_log_stream(logGroupName="runbook", logStreamName="one")
    now = int(time.time() * 1000)
    records = [
        {"eventSource": "kms.amazonaws.com", "errorCode": "AccessDenied", "eventName": "Decrypt"},
        {"eventSource": "s3.amazonaws.com", "errorCode": "AccessDenied", "eventName": "GetObject"},
        {"eventSource": "kms.amazonaws.com", "eventName": "Decrypt"},
    ]
    events: Sequence[Any] = [{"timestamp": now, "message": json.dumps(each)} for each in records]
    logs.put_log_events(logGroupName="runbook", logStreamName="one", logEvents=events)

    (refused,) = scene.page.follow("Refusals in a burst", LOG_GROUP="runbook")

    assert "EnableKey" in {event[1] for event in json.loads(refused) if event[2] == "auditor"}
    assert [json.loads(each) for each in scene.page.written("refusals.json")] == records[:1]


def test_the_watch_is_switched_on_again(scene: RunbookScene) -> None:
    session = scene.aws.session()
    events, cloudwatch, sns = (session.client(name) for name in ("events", "cloudwatch", "sns"))
    topic = sns.create_topic(Name="keys")["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="email", Endpoint="security@example.com")
    events.put_rule(Name="keys", EventPattern='{"source": ["aws.kms"]}', State="DISABLED")
    events.put_targets(Rule="keys", Targets=[{"Id": "topic", "Arn": topic}])
    cloudwatch.put_metric_alarm(
        AlarmName="keys", MetricName="Refusals", Namespace="Keys", Statistic="Sum", Period=300, EvaluationPeriods=1,
        Threshold=1, ComparisonOperator="GreaterThanOrEqualToThreshold", ActionsEnabled=False,
    )  # fmt: skip

    known = {"RULE": "keys", "ALARM": "keys", "TOPIC_ARN": topic}
    rule, targets, alarms, subscriptions = map(json.loads, scene.page.follow("The watch itself changed", **known))

    assert (rule[0], targets) == ("DISABLED", [topic])
    assert alarms[0][1] is False
    assert subscriptions == [["email", "security@example.com"]]
    assert events.describe_rule(Name="keys")["State"] == "ENABLED"
    assert cloudwatch.describe_alarms(AlarmNames=["keys"])["MetricAlarms"][0]["ActionsEnabled"] is True


def _secrets(scene: RunbookScene, person: str, region: str = "") -> Any:
    return scene.page.client(person, "secretsmanager", region)


def test_a_stuck_rotation_is_cleared_and_the_secret_is_rotated(scene: RunbookScene) -> None:
    arn, writer = scene.secrets.out["RotatedSecret"], _secrets(scene, "writer")
    writer.put_secret_value(SecretId=arn, SecretString="first")
    writer.put_secret_value(SecretId=arn, SecretString="left by a try", VersionStages=["AWSPENDING"])
    stuck = scene.secrets.versions("RotatedSecret")
    logs = scene.aws.session().client("logs")
    logs.create_log_group(logGroupName="rotation")

    steps = scene.page.walk(
        "A secret was not rotated", SECRET_ARN=arn, LOG_GROUP="rotation", VERSION=stuck["AWSPENDING"]
    )
    (described,) = next(steps)
    assert json.loads(described)[0] is True
    (put,) = next(steps)
    assert {event[2] for event in json.loads(put)} >= {"writer"}
    next(steps)
    assert "AWSPENDING" not in scene.secrets.versions("RotatedSecret")
    next(steps)

    scene.secrets.wait_for_version("RotatedSecret", stuck["AWSCURRENT"])
    assert _secrets(scene, "reader").get_secret_value(SecretId=arn)["SecretString"] == "rotated"
    assert next(steps, None) is None


def test_a_label_that_somebody_moved_is_found_and_moved_back(scene: RunbookScene) -> None:
    arn, writer = scene.secrets.out["CopiedSecret"], _secrets(scene, "writer")
    for value in ("compromised", "good"):
        writer.put_secret_value(SecretId=arn, SecretString=value)
    before = scene.secrets.versions("CopiedSecret")
    good, compromised = before["AWSCURRENT"], before["AWSPREVIOUS"]
    _secrets(scene, "administrator of the secret").update_secret_version_stage(
        SecretId=arn, VersionStage="AWSCURRENT", MoveToVersionId=compromised, RemoveFromVersionId=good
    )

    printed = scene.page.follow("A secret has another value", SECRET_ARN=arn, VERSION=good, OTHER_VERSION=compromised)

    assert {event[2] for event in json.loads(printed[0])} >= {"administrator-of-the-secret"}
    assert [compromised, ["AWSCURRENT"]] in json.loads(printed[2])
    assert _secrets(scene, "reader").get_secret_value(SecretId=arn)["SecretString"] == "good"


def test_who_may_read_a_secret_is_looked_at_and_an_unplanned_replica_goes(scene: RunbookScene) -> None:
    arn = scene.secrets.out["CopiedSecret"]
    _secrets(scene, "writer").put_secret_value(SecretId=arn, SecretString="good")
    _secrets(scene, "reader").get_secret_value(SecretId=arn)

    found, _, read = scene.page.follow("Who may read a secret changed", SECRET_ARN=arn, OTHER_REGION=ELSEWHERE)

    assert [each["Region"] for each in json.loads(found)[2]] == [ELSEWHERE]
    assert {"DenyOthersReading"} <= {each["Sid"] for each in scene.page.written("secret-policy.json")["Statement"]}
    assert "reader" in {event[2] for event in json.loads(read)}
    assert not _secrets(scene, "administrator of the secret").describe_secret(SecretId=arn).get("ReplicationStatus")


def test_a_secret_comes_back_and_a_replica_stands_alone(scene: RunbookScene) -> None:
    keeper, arn = _secrets(scene, "administrator of the secret"), scene.secrets.out["RotatedSecret"]
    keeper.delete_secret(SecretId=arn, RecoveryWindowInDays=7)
    refused = refusal(_secrets(scene, "reader").get_secret_value, SecretId=arn)
    assert refused == "InvalidRequestException"

    kept = scene.secrets.out["KeptSecret"]
    known = {"SECRET_ARN": arn, "SECRET_NAME": kept.rpartition(":")[2][:-7], "OTHER_REGION": ELSEWHERE}
    scene.page.follow("A secret will be deleted or is gone", **known)

    assert "DeletedDate" not in keeper.describe_secret(SecretId=arn)
    replica = scene.aws.session().client("secretsmanager", region_name=ELSEWHERE)
    assert "PrimaryRegion" not in replica.describe_secret(SecretId=known["SECRET_NAME"])


def test_a_certificate_that_is_not_validated_is_looked_at_and_the_next_one_is_put_into_its_secret(
    scene: RunbookScene,
) -> None:
    acm, route53 = (scene.aws.session().client(name) for name in ("acm", "route53"))
    arn = acm.request_certificate(DomainName="orders.example.com", ValidationMethod="DNS")["CertificateArn"]
    zone = route53.create_hosted_zone(Name="example.com", CallerReference="runbook")["HostedZone"]["Id"]
    known = {"CERTIFICATE_ARN": arn, "HOSTED_ZONE_ID": zone.rpartition("/")[2], "LOG_GROUP": "import"}
    scene.aws.session().client("logs").create_log_group(logGroupName="import")
    (scene.folder / "certificate.json").write_text('{"certificate": "next"}')
    secret = scene.secrets.out["CopiedSecret"]

    (looked,) = scene.page.follow("A certificate expires or has expired", **known, SECRET_ARN=secret)[:1]
    needed, why, there = map(json.loads, scene.page.follow("A certificate is not renewed", **known))
    scene.page.follow("A certificate was refused", **known)
    scene.page.follow("A certificate was revoked")

    assert json.loads(looked)[:2] == ["AMAZON_ISSUED", "PENDING_VALIDATION"]
    ((name, status, record, value),) = needed
    assert (name, status, why[2]) == ("orders.example.com", "PENDING_VALIDATION", [])
    assert record.endswith(".orders.example.com.")
    assert value.endswith(".acm-validations.aws.")
    assert there == []
    assert _secrets(scene, "reader").get_secret_value(SecretId=secret)["SecretString"] == '{"certificate": "next"}'
    assert scene.page.written("refused.json") == []


def test_evidence_is_written_down(scene: RunbookScene, trail: str) -> None:
    scene.opens(scene.encrypt())

    scene.page.follow("Evidence", TRAIL_ARN=trail)

    assert scene.page.written("key.json")["KeyMetadata"]["Arn"] == scene.out["OrdersKey"]
    assert "Administrators" in scene.page.written("key-policy.json")["Policy"]
    assert scene.page.written("grants.json")["Grants"] == []
    assert scene.page.written("rotation.json")["KeyRotationEnabled"]
    assert "Decrypt" in {json.loads(each)["eventName"] for each in scene.page.written("events.json")}
    assert scene.page.written("trail.json")["IsLogging"]
    assert scene.logical_ids["Orders"] in scene.page.written("template.json")["TemplateBody"]["Resources"]


def test_what_is_only_validated_is_what_the_emulator_cannot_do(scene: RunbookScene) -> None:
    iam, cloudformation, kms = (scene.page.client("responder", name, "") for name in ("iam", "cloudformation", "kms"))
    managed = "arn:aws:iam::111122223333:policy/managed"
    key = scene.out["OrdersKey"]

    assert refusal(cloudformation.describe_stack_resources, PhysicalResourceId=key.rpartition("/")[2])
    assert refusal(kms.get_key_last_usage, KeyId=key) not in REFUSED
    assert refusal(iam.set_default_policy_version, PolicyArn=managed, VersionId="v1") == "InvalidAction"


def test_each_section_with_commands_is_followed_here() -> None:
    here = Path(__file__).read_text()
    followed = re.findall(r'(?:follow\(|walk\(|section ==)\s*"([A-Z][^"]+)"', here)

    assert {*followed} == {*sections_with_commands(PAGE)}
