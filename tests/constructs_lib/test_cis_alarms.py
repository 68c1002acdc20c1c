"""CisAlarms: fifteen alarms, named after their controls, that reach whoever is told."""

from dataclasses import dataclass
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_events as events
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sqs as sqs

from constructs_lib import ConfigurationError, EncryptionKey
from constructs_lib.cis_alarms import CisAlarms
from constructs_lib.watching.cis_controls import CisControl
from constructs_lib.watching.notify import NewTopic, ToBus
from constructs_lib.wiring.recorded_trail import TrailReach
from tests.support.findings import COLLECT_ONLY, add_packs, collect_findings, unacknowledged
from tests.support.synthesised import Json, resources, template_of, written

ACCOUNT, REGION = "111122223333", "eu-west-1"


@dataclass(kw_only=True)
class Trail:
    """A trail, as `RecordedTrail` has it."""

    bucket: Any = None
    log_group: Any = None
    trail_name: str = "main"
    trail_arn: str = f"arn:aws:cloudtrail:{REGION}:{ACCOUNT}:trail/main"
    home_region: str = REGION
    home_account: str = ACCOUNT
    reach: TrailReach = TrailReach.EVERY_REGION
    organization_id: str | None = None
    prefix: str = ""
    encryption_key: kms.IKey | None = None


def stack_of(app: cdk.App) -> cdk.Stack:
    return cdk.Stack(app, "Audit", env=cdk.Environment(account=ACCOUNT, region=REGION))


def trail_of(stack: cdk.Stack, **changed: Any) -> Trail:
    given = {
        "bucket": s3.Bucket.from_bucket_name(stack, "Files", "trail-files"),
        "log_group": logs.LogGroup.from_log_group_name(stack, "Copy", "trail-copy"),
    }
    return Trail(**{**given, **changed})


def news(stack: cdk.Stack) -> NewTopic:
    return NewTopic(encryption_key=EncryptionKey(stack, "NewsKey", alias="news", services=["sns"]))


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> cdk.App:
    out = tmp_path_factory.mktemp("cdk.out")
    app = cdk.App(outdir=str(out), builtin_cloud_formation_validation=False, context=COLLECT_ONLY)
    add_packs(app)
    stack = stack_of(app)
    CisAlarms(stack, "Cis", trail=trail_of(stack), notify=news(stack))
    sqs.Queue(stack, "Awake")  # in these every pack finds something
    s3.Bucket(stack, "AwakeToo")
    return app


@pytest.fixture(scope="module")
def template(app: cdk.App) -> Json:
    (stack,) = (each for each in app.node.children if isinstance(each, cdk.Stack))
    return template_of(stack)


def test_no_pack_finds_anything(app: cdk.App) -> None:
    found = unacknowledged(collect_findings(app))

    assert [finding for finding in found if finding.path.startswith("Audit/Cis")] == []


def test_each_control_has_an_alarm_of_its_name_that_tells_the_topic(template: Json) -> None:
    (topic,) = resources(template, "AWS::SNS::Topic")
    alarms = {
        each["Properties"]["AlarmName"]: each["Properties"]
        for each in resources(template, "AWS::CloudWatch::Alarm").values()
    }

    assert len(alarms) == len(CisControl)
    for control in CisControl:
        alarm = alarms[f"Audit-Cis-{control.counted.name}"]
        assert alarm["AlarmActions"] == [{"Ref": topic}]
        assert alarm["AlarmDescription"].startswith(f"CIS {control.value}")
        assert {"OKActions", "InsufficientDataActions"}.isdisjoint(alarm)


def test_each_control_counts_in_the_copy_of_the_trail(template: Json) -> None:
    filters = [each["Properties"] for each in resources(template, "AWS::Logs::MetricFilter").values()]

    assert {each["FilterPattern"] for each in filters} == {control.counted.patterns[0] for control in CisControl}
    assert {each["LogGroupName"] for each in filters} == {"trail-copy"}


