import json
from dataclasses import dataclass
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns_subscriptions as subscriptions

from constructs_lib import ConfigurationError, EncryptionKey, ExistingKey, KeyMaterial, SigningKey
from constructs_lib.audit_trail import AuditTrail
from constructs_lib.key_watch import KeyWatch
from constructs_lib.watching.burst import Burst
from constructs_lib.watching.key_event import KeyEvent
from constructs_lib.watching.notify import NewTopic
from tests.conftest import FLAGS
from tests.support.announcements import announcements
from tests.support.filter_pattern import FilterPattern
from tests.support.findings import COLLECT_ONLY, Finding, add_packs, collect_findings, unacknowledged
from tests.support.policy_judge import Caller, KmsKey
from tests.support.told_events import (
    ACCOUNT,
    ALIAS,
    KEY_ARN,
    POLICY_ARN,
    REGION,
    ROLE,
    as_event,
    call,
    matches,
    news,
    rendered,
)
from tests.support.topic_judge import lets
from tests.support.watch_scene import (
    OTHER_ACCOUNT,
    THERE,
    literal,
    names_of,
    rules_in,
    stack_of,
    template_in,
    trail_of,
    watched,
)

IMPORTED_ARN, SIGNING_ARN, TOPIC_KEY_ARN = (KEY_ARN.replace("1234abcd", each) for each in ("2" * 8, "3" * 8, "4" * 8))
TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:Orders-WatchTopicE125D5FE-5E6F7A8B9C0D"
QUEUE_URL = f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/URL"
PUBLISH = ("kms:GenerateDataKey", "kms:Decrypt")


@dataclass(frozen=True)
class Scene:
    template: dict[str, Any]
    values: dict[str, str]
    rules: dict[str, dict[str, Any]]
    findings: list[Finding]
    warnings: list[str]
    watch: KeyWatch

    def told(self, event: dict[str, Any]) -> list[str]:
        return [each["Description"] for each in self.rules.values() if matches(each["EventPattern"], event)]

    def of_type(self, kind: str) -> dict[str, dict[str, Any]]:
        found = {name: each for name, each in self.template["Resources"].items() if each["Type"] == kind}
        return {name: literal(each["Properties"], self.values) for name, each in found.items()}


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    app = cdk.App(
        outdir=str(tmp_path_factory.mktemp("cdk.out")),
        context={**FLAGS, **COLLECT_ONLY},
        builtin_cloud_formation_validation=False,
    )
    stack = cdk.Stack(app, "Orders", env=cdk.Environment(account=ACCOUNT, region=REGION))
    watch = KeyWatch(
        stack,
        "Watch",
        keys=[
            EncryptionKey(stack, "Data", alias=ALIAS),
            EncryptionKey(stack, "Imported", alias="imported", material=KeyMaterial.IMPORTED),
            SigningKey(stack, "Signing", alias="releases"),
            ExistingKey.from_arn(stack, "There", key_arn=THERE),
        ],
        trail=trail_of(stack),
        notify=NewTopic(encryption_key=EncryptionKey(stack, "TopicKey", alias="news")),
        roles=[iam.Role.from_role_name(stack, "Reader", ROLE)],
        policies=[iam.ManagedPolicy.from_managed_policy_arn(stack, "Policy", POLICY_ARN)],
        events=list(KeyEvent),
    )
    assert watch.topic is not None
    watch.topic.add_subscription(subscriptions.SqsSubscription(_queue(stack)))
    s3.Bucket(stack, "Awake")  # in which every pack finds something
    add_packs(app)
    findings = collect_findings(app)
    template = template_in(app.outdir)
    values = _values(template)
    return Scene(
        template=template,
        values=values,
        rules=rules_in(template, values),
        findings=findings,
        warnings=announcements(app.outdir, "Orders", "warning"),
        watch=watch,
    )


def _queue(stack: cdk.Stack) -> Any:
    from aws_cdk import aws_sqs as sqs  # noqa: PLC0415  # only here

    return sqs.Queue.from_queue_arn(stack, "Listener", f"arn:aws:sqs:{REGION}:{ACCOUNT}:listener")


