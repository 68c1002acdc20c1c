"""A watch of secrets, whole: its rules, its function, its alarms, and who may do what for them."""

import json
from dataclasses import dataclass
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from aws_cdk import aws_sqs as sqs

from constructs_lib import ConfigurationError, EncryptionKey, SigningKey
from constructs_lib.secret_watch import SecretWatch
from constructs_lib.secrets.rotation import ByFunction
from constructs_lib.secrets.rotation_schedule import RotationSchedule
from constructs_lib.watching.notify import NewTopic, ToTopic
from constructs_lib.watching.secret_event import SecretEvent
from constructs_lib.wiring.recorded_trail import TrailReach
from tests.conftest import FLAGS
from tests.support.announcements import announcements
from tests.support.findings import COLLECT_ONLY, PACKS, Finding, add_packs, collect_findings, unacknowledged
from tests.support.function_roles import actions_by_resource, statements_by_handler
from tests.support.secret_stack import secret_of
from tests.support.told_events import ACCOUNT, REGION, as_event, call, matches, rendered
from tests.support.told_secrets import SECRET_ARN, SECRET_NAME, news_event, secret_call, secret_news
from tests.support.watch_scene import OTHER_REGION, literal, messages, rules_in, stack_of, template_in, trail_of

OWN_ARN = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:own-Z9Y8X7"
ROTATION = f"arn:aws:iam::{ACCOUNT}:role/rotate"
UNROTATED_ARN = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:given-Q1W2E3"
TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:Orders-WatchTopicE125D5FE-5E6F7A8B9C0D"
NOT_BUNDLED: dict[str, Any] = {"aws:cdk:bundling-stacks": []}
HANDLER = "secret_rotation.overdue.check"


@dataclass(frozen=True)
class Scene:
    template: dict[str, Any]
    values: dict[str, str]
    rules: dict[str, dict[str, Any]]
    findings: list[Finding]
    warnings: list[str]
    watch: SecretWatch

    def told(self, event: dict[str, Any]) -> list[str]:
        seen = [each for each in self.rules.values() if "EventPattern" in each]
        return [each["Description"] for each in seen if matches(each["EventPattern"], event)]

    def of_type(self, kind: str) -> dict[str, dict[str, Any]]:
        found = {name: each for name, each in self.template["Resources"].items() if each["Type"] == kind}
        return {name: literal(each["Properties"], self.values) for name, each in found.items()}


