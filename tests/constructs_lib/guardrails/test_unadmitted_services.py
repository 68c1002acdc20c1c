"""Services that call KMS for themselves, in templates written by hand: admitted or found, and what helps."""

from typing import Any

import pytest

from constructs_lib.guardrails.cloud_templates import CloudTemplates
from constructs_lib.guardrails.deployed_stack import DeployedStack
from constructs_lib.guardrails.template_values import Located
from constructs_lib.guardrails.unadmitted_services import Unadmitted, unadmitted_services
from tests.support.iam_beside_key_policy import ACCOUNT, ARN, KEY, allow

GROUP_ARN = f"arn:aws:logs:eu-west-1:{ACCOUNT}:log-group:"
SEND = ("kms:Decrypt", "kms:GenerateDataKey")
TOPIC = {"Topic": {"Type": "AWS::SNS::Topic", "Properties": {"KmsMasterKeyId": {"Ref": "Key"}}}}
QUEUE = {"Queue": {"Type": "AWS::SQS::Queue", "Properties": {"KmsMasterKeyId": ARN}}}


def bucket(**rule: Any) -> dict[str, Any]:
    by_default = {"ServerSideEncryptionByDefault": {"KMSMasterKeyID": ARN}, **rule}
    encryption = {"ServerSideEncryptionConfiguration": [by_default]}
    return {"Bucket": {"Type": "AWS::S3::Bucket", "Properties": {"BucketEncryption": encryption}}}


BUCKET, BUCKET_WITH_BUCKET_KEY = bucket(), bucket(BucketKeyEnabled=True)
TO_TOPIC, TO_QUEUE, TO_BUCKET = {"Ref": "Topic"}, {"Fn::GetAtt": ["Queue", "Arn"]}, {"Fn::GetAtt": ["Bucket", "Arn"]}