def _values(template: dict[str, Any]) -> dict[str, str]:
    arns = {"Data": KEY_ARN, "Imported": IMPORTED_ARN, "Signing": SIGNING_ARN, "TopicKey": TOPIC_KEY_ARN}
    found: dict[str, str] = {}
    for name, each in template["Resources"].items():
        if each["Type"] == "AWS::KMS::Key":
            (arn,) = [arn for begin, arn in arns.items() if name[:-8] == begin]
            found[f"{name}.Arn"], found[name] = arn, arn.rpartition("/")[2]
        if each["Type"] in {"AWS::SNS::Topic", "AWS::SQS::Queue"}:
            found[name] = TOPIC if each["Type"] == "AWS::SNS::Topic" else QUEUE_URL
    return found


BY_CALL = {
    "DisableKey": "disabled",
    "ScheduleKeyDeletion": "deletion scheduled",
    "EnableKey": "resumed",
    "CancelKeyDeletion": "resumed",
    "PutKeyPolicy": "policy or tags changed",
    "UntagResource": "policy or tags changed",
    "CreateGrant": "grants changed",
    "questions/RetireGrant": "grants changed",
    "DisableKeyRotation": "rotation changed",
    "RotateKeyOnDemand": "rotation changed",
}
AROUND = {
    "UpdateAlias": "Aliases of watched keys",
    "DeleteAlias": "Aliases of watched keys",
    "StopLogging": "The trail that the watch sees by",
    "PutEventSelectors": "The trail that the watch sees by",
    "PutBucketPolicy": "The trail that the watch sees by",
    "AttachRolePolicy": "Roles that may use watched keys",
    "UpdateAssumeRolePolicy": "Roles that may use watched keys",
    "SetDefaultPolicyVersion": "Policies of roles that may use watched keys",
}


@pytest.mark.parametrize(("name", "what"), BY_CALL.items())
def test_what_happens_to_a_key_is_told_once_by_its_alias(scene: Scene, name: str, what: str) -> None:
    assert scene.told(as_event(call(name))) == [f"{ALIAS}: {what}"]


@pytest.mark.parametrize(("name", "what"), {"KmsCmkDeletion": "gone", "KmsCmkRotation": "rotated"}.items())
def test_what_kms_says_itself_is_told_once(scene: Scene, name: str, what: str) -> None:
    assert scene.told(news(name)) == [f"{ALIAS}: {what}"]


@pytest.mark.parametrize(("name", "what"), AROUND.items())
def test_what_happens_around_the_keys_is_told_once(scene: Scene, name: str, what: str) -> None:
    assert scene.told(as_event(call(name))) == [what]


def test_the_watch_tells_who_silences_it(scene: Scene) -> None:
    ours, others = "Orders-WatchDisabledabcdefgh-1A2B3C4D5E6F", "Invoices-WatchDisabledabcdefgh-1A2B3C4D5E6F"
    subscription = {"subscriptionArn": f"{TOPIC}:1234abcd-12ab-34cd-56ef-1234567890ab"}

    assert scene.told(as_event(call("DisableRule", requestParameters={"name": ours}))) == ["The rules of the watch"]
    assert scene.told(as_event(call("RemoveTargets", requestParameters={"rule": ours}))) == ["The rules of the watch"]
    assert scene.told(as_event(call("DisableRule", requestParameters={"name": others}))) == []
    assert scene.told(as_event(call("DeleteTopic", requestParameters={"topicArn": TOPIC}))) == [
        "The topic of the watch"
    ]
    assert scene.told(as_event(call("Unsubscribe", requestParameters=subscription))) == ["The topic of the watch"]
    assert scene.told(as_event(call("SetSubscriptionAttributes", requestParameters=subscription))) == [
        "The topic of the watch"
    ]


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("DeleteAlarms", {"alarmNames": ["another", "Orders-Watch-RefusedUseOfKeys"]}),
        ("DisableAlarmActions", {"alarmNames": ["Orders-WatchUndeliveredAlarm-1A2B3C4D5E6F"]}),
        ("DeleteMetricFilter", {"logGroupName": "trail/main", "filterName": "any"}),
        ("PurgeQueue", {"queueUrl": QUEUE_URL}),
    ],
)
def test_the_watch_tells_who_silences_its_alarms_and_its_queue(
    scene: Scene, name: str, parameters: dict[str, Any]
) -> None:
    assert scene.told(as_event(call(name, requestParameters=parameters))) == [
        "The alarms of the watch, what they count, and the queue"
    ]
    others = json.loads(json.dumps(parameters).replace("Orders-", "Invoices-").replace("main", "x").replace("URL", "x"))
    assert scene.told(as_event(call(name, requestParameters=others))) == []