def test_some_controls_are_chosen(make_app: Any) -> None:
    stack = stack_of(make_app())

    cis = CisAlarms(
        stack,
        "Cis",
        trail=trail_of(stack),
        notify=news(stack),
        controls=[CisControl.TRAIL_CHANGES, CisControl.KEYS_DISABLED_OR_DELETED, CisControl.TRAIL_CHANGES],
    )

    assert [control.value for control in cis.alarms] == ["4.5", "4.7"]
    assert cis.topic is not None


def test_alarms_lead_to_the_given_runbook(make_app: Any) -> None:
    stack = stack_of(make_app())

    CisAlarms(stack, "Cis", trail=trail_of(stack), notify=news(stack), runbook="wiki/keys")

    alarms = resources(template_of(stack), "AWS::CloudWatch::Alarm").items()
    said = [each["Properties"]["AlarmDescription"] for name, each in alarms if "Undelivered" not in name]
    assert len(said) == len(CisControl)
    assert all(each.endswith("Read on: wiki/keys#a-cis-alarm") for each in said)


def test_a_bus_is_told_of_each_alarm(make_app: Any) -> None:
    stack = stack_of(make_app())
    bus = events.EventBus.from_event_bus_arn(stack, "Bus", f"arn:aws:events:{REGION}:444455556666:event-bus/security")

    cis = CisAlarms(stack, "Cis", trail=trail_of(stack), notify=ToBus(bus=bus))

    assert cis.topic is None
    rules = resources(template_of(stack), "AWS::Events::Rule").values()
    told = {written(each["Properties"]["EventPattern"]["resources"][0]) for each in rules}
    ids = {str(stack.resolve(alarm.alarm_arn)["Fn::GetAtt"][0]) for alarm in cis.alarms.values()}
    assert {f"${{{name}.Arn}}" for name in ids} <= told


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"log_group": None}, "trail must have a copy in CloudWatch Logs"),
        ({"home_region": "us-east-1"}, "trail must have its log group in Region eu-west-1"),
        ({"reach": TrailReach.HOME_REGION}, "trail must record every Region, .* which records its home Region"),
    ],
)
def test_refuses_a_trail_in_which_it_cannot_count(make_app: Any, changed: dict[str, Any], refusal: str) -> None:
    stack = stack_of(make_app())

    with pytest.raises(ConfigurationError, match=f"^{refusal}"):
        CisAlarms(stack, "Cis", trail=trail_of(stack, **changed), notify=news(stack))


@pytest.mark.parametrize("trail", [None, "main", 5])
def test_refuses_what_is_no_trail(make_app: Any, trail: Any) -> None:
    stack = stack_of(make_app())

    with pytest.raises(ConfigurationError) as error:
        CisAlarms(stack, "Cis", trail=trail, notify=news(stack))
    assert str(error.value) == f"trail must be AuditTrail(...) or ExistingTrail(...), got {trail!r}"


@pytest.mark.parametrize(
    ("controls", "refusal"),
    [
        ([], r"controls must be a collection of CisControl, got \[\]"),
        (CisControl.USE_OF_ROOT, "controls must be a collection of CisControl, got <CisControl.USE_OF_ROOT: '4.3'>"),
        ("USE_OF_ROOT", "controls must be a collection of CisControl, got 'USE_OF_ROOT'"),
        (["4.5"], "controls must be a member of CisControl, got '4.5'"),
    ],
)
def test_refuses_what_is_no_control(make_app: Any, controls: Any, refusal: str) -> None:
    stack = stack_of(make_app())

    with pytest.raises(ConfigurationError, match=f"^{refusal}$"):
        CisAlarms(stack, "Cis", trail=trail_of(stack), notify=news(stack), controls=controls)


def test_refuses_nobody_to_tell_and_leaves_nothing_behind(make_app: Any) -> None:
    stack = stack_of(make_app())
    nobody: Any = None

    with pytest.raises(ConfigurationError, match=r"^notify must be "):
        CisAlarms(stack, "Cis", trail=trail_of(stack), notify=nobody)

    assert stack.node.try_find_child("Cis") is None
