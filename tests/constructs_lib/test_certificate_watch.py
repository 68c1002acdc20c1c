"""A watch of certificates, whole: its rules, its function, its alarms, and who may do what for them."""

import json
from dataclasses import dataclass
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from aws_cdk import aws_sqs as sqs

from constructs_lib import ConfigurationError, EncryptionKey, SigningKey
from constructs_lib.certificate_watch import CertificateWatch
from constructs_lib.watching.certificate_event import CertificateEvent
from constructs_lib.watching.notify import NewTopic, ToTopic
from constructs_lib.wiring.certificate_facts import Renewal
from tests.conftest import FLAGS
from tests.support.announcements import announcements
from tests.support.findings import COLLECT_ONLY, PACKS, Finding, add_packs, collect_findings, unacknowledged
from tests.support.function_roles import actions_by_resource, statements_by_handler
from tests.support.telling_certificate import IMPORTER, TellingCertificate
from tests.support.told_certificates import CERTIFICATE_ARN, told
from tests.support.told_events import ACCOUNT, REGION, as_event, call, matches
from tests.support.watch_scene import OTHER_REGION, literal, rules_in, stack_of, template_in

NOT_BUNDLED: dict[str, Any] = {"aws:cdk:bundling-stacks": []}
HANDLER = "certificate_care.look.handle"
OWN, IMPORTED = (CERTIFICATE_ARN.replace("/12345678-", f"/{each}-") for each in ("0000aaaa", "0000bbbb"))
TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:Orders-WatchTopicE125D5FE-5E6F7A8B9C0D"
FAR_NAMES = ("shop.example.com", "www.shop.example.com")


@dataclass(frozen=True)
class Scene:
    template: dict[str, Any]
    values: dict[str, str]
    rules: dict[str, dict[str, Any]]
    findings: list[Finding]
    assembly: str
    watch: CertificateWatch

    def told(self, event: dict[str, Any]) -> list[str]:
        seen = [each for each in self.rules.values() if "EventPattern" in each]
        return [each["Description"] for each in seen if matches(each["EventPattern"], event)]

    def of_type(self, kind: str) -> dict[str, dict[str, Any]]:
        found = {name: each for name, each in self.template["Resources"].items() if each["Type"] == kind}
        return {name: literal(each["Properties"], self.values) for name, each in found.items()}

    def alarms(self, of: str) -> dict[str, dict[str, Any]]:
        """Return the alarms of a certificate by their metric and threshold."""
        found = [
            each
            for each in self.of_type("AWS::CloudWatch::Alarm").values()
            if {"Name": "CertificateArn", "Value": of} in each["Dimensions"]
        ]
        return {f"{each['MetricName']} {each['Threshold']}": each for each in found}


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    app = cdk.App(
        outdir=str(tmp_path_factory.mktemp("cdk.out")),
        context={**FLAGS, **COLLECT_ONLY, **NOT_BUNDLED},
        builtin_cloud_formation_validation=False,
    )
    stack = cdk.Stack(app, "Orders", env=cdk.Environment(account=ACCOUNT, region=REGION))
    watch = CertificateWatch(
        stack,
        "Watch",
        certificates=[
            TellingCertificate(stack, "Own", *FAR_NAMES),
            TellingCertificate(stack, "Imported", "pay.example.com", renewal=Renewal.FROM_SECRET),
            acm.Certificate.from_certificate_arn(stack, "There", CERTIFICATE_ARN),
        ],
        events=list(CertificateEvent),
        notify=NewTopic(encryption_key=EncryptionKey(stack, "NewsKey", alias="news")),
        operations_key=EncryptionKey(stack, "OperationsKey", alias="operations"),
    )
    assert watch.topic is not None
    queue = sqs.Queue.from_queue_arn(stack, "Listener", f"arn:aws:sqs:{REGION}:{ACCOUNT}:listener")
    watch.topic.add_subscription(subscriptions.SqsSubscription(queue))
    s3.Bucket(stack, "Awake")  # in which every pack finds something
    add_packs(app)
    findings = collect_findings(app)
    template = template_in(app.outdir)
    arns = {"AWS::CertificateManager::Certificate": (OWN, IMPORTED), "AWS::SNS::Topic": (TOPIC,)}
    made = {kind: iter(those) for kind, those in arns.items()}
    values = {name: next(made[each["Type"]]) for name, each in template["Resources"].items() if each["Type"] in made}
    return Scene(
        template=template,
        values=values,
        rules=rules_in(template, values),
        findings=findings,
        assembly=app.outdir,
        watch=watch,
    )