def test_who_silences_every_rule_is_counted_in_the_copy_of_the_trail(scene: Scene) -> None:
    patterns = [each["FilterPattern"] for each in scene.of_type("AWS::Logs::MetricFilter").values()]
    rule, topic = "Orders-WatchRulesabcdefgh-1A2B3C4D5E6F", {"topicArn": TOPIC}

    for record in (
        call("DisableRule", requestParameters={"name": rule}),
        call("Subscribe", requestParameters=topic),
        call("DeleteAlarms", requestParameters={"alarmNames": ["Orders-Watch-RefusedUseOfKeys"]}),
        call("PurgeQueue", requestParameters={"queueUrl": QUEUE_URL}),
        call("DeleteMetricFilter", requestParameters={"logGroupName": "trail/main"}),
    ):
        assert sum(FilterPattern(each).matches(record) for each in patterns) == 1
    others = call("DisableRule", requestParameters={"name": rule.replace("Orders", "Invoices")})
    assert not any(FilterPattern(each).matches(others) for each in patterns)


def test_a_key_has_the_rules_of_what_can_happen_to_it(scene: Scene) -> None:
    by_key: dict[str, set[str]] = {}
    for each in scene.rules.values():
        key, separator, what = each["Description"].partition(": ")
        if separator:
            by_key.setdefault(key, set()).add(what)

    everything = {event.value for event in KeyEvent}
    material, rotation = {"material changed", "material expired"}, {"rotated", "rotation changed"}
    assert by_key == {
        ALIAS: everything - material - {"replicated"},
        "alias/imported": everything - {"replicated"},
        "alias/releases": everything - material - rotation - {"replicated"},
        "Orders/There": everything - {"replicated"},
    }


def test_no_key_is_told_of_another_ones_events(scene: Scene) -> None:
    assert scene.told(as_event(json.loads(json.dumps(call("DisableKey")).replace(KEY_ARN, IMPORTED_ARN)))) == [
        "alias/imported: disabled"
    ]
    assert scene.told(as_event(json.loads(json.dumps(call("DisableKey")).replace(KEY_ARN, TOPIC_KEY_ARN)))) == []


def test_the_message_of_a_rule_has_the_alias_and_the_arn(scene: Scene) -> None:
    (rule,) = (each for each in scene.rules.values() if each["Description"] == f"{ALIAS}: disabled")
    (target,) = rule["Targets"]

    text = rendered(
        target["InputTransformer"]["InputTemplate"],
        target["InputTransformer"]["InputPathsMap"],
        as_event(call("DisableKey")),
    )

    assert text.splitlines()[:2] == [f'"{ALIAS} was disabled"', f'"Key: {ALIAS}, {KEY_ARN}"']
    assert f"aws kms enable-key --region {REGION} --key-id {KEY_ARN}" in text


def test_patterns_and_templates_fit_what_event_bridge_takes(scene: Scene) -> None:
    for each in scene.rules.values():
        (target,) = each["Targets"]
        assert len(json.dumps(each["EventPattern"])) <= 2_048
        assert len(target["InputTransformer"]["InputTemplate"]) <= 8_192


