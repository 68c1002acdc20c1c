"""On whose behalf AWS services call KMS for themselves, and with whose key: a table of resource types.

Some resources hold the key. Others send to a topic, a queue or a bucket, and it is the key of that which must admit the
service: without it an alarm's message or a trail's file is lost, and nothing says so.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from constructs_lib.actions import CREATE_GRANT, DATA_KEY_WITHOUT_PLAINTEXT, DECRYPT, GENERATE_DATA_KEY, SIGN
from constructs_lib.guardrails.template_values import as_list

_SEND = (*DECRYPT, *GENERATE_DATA_KEY)
_TOPIC, _QUEUE, BUCKET = "AWS::SNS::Topic", "AWS::SQS::Queue", "AWS::S3::Bucket"
_LAUNCH_TEMPLATE = "AWS::EC2::LaunchTemplate"

KEY_OF: Mapping[str, str] = {
    BUCKET: "BucketEncryption.ServerSideEncryptionConfiguration.ServerSideEncryptionByDefault.KMSMasterKeyID",
    _TOPIC: "KmsMasterKeyId",
    _QUEUE: "KmsMasterKeyId",
    _LAUNCH_TEMPLATE: "LaunchTemplateData.BlockDeviceMappings.Ebs.KmsKeyId",
}
"""Where what is sent to, or made from, holds its key."""

_BUCKET_KEY = "BucketEncryption.ServerSideEncryptionConfiguration.BucketKeyEnabled"


@dataclass(frozen=True, kw_only=True)
class Publisher:
    """A kind of resource on whose behalf a service calls KMS.

    Attributes:
        types: Resource types.
        where: Paths through the properties to the key itself, or to targets.
        service: How the service principal begins; for a service-linked role, what its ARN holds.
        call: What is called on the key to admit it; `{name}` is the name of the resource or a pattern of it, and
            `{literal}` a name that the service takes as it is.
        target: The type of the target whose key it is; empty if the property holds the key itself.
        actions: What the service must be allowed.
        name: The property that holds the name; empty if the call needs none.
        only_if: The path to a property of the target that must be true for it.
        replaces: A call of another row that is superfluous then.
    """

    types: tuple[str, ...]
    where: tuple[str, ...]
    service: str
    call: str
    target: str = ""
    actions: tuple[str, ...] = _SEND
    name: str = ""
    only_if: str = ""
    replaces: str = ""


_ALARMS = ("AWS::CloudWatch::Alarm", "AWS::CloudWatch::CompositeAlarm")
_NOTIFYING = (BUCKET, "Custom::S3BucketNotifications")
_RULE = "AWS::Events::Rule"
_TRAIL = "AWS::CloudTrail::Trail"
_WRITE_LOGS = 'cloudtrail.write_logs(trail_name="{literal}")'
_SUBSCRIPTION = "AWS::SNS::Subscription"

PUBLISHERS: tuple[Publisher, ...] = (
    Publisher(
        types=("AWS::Logs::LogGroup",),
        where=("KmsKeyId",),
        service="logs.",
        call='cloudwatch_logs.encrypt_log_group(log_group_name="{name}")',
        name="LogGroupName",
    ),
    Publisher(
        types=(_TRAIL,),
        where=("KMSKeyId",),
        service="cloudtrail.",
        call=_WRITE_LOGS,
        actions=GENERATE_DATA_KEY,
        name="TrailName",
    ),
    Publisher(
        types=(_TRAIL,),
        where=("S3BucketName",),
        target=BUCKET,
        service="cloudtrail.",
        call=_WRITE_LOGS,
        actions=GENERATE_DATA_KEY,
        name="TrailName",
    ),
    Publisher(
        types=(_TRAIL,),
        where=("S3BucketName",),
        target=BUCKET,
        service="cloudtrail.",
        call='cloudtrail.write_logs_with_bucket_key(trail_name="{literal}")',
        name="TrailName",
        only_if=_BUCKET_KEY,
        replaces=_WRITE_LOGS,
    ),
    Publisher(
        types=(_TRAIL,),
        where=("SnsTopicName",),
        target=_TOPIC,
        service="cloudtrail.",
        call="cloudtrail.notify_topic()",
    ),
    Publisher(
        types=("AWS::CloudTrail::EventDataStore",),
        where=("KmsKeyId",),
        service="cloudtrail.",
        call="cloudtrail.store_events()",
    ),
    Publisher(
        types=_ALARMS,
        where=("AlarmActions", "OKActions", "InsufficientDataActions"),
        target=_TOPIC,
        service="cloudwatch.",
        call="cloudwatch.notify_topic()",
    ),
    Publisher(
        types=(_RULE,),
        where=("Targets.Arn",),
        target=_TOPIC,
        service="events.",
        call="eventbridge.notify_topic()",
    ),
    Publisher(
        types=(_RULE,),
        where=("Targets.Arn",),
        target=_QUEUE,
        service="events.",
        call='eventbridge.send_to_target_queue(rule_name="{name}")',
        name="Name",
    ),
    Publisher(
        types=(_RULE,),
        where=("Targets.DeadLetterConfig.Arn",),
        target=_QUEUE,
        service="events.",
        call='eventbridge.send_dead_letters(rule_name="{name}")',
        name="Name",
    ),
    Publisher(
        types=("AWS::Events::EventBus",),
        where=("KmsKeyIdentifier",),
        service="events.",
        call='eventbridge.encrypt_bus(bus_name="{literal}")',
        name="Name",
    ),
    Publisher(
        types=(_SUBSCRIPTION,),
        where=("Endpoint",),
        target=_QUEUE,
        service="sns.",
        call='sns.deliver_to_queue(topic_name="{name}")',
        name="TopicArn",
    ),
    Publisher(
        types=(_SUBSCRIPTION,),
        where=("RedrivePolicy.deadLetterTargetArn",),
        target=_QUEUE,
        service="sns.",
        call='sns.deliver_dead_letters(topic_name="{name}")',
        name="TopicArn",
    ),
    Publisher(
        types=_NOTIFYING,
        where=(
            "NotificationConfiguration.TopicConfigurations.Topic",
            "NotificationConfiguration.TopicConfigurations.TopicArn",
        ),
        target=_TOPIC,
        service="s3.",
        call='s3.notify_topic(bucket_name="{name}")',
        name="BucketName",
    ),
    Publisher(
        types=_NOTIFYING,
        where=(
            "NotificationConfiguration.QueueConfigurations.Queue",
            "NotificationConfiguration.QueueConfigurations.QueueArn",
        ),
        target=_QUEUE,
        service="s3.",
        call='s3.notify_queue(bucket_name="{name}")',
        name="BucketName",
    ),
    Publisher(
        types=(BUCKET,),
        where=("InventoryConfigurations.Destination.BucketArn",),
        target=BUCKET,
        service="s3.",
        call='s3.write_inventory(bucket_name="{name}")',
        actions=GENERATE_DATA_KEY,
        name="BucketName",
    ),
    Publisher(
        types=("AWS::AutoScaling::AutoScalingGroup",),
        where=(
            "LaunchTemplate.LaunchTemplateId",
            "MixedInstancesPolicy.LaunchTemplate.LaunchTemplateSpecification.LaunchTemplateId",
        ),
        target=_LAUNCH_TEMPLATE,
        service=":role/aws-service-role/autoscaling.",
        call="ebs.launch_from_auto_scaling()",
        actions=(CREATE_GRANT, DATA_KEY_WITHOUT_PLAINTEXT),
    ),
    Publisher(
        types=("AWS::EC2::FlowLog",),
        where=("LogDestination",),
        target=BUCKET,
        service="delivery.logs.",
        call="log_delivery.write_to_bucket()",
    ),
    Publisher(
        types=("AWS::Config::DeliveryChannel",),
        where=("S3BucketName",),
        target=BUCKET,
        service="config.",
        call="aws_config.write_to_bucket()",
    ),
    Publisher(
        types=("AWS::Lambda::Function",),
        where=("Code.SourceKMSKeyArn",),
        service="lambda.",
        call='lambda_functions.encrypt_package(function_name="{name}")',
        name="FunctionName",
    ),
    Publisher(
        types=("AWS::Route53::KeySigningKey",),
        where=("KeyManagementServiceArn",),
        service="dnssec-route53.",
        call='route53.sign_zone(hosted_zone_id="{literal}")',
        actions=(*SIGN, CREATE_GRANT),
        name="HostedZoneId",
    ),
)


def values_at(properties: Any, path: str) -> Iterator[Any]:  # noqa: ANN401  # any value of a template
    """Yield what stands at a path through dictionaries and lists, in every branch.

    Examples:
        >>> list(values_at({"Targets": [{"Arn": "a"}, {"Arn": "b"}]}, "Targets.Arn"))
        ['a', 'b']
    """
    name, _, rest = path.partition(".")
    for each in as_list(properties):
        if isinstance(each, dict) and name in each:
            yield from values_at(each[name], rest) if rest else as_list(each[name])