def imported(stack: cdk.Stack, name: str, arn: str) -> secretsmanager.ISecret:
    return secretsmanager.Secret.from_secret_complete_arn(stack, name, arn)


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    app = cdk.App(
        outdir=str(tmp_path_factory.mktemp("cdk.out")),
        context={**FLAGS, **COLLECT_ONLY, **NOT_BUNDLED},
        builtin_cloud_formation_validation=False,
    )
    stack = cdk.Stack(app, "Orders", env=cdk.Environment(account=ACCOUNT, region=REGION))
    given = imported(stack, "Given", UNROTATED_ARN)
    watch = SecretWatch(
        stack,
        "Watch",
        secrets=[
            secretsmanager.Secret(stack, "Own"),
            imported(stack, "There", SECRET_ARN),
            given,
        ],
        without_rotation=[given],
        events=list(SecretEvent),
        trail=trail_of(stack),
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
    values = {
        name: OWN_ARN if each["Type"] == "AWS::SecretsManager::Secret" else TOPIC
        for name, each in template["Resources"].items()
        if each["Type"] in {"AWS::SecretsManager::Secret", "AWS::SNS::Topic"}
    }
    return Scene(
        template=template,
        values=values,
        rules=rules_in(template, values),
        findings=findings,
        warnings=announcements(app.outdir, "Orders", "warning"),
        watch=watch,
    )


def test_what_happens_to_a_secret_is_told_once_by_its_name(scene: Scene) -> None:
    own = json.loads(json.dumps(secret_call("DeleteSecret")).replace(SECRET_ARN, OWN_ARN))

    assert scene.told(as_event(secret_call("DeleteSecret"))) == [f"{SECRET_NAME}: deletion scheduled"]
    assert scene.told(news_event(secret_news("RotationFailed"))) == [f"{SECRET_NAME}: rotation failed"]
    assert scene.told(as_event({**own, "requestParameters": {"secretId": "anything"}})) == [
        "Orders/Own: deletion scheduled"
    ]
    assert scene.told(as_event(call("StopLogging"))) == ["The trail that the watch sees by"]


def test_each_secret_has_a_rule_for_each_event(scene: Scene) -> None:
    told = [str(each.description).partition(": ") for each in scene.watch.rules]

    for name in ("Orders/Own", SECRET_NAME, "given"):
        assert {what for called, _, what in told if called == name} == {event.value for event in SecretEvent}
    assert [called for called, separator, _ in told if not separator] == [
        "The trail that the watch sees by",
        "The rules of the watch",
        "The alarms of the watch, what they count, and the queue",
        "The topic of the watch",
    ]


def test_only_the_rule_for_refused_reads_sees_calls_that_read(scene: Scene) -> None:
    states = {each["Description"].partition(": ")[2]: each.get("State") for each in scene.rules.values()}

    assert states.pop("reading refused") == "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"
    assert set(states.values()) == {None}


def test_the_message_of_a_rule_has_name_arn_and_runbook(scene: Scene) -> None:
    (rule,) = (each for each in scene.rules.values() if each["Description"] == "Orders/Own: rotation cancelled")
    (target,) = rule["Targets"]

    text = rendered(
        target["InputTransformer"]["InputTemplate"],
        target["InputTransformer"]["InputPathsMap"],
        as_event(secret_call("CancelRotateSecret")),
    )

    assert text.splitlines()[:2] == ['"Orders/Own is not rotated any more"', f'"Secret: Orders/Own, {OWN_ARN}"']
    assert f"aws secretsmanager rotate-secret --region {REGION} --secret-id {OWN_ARN}, which" in text


def test_the_watch_tells_who_silences_it_in_the_words_of_secrets(scene: Scene) -> None:
    ours = {"name": "Orders-WatchLookabcdefgh-1A2B3C4D5E6F"}
    (rule,) = (each for each in scene.rules.values() if each["Description"] == "The rules of the watch")

    assert scene.told(as_event(call("DisableRule", requestParameters=ours))) == ["The rules of the watch"]
    assert "news of secrets may not arrive" in rule["Targets"][0]["InputTransformer"]["InputTemplate"]


def test_the_function_may_describe_exactly_the_secrets_that_must_be_rotated_and_read_none(scene: Scene) -> None:
    (own,) = scene.of_type("AWS::SecretsManager::Secret")

    assert actions_by_resource(statements_by_handler(scene.template)[HANDLER]) == {
        f"${{{own}}}": {"secretsmanager:DescribeSecret"},
        SECRET_ARN: {"secretsmanager:DescribeSecret"},
    }
    assert "GetSecretValue" not in json.dumps(scene.of_type("AWS::IAM::Policy"))


def test_the_schedule_names_these_secrets_and_it_alone_invokes_the_function(scene: Scene) -> None:
    ((name, rule),) = ((name, each) for name, each in scene.rules.items() if "ScheduleExpression" in each)
    ((function, properties),) = scene.of_type("AWS::Lambda::Function").items()
    (permission,) = scene.of_type("AWS::Lambda::Permission").values()

    assert properties["Handler"] == HANDLER
    assert rule["ScheduleExpression"] == "rate(12 hours)"
    (target,) = rule["Targets"]
    assert target["Arn"] == f"${{{function}.Arn}}"
    assert json.loads(target["Input"]) == {"secret_arns": [OWN_ARN, SECRET_ARN]}
    (queue,) = scene.of_type("AWS::SQS::Queue")
    assert target["DeadLetterConfig"] == {"Arn": f"${{{queue}.Arn}}"}
    assert permission == {
        "Action": "lambda:InvokeFunction",
        "FunctionName": f"${{{function}.Arn}}",
        "Principal": "events.amazonaws.com",
        "SourceArn": f"${{{name}.Arn}}",
    }


def test_each_rotated_secret_has_an_alarm_that_rings_when_it_is_overdue_and_when_nobody_looked(scene: Scene) -> None:
    alarms = scene.of_type("AWS::CloudWatch::Alarm")
    overdue = {name: each for name, each in alarms.items() if each["MetricName"] == "RotationProblems"}

    assert [each["Dimensions"][0]["Value"] for each in overdue.values()] == [OWN_ARN, SECRET_ARN]
    for each in overdue.values():
        assert each["AlarmActions"] == [TOPIC]
        assert (each["Threshold"], each["ComparisonOperator"]) == (0, "GreaterThanThreshold")
        assert (each["Statistic"], each["Period"], each["EvaluationPeriods"]) == ("Maximum", 86_400, 1)
        assert each["TreatMissingData"] == "breaching"
        assert each["WarmUpConfiguration"] == {"WarmUpPeriodDurationInMinutes": 1_440}
        assert each["AlarmDescription"].endswith("docs/runbook.md#a-secret-was-not-rotated of cdk-key-management")
    assert len(scene.watch.alarms) == 2
    assert len(alarms) == 3
    (undelivered,) = (each for name, each in alarms.items() if name not in overdue)
    assert undelivered["AlarmDescription"].startswith("News of secrets did not reach whom it was for")


def test_patterns_and_inputs_fit_what_event_bridge_takes(scene: Scene) -> None:
    for each in scene.rules.values():
        assert len(json.dumps(each.get("EventPattern", ""))) <= 2_048
        assert len(each["Targets"][0].get("Input", "")) <= 8_192


def test_every_finding_of_the_five_packs_is_answered(scene: Scene) -> None:
    found = [each for each in unacknowledged(scene.findings) if each.plugin in PACKS]

    assert [each for each in found if each.path.startswith("Orders/Watch")] == []
    assert {each.plugin for each in found} == set(PACKS)


def test_it_warns_that_nobody_watches_the_key_of_its_news(scene: Scene) -> None:
    (said,) = (each for each in scene.warnings if "under which this watch tells" in each)
    assert "Orders/NewsKey" in said


def watched(stack: cdk.Stack, **said: Any) -> SecretWatch:
    said.setdefault("secrets", [imported(stack, "There", SECRET_ARN)])
    said.setdefault("operations_key", kms.Key(stack, "Operations"))
    said.setdefault("notify", ToTopic(topic=sns.Topic(stack, "News")))
    return SecretWatch(stack, "Watch", trail=said.pop("trail", None) or trail_of(stack), **said)


def test_secrets_that_nobody_rotates_need_no_function() -> None:
    stack = stack_of(**NOT_BUNDLED)
    given = imported(stack, "Given", UNROTATED_ARN)

    watch = watched(stack, secrets=[given], without_rotation=[given])

    assert list(watch.alarms) == []
    assert watch.node.try_find_child("Overdue") is None
    assert len(watch.rules) == len(SecretEvent.usual()) + 4  # nobody rotates it, so who moves a label is news


def test_labels_are_told_of_secrets_that_say_who_rotates_them_and_of_others_on_request() -> None:
    stack = stack_of(**NOT_BUNDLED)
    rotate = lambda_.Function.from_function_attributes(
        stack,
        "Rotate",
        function_arn=f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:rotate",
        role=iam.Role.from_role_arn(stack, "Role", ROTATION),
    )
    schedule = RotationSchedule.every(cdk.Duration.days(30))
    own = secret_of(stack, "Own", rotation=ByFunction(function=rotate, schedule=schedule))

    watch = watched(stack, secrets=[own, imported(stack, "Other", SECRET_ARN)])
    literally = watched(stack_of(**NOT_BUNDLED), events=[SecretEvent.LABEL_MOVED])

    patterns = {str(each.description): json.dumps(stack.resolve(each.event_pattern)) for each in watch.rules}
    assert f'"anything-but": ["{ROTATION}"]' in patterns["Orders/Own: label moved"]
    assert f"{SECRET_NAME}: label moved" not in patterns
    assert f"{SECRET_NAME}: label moved" in [str(each.description) for each in literally.rules]
    (said,) = (each for each in messages(stack) if "labels-not-told" in each)
    assert f"who moves labels of {SECRET_NAME}, since" in said


def test_it_tells_what_it_is_asked_to_and_leads_where_it_is_told() -> None:
    stack = stack_of(**NOT_BUNDLED)

    watch = watched(stack, events=[SecretEvent.GONE], runbook="https://wiki.example.com/secrets")

    assert [str(each.description) for each in watch.rules if SECRET_NAME in str(each.description)] == [
        "orders/api-key: gone"
    ]
    said = json.dumps(stack.resolve([each.targets for each in watch.rules]))
    assert "https://wiki.example.com/secrets#a-secret-will-be-deleted-or-is-gone" in said
    (alarm,) = watch.alarms
    assert "https://wiki.example.com/secrets#a-secret-was-not-rotated" in str(
        stack.resolve(alarm.node.default_child.alarm_description)  # type: ignore[union-attr]
    )


def test_it_says_that_reading_is_told_to_nobody() -> None:
    stack = stack_of(**NOT_BUNDLED)

    watched(stack)

    (said,) = (each for each in messages(stack) if "secrets-seen-through-trail" in each)
    assert "who reads a secret is on record there and told to nobody" in said
    assert not any("refusals-not-counted" in each for each in messages(stack))


def test_refuses_a_trail_that_records_another_region_alone() -> None:
    stack = stack_of(**NOT_BUNDLED)

    with pytest.raises(ConfigurationError, match=rf"^trail must record {REGION}, or rules see no call there, got main"):
        watched(stack, trail=trail_of(stack, region=OTHER_REGION, reach=TrailReach.HOME_REGION))


def test_refuses_a_key_for_logs_that_signs() -> None:
    stack = stack_of(**NOT_BUNDLED)

    with pytest.raises(ConfigurationError, match=r"^operations_key must be a symmetric encryption key, got "):
        watched(stack, operations_key=SigningKey(stack, "Signing", alias="releases"))


@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        ({"events": []}, "events must say what is told of the secrets, got nothing"),
        ({"events": ["GONE"]}, "events must be members of SecretEvent, got 'GONE'"),
        ({"notify": "me"}, "notify must be NewTopic(...), ToTopic(...), ToBus(...) or ToChat(...), got 'me'"),
        ({"memory": 1}, "settings must be of "),
    ],
    ids=["no events", "no event", "nobody to tell", "no setting"],
)
def test_refuses_what_cannot_be(said: dict[str, Any], refusal: str) -> None:
    with pytest.raises(ConfigurationError) as error:
        watched(stack_of(**NOT_BUNDLED), **said)
    assert str(error.value).startswith(refusal)