def test_every_rule_sends_to_the_topic_itself_and_what_fails_to_the_queue(scene: Scene) -> None:
    (queue,) = scene.of_type("AWS::SQS::Queue")

    for each in scene.rules.values():
        (target,) = each["Targets"]
        assert target["Arn"] == TOPIC
        assert "RoleArn" not in target  # an encrypted topic takes nothing by a role
        assert target["DeadLetterConfig"] == {"Arn": f"${{{queue}.Arn}}"}
        assert "State" not in each


def test_alarms_are_on_refusals_misuse_expiry_and_what_was_undelivered(scene: Scene) -> None:
    alarms = scene.of_type("AWS::CloudWatch::Alarm")

    assert all(each["AlarmActions"] == [TOPIC] for each in alarms.values())
    (expiry,) = (each for each in alarms.values() if each["MetricName"] == "SecondsUntilKeyMaterialExpiration")
    assert expiry["Namespace"] == "AWS/KMS"
    assert expiry["Dimensions"] == [{"Name": "KeyId", "Value": IMPORTED_ARN.rpartition("/")[2]}]
    assert (expiry["Threshold"], expiry["Statistic"]) == (30 * 24 * 3600, "Minimum")
    assert expiry["ComparisonOperator"] == "LessThanOrEqualToThreshold"
    assert expiry["TreatMissingData"] == "notBreaching"
    assert len(alarms) == len(scene.watch.alarms) + 1
    assert sum("UndeliveredAlarm" in name for name in alarms) == 1


def test_the_key_of_the_topic_admits_rules_and_alarms_for_this_topic_alone(scene: Scene) -> None:
    (policy,) = (each["KeyPolicy"] for name, each in scene.of_type("AWS::KMS::Key").items() if name.startswith("Topic"))
    key = KmsKey(TOPIC_KEY_ARN, policy)
    rules, alarms = Caller(service="events.amazonaws.com"), Caller(service="cloudwatch.amazonaws.com")
    ours = {"kms:EncryptionContext:aws:sns:topicArn": TOPIC}
    other = {"kms:EncryptionContext:aws:sns:topicArn": TOPIC.replace("WatchTopic", "OtherTopic")}
    here, there = {"aws:SourceAccount": ACCOUNT}, {"aws:SourceAccount": OTHER_ACCOUNT}

    for action in PUBLISH:
        assert key.allows(rules, action, ours)
        assert key.allows(alarms, action, {**ours, **here})
        assert not key.allows(rules, action, other)
        assert not key.allows(rules, action, {})
        assert not key.allows(alarms, action, {**other, **here})
        assert not key.allows(alarms, action, {**ours, **there})
        assert not key.allows(alarms, action, ours)
        for wrong in ("s3.amazonaws.com", "budgets.amazonaws.com", "sns.amazonaws.com"):
            assert not key.allows(Caller(service=wrong), action, {**ours, **here})
    assert not key.allows(rules, "kms:Encrypt", ours)


def test_the_key_admits_nobody_for_the_queue(scene: Scene) -> None:
    (policy,) = (each["KeyPolicy"] for name, each in scene.of_type("AWS::KMS::Key").items() if name.startswith("Topic"))
    key, rules = KmsKey(TOPIC_KEY_ARN, policy), Caller(service="events.amazonaws.com")
    rule = f"arn:aws:events:{REGION}:{ACCOUNT}:rule/Orders-WatchDisabled-1A2B3C4D5E6F"
    sent = {"aws:SourceAccount": ACCOUNT, "aws:SourceArn": rule}

    (queue,) = scene.of_type("AWS::SQS::Queue").values()

    assert queue["SqsManagedSseEnabled"] is True
    for action in PUBLISH:
        assert not key.allows(rules, action, sent)