@pytest.mark.parametrize(
    ("arn", "called"),
    [(OWN, FAR_NAMES[0]), (IMPORTED, "pay.example.com"), (CERTIFICATE_ARN, CERTIFICATE_ARN)],
    ids=["own", "imported", "known by its ARN"],
)
def test_what_acm_tells_of_a_certificate_is_told_once_by_its_name(scene: Scene, arn: str, called: str) -> None:
    soon = CertificateEvent.EXPIRES_SOON

    assert scene.told(told(soon, arn=arn, DaysToExpiry=15)) == [f"{called}: expires soon"]
    assert scene.told(told(soon, arn=arn, DaysToExpiry=14)) == []
    assert scene.told(told(CertificateEvent.AVAILABLE, arn=arn)) == [f"{called}: available"]


def test_each_certificate_has_a_rule_for_each_event_that_it_can_have(scene: Scene) -> None:
    told_of = [str(each.description).rpartition(": ") for each in scene.watch.rules]

    for called in (FAR_NAMES[0], CERTIFICATE_ARN):
        assert {what for name, _, what in told_of if name == called} == {event.value for event in CertificateEvent}
    assert {what for name, _, what in told_of if name == "pay.example.com"} == {"expires soon", "available"}
    assert [what for name, _, what in told_of if not name] == [
        "The rules of the watch",
        "The alarms of the watch, what they count, and the queue",
        "The topic of the watch",
    ]


def test_who_silences_the_watch_is_told_in_the_words_of_certificates(scene: Scene) -> None:
    ours = {"name": "Orders-WatchLookabcdefgh-1A2B3C4D5E6F"}
    (rule,) = (each for each in scene.rules.values() if each["Description"] == "The rules of the watch")

    assert scene.told(as_event(call("DisableRule", requestParameters=ours))) == ["The rules of the watch"]
    assert "news of certificates may not arrive" in rule["Targets"][0]["InputTransformer"]["InputTemplate"]


def test_the_function_may_describe_exactly_these_certificates(scene: Scene) -> None:
    allowed = actions_by_resource(statements_by_handler(scene.template)[HANDLER])

    assert {literal(arn, scene.values): actions for arn, actions in allowed.items()} == {
        arn: {"acm:DescribeCertificate"} for arn in (OWN, IMPORTED, CERTIFICATE_ARN)
    }


def test_the_schedule_names_these_certificates_and_it_alone_invokes_the_function(scene: Scene) -> None:
    ((name, rule),) = ((name, each) for name, each in scene.rules.items() if "ScheduleExpression" in each)
    ((function, properties),) = scene.of_type("AWS::Lambda::Function").items()
    (permission,) = scene.of_type("AWS::Lambda::Permission").values()

    assert properties["Handler"] == HANDLER
    assert "Environment" not in properties
    assert rule["ScheduleExpression"] == "rate(6 hours)"
    (target,) = rule["Targets"]
    assert json.loads(target["Input"]) == {"certificate_arns": [OWN, IMPORTED, CERTIFICATE_ARN]}
    assert permission == {
        "Action": "lambda:InvokeFunction",
        "FunctionName": f"${{{function}.Arn}}",
        "Principal": "events.amazonaws.com",
        "SourceArn": f"${{{name}.Arn}}",
    }