def found(key_policy: list[Any], resources: dict[str, Any]) -> list[Unadmitted]:
    template = {"Key": {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": {"Statement": key_policy}}}, **resources}
    stack = DeployedStack(name="Orders", path="Orders", account=ACCOUNT, region="eu-west-1")
    return unadmitted_services(CloudTemplates({"S": {"Resources": template}}, {"S": stack}), [KEY])


def calls(key_policy: list[Any], resources: dict[str, Any]) -> list[tuple[str, str]]:
    return [(each.place.logical_id, each.call) for each in found(key_policy, resources)]


def resource(kind: str, **properties: Any) -> dict[str, Any]:
    return {"It": {"Type": kind, "Properties": properties}}


SILENT: list[tuple[dict[str, Any], str, str]] = [
    (
        resource("AWS::Logs::LogGroup", LogGroupName="orders", KmsKeyId=ARN),
        "logs.eu-west-1.amazonaws.com",
        'cloudwatch_logs.encrypt_log_group(log_group_name="orders")',
    ),
    (
        resource("AWS::CloudTrail::Trail", TrailName="main", KMSKeyId=ARN),
        "cloudtrail.amazonaws.com",
        'cloudtrail.write_logs(trail_name="main")',
    ),
    (
        {**BUCKET, **resource("AWS::CloudTrail::Trail", TrailName="main", S3BucketName={"Ref": "Bucket"})},
        "cloudtrail.amazonaws.com",
        'cloudtrail.write_logs(trail_name="main")',
    ),
    (
        {
            **BUCKET_WITH_BUCKET_KEY,
            **resource("AWS::CloudTrail::Trail", TrailName="main", KMSKeyId=ARN, S3BucketName={"Ref": "Bucket"}),
        },
        "cloudtrail.amazonaws.com",
        'cloudtrail.write_logs_with_bucket_key(trail_name="main")',
    ),
    (
        {**TOPIC, **resource("AWS::CloudTrail::Trail", SnsTopicName=TO_TOPIC)},
        "cloudtrail.amazonaws.com",
        "cloudtrail.notify_topic()",
    ),
    (
        {**TOPIC, **resource("AWS::CloudWatch::Alarm", AlarmActions=[TO_TOPIC])},
        "cloudwatch.amazonaws.com",
        "cloudwatch.notify_topic()",
    ),
    (
        {**TOPIC, **resource("AWS::CloudWatch::CompositeAlarm", OKActions=["arn:aws:sns:x", TO_TOPIC])},
        "cloudwatch.amazonaws.com",
        "cloudwatch.notify_topic()",
    ),
    (
        {**TOPIC, **resource("AWS::Events::Rule", Targets=[{"Id": "T", "Arn": TO_TOPIC}])},
        "events.amazonaws.com",
        "eventbridge.notify_topic()",
    ),
    (
        {**QUEUE, **resource("AWS::Events::Rule", Name="nightly", Targets=[{"Id": "T", "Arn": TO_QUEUE}])},
        "events.amazonaws.com",
        'eventbridge.send_to_target_queue(rule_name="nightly")',
    ),
    (
        {
            **QUEUE,
            **resource(
                "AWS::Events::Rule", Targets=[{"Arn": "arn:aws:lambda:x", "DeadLetterConfig": {"Arn": TO_QUEUE}}]
            ),
        },
        "events.amazonaws.com",
        'eventbridge.send_dead_letters(rule_name="Orders-It-*")',
    ),
    (
        {
            **QUEUE,
            "Orders": {"Type": "AWS::SNS::Topic"},
            **resource(
                "AWS::SNS::Subscription",
                TopicArn={"Ref": "Orders"},
                RedrivePolicy={"deadLetterTargetArn": TO_QUEUE},
            ),
        },
        "sns.amazonaws.com",
        'sns.deliver_dead_letters(topic_name="Orders-Orders-*")',
    ),
    (
        {
            **BUCKET,
            **resource(
                "AWS::S3::Bucket", BucketName="a", InventoryConfigurations=[{"Destination": {"BucketArn": TO_BUCKET}}]
            ),
        },
        "s3.amazonaws.com",
        's3.write_inventory(bucket_name="a")',
    ),
    (
        {**BUCKET, **resource("AWS::EC2::FlowLog", LogDestination=TO_BUCKET)},
        "delivery.logs.amazonaws.com",
        "log_delivery.write_to_bucket()",
    ),
    (
        resource("AWS::Lambda::Function", FunctionName="resize", Code={"S3Key": "a", "SourceKMSKeyArn": ARN}),
        "lambda.amazonaws.com",
        'lambda_functions.encrypt_package(function_name="resize")',
    ),
]


@pytest.mark.parametrize(
    ("resources", "service", "call"), SILENT, ids=[f"{call} {number}" for number, (_, _, call) in enumerate(SILENT)]
)
def test_a_service_that_was_forgotten_is_found_with_the_call_that_admits_it(
    resources: dict[str, Any], service: str, call: str
) -> None:
    assert calls([], resources) == [("It", call)]
    assert calls([allow({"Service": "glue.amazonaws.com"}, *SEND)], resources) == [("It", call)]
    assert calls([allow({"Service": service}, "kms:DescribeKey")], resources) == [("It", call)]
    assert calls([{**allow({"Service": service}, *SEND), "Effect": "Deny"}], resources) == [("It", call)]
    assert calls([allow({"Service": service}, *SEND)], resources) == []


def test_a_finding_says_what_to_write() -> None:
    (one,) = found([], SILENT[0][0])

    assert one.remedy == (
        'call key.allow(cloudwatch_logs.encrypt_log_group(log_group_name="orders")) on the key, '
        "with cloudwatch_logs from constructs_lib.service_access"
    )


@pytest.mark.parametrize(
    ("given", "admitted"),
    [
        ("orders", ["orders"]),
        ("orders", ["payments", "orders"]),
        ("orders", ["ord*"]),
        ("orders", [{"Ref": "Name"}]),
        (None, ["Orders-It-*"]),
        ({"Ref": "Name"}, ["whatever"]),
    ],
)
def test_a_log_group_is_admitted_by_its_name(given: Any, admitted: list[Any]) -> None:
    named = [{"Fn::Join": ["", [GROUP_ARN, name]]} for name in admitted]
    statement = allow(
        {"Service": "logs.eu-west-1.amazonaws.com"}, *SEND, ArnLike={"kms:EncryptionContext:aws:logs:arn": named}
    )
    options = {} if given is None else {"LogGroupName": given}

    assert calls([statement], resource("AWS::Logs::LogGroup", KmsKeyId=ARN, **options)) == []


@pytest.mark.parametrize(
    ("given", "admitted"), [("orders", "payments"), (None, "Orders-Other-*"), ("orders", "orders2*")]
)
def test_refuses_a_statement_about_another_log_group(given: str | None, admitted: str) -> None:
    statement = allow(
        {"Service": "logs.eu-west-1.amazonaws.com"},
        *SEND,
        ArnLike={"kms:EncryptionContext:aws:logs:arn": GROUP_ARN + admitted},
    )
    options = {} if given is None else {"LogGroupName": given}

    assert [call for _, call in calls([statement], resource("AWS::Logs::LogGroup", KmsKeyId=ARN, **options))] == [
        f'cloudwatch_logs.encrypt_log_group(log_group_name="{given or "Orders-It-*"}")'
    ]


def test_a_service_that_takes_no_pattern_is_not_given_one() -> None:
    trail = resource("AWS::CloudTrail::Trail", KMSKeyId=ARN)

    assert calls([], trail) == [("It", 'cloudtrail.write_logs(trail_name="<its literal name>")')]


def test_a_name_that_only_the_deployment_knows_is_left_to_whoever_writes_the_call() -> None:
    group = resource("AWS::Logs::LogGroup", LogGroupName={"Ref": "Name"}, KmsKeyId=ARN)

    assert calls([], group) == [("It", 'cloudwatch_logs.encrypt_log_group(log_group_name="<its literal name>")')]


def test_instances_of_an_auto_scaling_group_are_made_by_its_service_linked_role() -> None:
    template = {
        "Template": {
            "Type": "AWS::EC2::LaunchTemplate",
            "Properties": {"LaunchTemplateData": {"BlockDeviceMappings": [{"Ebs": {"KmsKeyId": ARN}}]}},
        },
        **resource("AWS::AutoScaling::AutoScalingGroup", LaunchTemplate={"LaunchTemplateId": {"Ref": "Template"}}),
    }
    role = f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling"
    actions = ("kms:CreateGrant", "kms:GenerateDataKeyWithoutPlaintext")

    assert calls([], template) == [("It", "ebs.launch_from_auto_scaling()")]
    assert calls([allow({"AWS": f"arn:aws:iam::{ACCOUNT}:role/Other"}, *actions)], template) != []
    assert calls([allow({"AWS": role}, *actions)], template) == []


def _source(*arns: Any) -> dict[str, Any]:
    return {"StringEquals": {"aws:SourceAccount": ACCOUNT}, "ArnLike": {"aws:SourceArn": list(arns)}}


RULE_ARN, TOPIC_ARN = f"arn:aws:events:eu-west-1:{ACCOUNT}:rule/", f"arn:aws:sns:eu-west-1:{ACCOUNT}:"
ALARM = {**TOPIC, **resource("AWS::CloudWatch::Alarm", AlarmActions=[TO_TOPIC])}


def rule(**properties: Any) -> dict[str, Any]:
    return {**QUEUE, **resource("AWS::Events::Rule", Targets=[{"Id": "T", "Arn": TO_QUEUE}], **properties)}


@pytest.mark.parametrize(
    ("resources", "service", "condition"),
    [
        (rule(Name="nightly"), "events", _source(RULE_ARN + "nightly")),
        (rule(Name="nightly"), "events", _source(RULE_ARN + "hourly", RULE_ARN + "night*")),
        (rule(), "events", _source(RULE_ARN + "Orders-It-*")),
        (rule(Name="nightly", EventBusName="orders"), "events", _source(RULE_ARN + "orders/nightly")),
        (rule(Name={"Ref": "Name"}), "events", _source(RULE_ARN + "hourly")),
        (rule(Name="nightly"), "events", _source({"Fn::GetAtt": ["It", "Arn"]})),
        (rule(Name="nightly"), "events", _source("arn:aws:events:*:*:*")),
        (ALARM, "cloudwatch", {"StringLike": {"kms:EncryptionContext:aws:sns:topicArn": TOPIC_ARN + "*"}}),
        (ALARM, "cloudwatch", {"StringLike": {"kms:EncryptionContext:aws:sns:topicArn": TOPIC_ARN + "Orders-Topic-*"}}),
        (ALARM, "cloudwatch", {"Null": {"kms:EncryptionContext:aws:sns:topicArn": "false"}}),
    ],
)
def test_a_statement_about_the_resource_admits_its_service(
    resources: dict[str, Any], service: str, condition: dict[str, Any]
) -> None:
    assert calls([allow({"Service": f"{service}.amazonaws.com"}, *SEND, **condition)], resources) == []


@pytest.mark.parametrize(
    ("resources", "service", "condition", "call"),
    [
        (
            rule(Name="nightly"),
            "events",
            _source(RULE_ARN + "hourly"),
            'eventbridge.send_to_target_queue(rule_name="nightly")',
        ),
        (
            rule(Name="nightly", EventBusName="orders"),
            "events",
            _source(RULE_ARN + "nightly"),
            'eventbridge.send_to_target_queue(rule_name="orders/nightly")',
        ),
        (
            rule(Name="nightly"),
            "events",
            {"StringLike": {"kms:EncryptionContext:aws:sns:topicArn": TOPIC_ARN + "*"}},
            'eventbridge.send_to_target_queue(rule_name="nightly")',
        ),
        (
            ALARM,
            "cloudwatch",
            {"StringEquals": {"kms:EncryptionContext:aws:sns:topicArn": TOPIC_ARN + "other"}},
            "cloudwatch.notify_topic()",
        ),
        (
            resource("AWS::CloudTrail::Trail", TrailName="main", KMSKeyId=ARN),
            "cloudtrail",
            {"StringEquals": {"aws:SourceArn": f"arn:aws:cloudtrail:eu-west-1:{ACCOUNT}:trail/other"}},
            'cloudtrail.write_logs(trail_name="main")',
        ),
    ],
)
def test_refuses_a_statement_about_another_resource(
    resources: dict[str, Any], service: str, condition: dict[str, Any], call: str
) -> None:
    statement = allow({"Service": f"{service}.amazonaws.com"}, *SEND, **condition)

    assert calls([statement], resources) == [("It", call)]


FUNCTION_ARN = f"arn:aws:lambda:eu-west-1:{ACCOUNT}:function:"
PACKAGE = resource("AWS::Lambda::Function", FunctionName="resize", Code={"SourceKMSKeyArn": ARN})


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("resize", []),
        ("res*", []),
        ("other", [("It", 'lambda_functions.encrypt_package(function_name="resize")')]),
    ],
)
def test_the_package_of_a_function_is_admitted_by_its_name(name: str, expected: list[tuple[str, str]]) -> None:
    names = {"kms:EncryptionContext:aws:lambda:FunctionArn": [FUNCTION_ARN + name, f"{FUNCTION_ARN}{name}:*"]}

    assert calls([allow({"Service": "lambda.amazonaws.com"}, *SEND, ArnLike=names)], PACKAGE) == expected