def test_the_topic_takes_rules_and_this_accounts_alarms_and_nobody_else(scene: Scene) -> None:
    (properties,) = scene.of_type("AWS::SNS::TopicPolicy").values()
    policy = properties["PolicyDocument"]
    alarm = f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:Orders"
    here = {"aws_SourceAccount": ACCOUNT, "aws_SourceArn": alarm}

    assert [each["Sid"] for each in policy["Statement"]] == [
        "AllowPublishThroughSSLOnly",
        "AlarmsPublish",
        "RulesPublish",
    ]
    assert lets(policy, "events.amazonaws.com", "sns:Publish", TOPIC)
    assert lets(policy, "cloudwatch.amazonaws.com", "sns:Publish", TOPIC, **here)
    there = {name: value.replace(ACCOUNT, OTHER_ACCOUNT) for name, value in here.items()}
    assert not lets(policy, "cloudwatch.amazonaws.com", "sns:Publish", TOPIC, **there)
    assert not lets(policy, "cloudwatch.amazonaws.com", "sns:Publish", TOPIC)
    assert not lets(policy, "events.amazonaws.com", "sns:Publish", TOPIC, secure="no")
    assert not lets(policy, "events.amazonaws.com", "sns:Publish", f"{TOPIC}-2")
    assert not lets(policy, "events.amazonaws.com", "sns:Subscribe", TOPIC)
    assert not lets(policy, "s3.amazonaws.com", "sns:Publish", TOPIC, **here)


def test_the_queue_takes_the_rules_of_the_stack_alone(scene: Scene) -> None:
    (properties,) = scene.of_type("AWS::SQS::QueuePolicy").values()
    policy = properties["PolicyDocument"]
    (queue,) = scene.of_type("AWS::SQS::Queue")
    rule = {
        "aws_SourceAccount": ACCOUNT,
        "aws_SourceArn": f"arn:aws:events:{REGION}:{ACCOUNT}:rule/Orders-WatchDisabled-1A2B3C4D5E6F",
    }
    arn = f"arn:aws:sqs:{REGION}:{ACCOUNT}:undelivered"
    document = json.loads(json.dumps(policy).replace(f"${{{queue}.Arn}}", arn))

    assert lets(document, "events.amazonaws.com", "sqs:SendMessage", arn, **rule)
    other = {**rule, "aws_SourceArn": rule["aws_SourceArn"].replace("/Orders-", "/Invoices-")}
    assert not lets(document, "events.amazonaws.com", "sqs:SendMessage", arn, **other)
    assert not lets(document, "s3.amazonaws.com", "sqs:SendMessage", arn, **rule)
    assert not lets(document, "events.amazonaws.com", "sqs:ReceiveMessage", arn, **rule)


def test_the_watch_has_no_findings_in_any_pack(scene: Scene) -> None:
    ours = [each for each in unacknowledged(scene.findings) if each.path.startswith("Orders/Watch")]

    # A subscription is the application's, and so is who else watches.
    assert {each.rule for each in ours} <= {
        "Serverless-SNSRedrivePolicy",
        "Annotation::cdk-key-management:news-key-unwatched",
    }
    assert all("/Resource" in each.path for each in ours if each.rule.startswith("Serverless"))


def test_nothing_warns_of_a_watch_that_sees_all_it_can_but_that_its_news_key_is_unwatched(scene: Scene) -> None:
    (warning,) = (each for each in scene.warnings if "Orders/Watch" in each or "watch" in each.lower())

    assert "no KeyWatch that tells under another key watches Orders/TopicKey" in warning


def test_the_role_that_writes_the_copy_is_watched_unasked() -> None:
    stack = stack_of()
    operations = EncryptionKey(stack, "OperationsKey", alias="operations")
    trail = AuditTrail(stack, "Trail", trail_name="main", encryption_key=operations, operations_key=operations)

    watch = watched(stack, trail=trail)

    (rule,) = (each for each in watch.rules if each.description == "Roles that may use watched keys")
    ((name,),) = (
        each.values() for each in stack.resolve(rule.event_pattern)["detail"]["requestParameters"]["roleName"]
    )
    assert name["Ref"].startswith("TrailCopyTrailRole")


def test_less_can_be_told() -> None:
    names = names_of(watched(stack_of(), events=[KeyEvent.GONE]))

    assert {each for each in names if ": " in each} == {"Orders/There: gone"}


def test_the_usual_events_leave_out_what_is_routine() -> None:
    names = names_of(watched(stack_of()))

    assert {each.partition(": ")[2] for each in names if ": " in each} == {
        event.value for event in KeyEvent.usual() - {KeyEvent.REPLICATED}
    }