def test_alarms_ring_before_a_certificate_expires_and_stay_when_acm_counts_no_more(scene: Scene) -> None:
    for arn, days in ((OWN, [30]), (IMPORTED, [45, 30]), (CERTIFICATE_ARN, [30])):
        found = [each for name, each in scene.alarms(arn).items() if name.startswith("DaysToExpiry")]
        assert [each["Threshold"] for each in found] == days
        for each in found:
            assert (each["Namespace"], each["Statistic"]) == ("AWS/CertificateManager", "Minimum")
            assert each["ComparisonOperator"] == "LessThanOrEqualToThreshold"
            assert (each["Period"], each["EvaluationPeriods"]) == (86_400, 1)
            assert each["TreatMissingData"] == "ignore"


def test_alarms_ring_on_what_the_functions_see(scene: Scene) -> None:
    issued = ["PercentOfLifeLeft 10", "HoursPendingValidation 24", "RenewalBlocked 1"]

    assert list(scene.alarms(OWN))[1:] == list(scene.alarms(CERTIFICATE_ARN))[1:] == issued
    assert list(scene.alarms(IMPORTED))[2:] == ["PercentOfLifeLeft 10", "ImportRefused 1"]
    for name, each in {**scene.alarms(OWN), **scene.alarms(IMPORTED)}.items():
        if not name.startswith("DaysToExpiry"):
            assert each["Namespace"] == "CdkKeyManagement/Certificates"
        is_import = name.startswith("ImportRefused")
        assert each["TreatMissingData"] == ("breaching" if is_import else "ignore")
        assert each.get("WarmUpConfiguration") == ({"WarmUpPeriodDurationInMinutes": 1_440} if is_import else None)


def test_an_alarm_rings_if_nobody_could_look(scene: Scene) -> None:
    (alarm,) = (each for each in scene.of_type("AWS::CloudWatch::Alarm").values() if each["Namespace"] == "AWS/Lambda")
    ((function, _),) = scene.of_type("AWS::Lambda::Function").items()

    assert (alarm["MetricName"], alarm["Threshold"]) == ("Errors", 1)
    assert alarm["Dimensions"] == [{"Name": "FunctionName", "Value": f"${{{function}}}"}]
    assert (alarm["Statistic"], alarm["Period"], alarm["TreatMissingData"]) == ("Sum", 43_200, "breaching")
    assert alarm["WarmUpConfiguration"] == {"WarmUpPeriodDurationInMinutes": 720}


def test_every_alarm_tells_and_says_which_certificate_what_to_do_and_where_to_read_on(scene: Scene) -> None:
    alarms = scene.of_type("AWS::CloudWatch::Alarm").values()

    assert len(scene.watch.alarms) == 1 + 4 + 4 + 4
    assert len(alarms) == len(scene.watch.alarms) + 1  # on the queue
    for each in alarms:
        assert each["AlarmActions"] == [TOPIC]
        assert len(each["AlarmDescription"]) <= 1_024
    for arn, called in ((OWN, FAR_NAMES[0]), (IMPORTED, "pay.example.com"), (CERTIFICATE_ARN, CERTIFICATE_ARN)):
        for each in scene.alarms(arn).values():
            assert each["AlarmDescription"].startswith(f"{called} ")
            assert f"aws acm describe-certificate --certificate-arn {arn}, and docs/runbook.md#a-cert" in str(each)
    assert f"The log of {IMPORTER} says why" in str(scene.alarms(IMPORTED)["ImportRefused 1"])
    assert "whoever puts the next certificate" in str(scene.alarms(IMPORTED)["DaysToExpiry 45"])


def test_patterns_and_inputs_fit_what_event_bridge_takes(scene: Scene) -> None:
    for each in scene.rules.values():
        assert len(json.dumps(each.get("EventPattern", ""))) <= 2_048
        assert len(each["Targets"][0].get("Input", "")) <= 8_192