STRANGE = "999999999999"
FED = {
    **QUEUE,
    **resource("AWS::SNS::Subscription", Endpoint=TO_QUEUE, TopicArn=f"arn:aws:sns:eu-west-1:{STRANGE}:alarms"),
}
FED_BY_OURS = {**FED, **resource("AWS::SNS::Subscription", Endpoint=TO_QUEUE, TopicArn=TOPIC_ARN + "alarms")}


@pytest.mark.parametrize(
    ("resources", "service", "condition"),
    [
        (ALARM, "cloudwatch", {"StringEquals": {"aws:SourceAccount": ACCOUNT}}),
        (ALARM, "cloudwatch", {"StringEquals": {"aws:SourceAccount": [STRANGE, ACCOUNT]}}),
        (ALARM, "cloudwatch", {"StringEquals": {"aws:SourceAccount": {"Ref": "Account"}}}),
        (ALARM, "cloudwatch", {"StringLike": {"aws:SourceAccount": "1111*"}}),
        (ALARM, "cloudwatch", {"StringNotEquals": {"aws:SourceAccount": STRANGE}}),
        (ALARM, "cloudwatch", {"ArnLike": {"aws:SourceArn": "arn:aws:cloudwatch:*:*:alarm:*"}}),
        (ALARM, "cloudwatch", {"ArnLike": {"aws:SourceArn": {"Ref": "Arn"}}}),
        (FED_BY_OURS, "sns", {"ArnLike": {"aws:SourceArn": f"arn:aws:sns:*:{ACCOUNT}:*"}}),
        (FED, "sns", {"ArnLike": {"aws:SourceArn": f"arn:aws:sns:eu-west-1:{STRANGE}:alarms"}}),
    ],
)
def test_a_statement_about_the_account_of_the_source_admits_its_service(
    resources: dict[str, Any], service: str, condition: dict[str, Any]
) -> None:
    assert calls([allow({"Service": f"{service}.amazonaws.com"}, *SEND, **condition)], resources) == []