@pytest.mark.parametrize(
    ("events", "refused"),
    [
        ((), "events must say what is told of the keys, got nothing"),
        (["gone"], "events must be members of KeyEvent, got 'gone'"),
        (KeyEvent.GONE, "events must be a collection of KeyEvent, got <KeyEvent.GONE: 'gone'>"),
        ("gone", "events must be a collection of KeyEvent, got 'gone'"),
    ],
)
def test_refuses_what_are_no_events(events: Any, refused: str) -> None:
    with pytest.raises(ConfigurationError) as error:
        watched(stack_of(), events=events)
    assert str(error.value) == refused


def test_refuses_news_under_a_key_that_is_watched() -> None:
    stack = stack_of()
    key = kms.Key(stack, "Key")

    with pytest.raises(ConfigurationError) as error:
        watched(stack, keys=[key], notify=NewTopic(encryption_key=key))
    assert str(error.value) == (
        "notify must be encrypted under another key than those that are watched, since a disabled key would silence "
        "the news of that, got Orders/Key"
    )


def test_a_refusal_leaves_nothing_behind() -> None:
    stack = stack_of()
    with pytest.raises(ConfigurationError):
        watched(stack, events=())

    assert stack.node.try_find_child("Watch") is None


@pytest.mark.parametrize(
    ("said", "refused"),
    [
        ({"roles": "reader"}, "roles must be a list of such as iam.Role(...), got 'reader'"),
        ({"roles": ["reader"]}, "roles must each be such as iam.Role(...), got 'reader'"),
        ({"roles": None}, "roles must be a list of such as iam.Role(...), got None"),
        ({"policies": [3]}, "policies must each be such as iam.ManagedPolicy(...), got 3"),
        ({"burst": 3}, "burst must be Burst(...), got 3"),
    ],
)
def test_refuses_arguments_of_other_types(said: dict[str, Any], refused: str) -> None:
    with pytest.raises(ConfigurationError) as error:
        watched(stack_of(), **said)
    assert str(error.value) == refused


def test_refuses_somebody_else_than_a_role_in_the_list() -> None:
    stack = stack_of()

    with pytest.raises(ConfigurationError) as error:
        watched(stack, roles=[iam.User(stack, "Alice")])
    assert str(error.value) == "roles must each be such as iam.Role(...), got a User Orders/Alice"


def test_refuses_a_burst_where_nothing_is_counted() -> None:
    stack = stack_of()

    with pytest.raises(ConfigurationError) as error:
        watched(stack, trail=trail_of(stack, log_group=None), burst=Burst(refusals=3))
    assert str(error.value) == (
        "burst must be left out where nothing is counted, got one with main, which has no copy in CloudWatch Logs in "
        "the account and Region of the watch"
    )


def test_rules_and_alarms_lead_to_the_given_runbook() -> None:
    stack = stack_of()

    watch = watched(stack, runbook="https://wiki.example.com/keys")

    targets = [stack.resolve(rule.targets)[0]["inputTransformer"]["inputTemplate"] for rule in watch.rules]
    assert len(targets) == len(watch.rules)
    assert all('"Read on: https://wiki.example.com/keys#' in each for each in targets)
    told = [str(getattr(each.node.default_child, "alarm_description", "")) for each in watch.alarms]
    assert [each for each in told if "Read on: https://wiki.example.com/keys#" not in each] == []


def test_refuses_a_runbook_that_would_break_a_message() -> None:
    stack = stack_of()
    with pytest.raises(ConfigurationError, match=r"^runbook must be an https URL or a path"):
        watched(stack, runbook='our "wiki"')

    assert stack.node.try_find_child("Watch") is None


def test_refuses_one_role_that_is_in_no_list() -> None:
    stack = stack_of()
    role = iam.Role(stack, "Reader", assumed_by=iam.AccountRootPrincipal())

    with pytest.raises(ConfigurationError) as error:
        watched(stack, roles=role)
    assert str(error.value) == "roles must be a list of such as iam.Role(...), got a Role Orders/Reader"