def test_every_finding_of_the_five_packs_is_answered(scene: Scene) -> None:
    found = [each for each in unacknowledged(scene.findings) if each.plugin in PACKS]

    assert [each for each in found if each.path.startswith("Orders/Watch")] == []
    assert {each.plugin for each in found} == set(PACKS)


def test_it_says_what_it_does_not_know_and_what_it_needs(scene: Scene) -> None:
    infos = announcements(scene.assembly, "Orders", "info")

    (unknown,) = (each for each in infos if "nobody here knows who renews" in each)
    assert CERTIFICATE_ARN in unknown
    assert FAR_NAMES[0] not in unknown
    assert any("told without a trail; who silences this watch is told while a trail logs" in each for each in infos)
    (warned,) = (each for each in announcements(scene.assembly, "Orders", "warning") if "watch tells" in each)
    assert "Orders/NewsKey" in warned


def watched(stack: cdk.Stack, **said: Any) -> CertificateWatch:
    said.setdefault("certificates", [acm.Certificate.from_certificate_arn(stack, "There", CERTIFICATE_ARN)])
    said.setdefault("operations_key", kms.Key(stack, "Operations"))
    said.setdefault("notify", ToTopic(topic=sns.Topic(stack, "News")))
    return CertificateWatch(stack, "Watch", **said)


def test_it_tells_what_it_is_asked_to_as_early_as_it_is_told_and_leads_where_it_is_told() -> None:
    stack = stack_of(**NOT_BUNDLED)

    watch = watched(
        stack,
        events=[CertificateEvent.REVOKED],
        validity_days=47,
        pending_hours=6,
        runbook="https://wiki.example.com/tls",
    )

    assert [str(each.description) for each in watch.rules][:1] == [f"{CERTIFICATE_ARN}: revoked"]
    assert len(watch.rules) == 1 + 3
    resources: list[Any] = [each.node.default_child for each in watch.alarms]
    assert [each.threshold for each in resources] == [1, 7, 10, 6, 1]
    assert "6 hours ago" in resources[3].alarm_description
    assert "https://wiki.example.com/tls#a-certificate-is-not-issued" in resources[3].alarm_description


def test_refuses_a_certificate_for_cloud_front_anywhere_else_than_where_it_is() -> None:
    stack = stack_of(OTHER_REGION, **NOT_BUNDLED)

    with pytest.raises(ConfigurationError, match=rf"^certificates must be of Region {OTHER_REGION}, .* of us-east-1: "):
        watched(stack)


def test_refuses_a_key_for_logs_that_signs() -> None:
    stack = stack_of(**NOT_BUNDLED)

    with pytest.raises(ConfigurationError, match=r"^operations_key must be a symmetric encryption key, got "):
        watched(stack, operations_key=SigningKey(stack, "Signing", alias="releases"))


@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        ({"events": []}, "events must say what is told of the certificates, got nothing"),
        ({"events": ["REVOKED"]}, "events must be members of CertificateEvent, got 'REVOKED'"),
        ({"notify": "me"}, "notify must be NewTopic(...), ToTopic(...), ToBus(...) or ToChat(...), got 'me'"),
        ({"memory": 1}, "settings must be of "),
        ({"validity_days": 6}, "validity_days must be a whole number from 7 to 3650, got 6"),
        ({"validity_days": None}, "validity_days must be a whole number from 7 to 3650, got None"),
        ({"pending_hours": 72}, "pending_hours must be a whole number from 1 to 71, got 72"),
        ({"runbook": "a page"}, "runbook must be an https URL or a path"),
    ],
    ids=["no events", "no event", "nobody to tell", "no setting", "short life", "no life", "late", "no page"],
)
def test_refuses_what_cannot_be(said: dict[str, Any], refusal: str) -> None:
    with pytest.raises(ConfigurationError) as error:
        watched(stack_of(**NOT_BUNDLED), **said)
    assert str(error.value).startswith(refusal)