@pytest.mark.parametrize(
    ("resources", "service", "condition", "call"),
    [
        (ALARM, "cloudwatch", {"StringEquals": {"aws:SourceAccount": STRANGE}}, "cloudwatch.notify_topic()"),
        (ALARM, "cloudwatch", {"StringLike": {"aws:SourceAccount": "9999*"}}, "cloudwatch.notify_topic()"),
        (
            ALARM,
            "cloudwatch",
            {"ArnLike": {"aws:SourceArn": f"arn:aws:cloudwatch:*:{STRANGE}:alarm:*"}},
            "cloudwatch.notify_topic()",
        ),
        (
            FED,
            "sns",
            {"ArnLike": {"aws:SourceArn": f"arn:aws:sns:*:{ACCOUNT}:*"}},
            f'sns.deliver_to_queue(topic_name="alarms", account="{STRANGE}")',
        ),
    ],
)
def test_refuses_a_statement_about_another_account(
    resources: dict[str, Any], service: str, condition: dict[str, Any], call: str
) -> None:
    assert calls([allow({"Service": f"{service}.amazonaws.com"}, *SEND, **condition)], resources) == [("It", call)]


def test_a_rule_with_two_targets_of_a_key_is_told_both_calls() -> None:
    targets = [{"Id": "A", "Arn": TO_TOPIC}, {"Id": "B", "Arn": TO_QUEUE}]

    assert calls([], {**TOPIC, **QUEUE, **resource("AWS::Events::Rule", Name="nightly", Targets=targets)}) == [
        ("It", "eventbridge.notify_topic()"),
        ("It", 'eventbridge.send_to_target_queue(rule_name="nightly")'),
    ]


def test_what_is_not_ours_or_not_encrypted_is_left_alone() -> None:
    plain = {"Topic": {"Type": "AWS::SNS::Topic", "Properties": {}}}
    alarm = resource("AWS::CloudWatch::Alarm", AlarmActions=[TO_TOPIC])
    templates = CloudTemplates({"S": {"Resources": {"Key": {"Type": "AWS::KMS::Key"}, **TOPIC, **alarm}}})

    assert calls([], {**plain, **alarm}) == []
    assert unadmitted_services(templates, []) == []
    assert [each.place for each in unadmitted_services(templates, [KEY])] == [Located("S", "It")]
