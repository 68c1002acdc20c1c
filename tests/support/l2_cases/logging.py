"""Logs, trails and alarms: most of their constructs say nothing to the key, so each is admitted by a call."""

import aws_cdk as cdk
from aws_cdk import aws_cloudtrail as cloudtrail
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as cloudwatch_actions
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns

from tests.support.l2_case import (
    LOG_GROUP,
    READ_WRITE,
    SEND,
    SOURCE,
    SOURCE_AND_ACCOUNT,
    L2Case,
    Use,
    add_to,
    function,
    vpc,
)

CASES: list[L2Case] = []

_TRAIL = "cloudtrail.amazonaws.com"
_IN_TRAIL = (*SOURCE, "kms:EncryptionContext:aws:cloudtrail:arn")
_IN_TOPIC = "kms:EncryptionContext:aws:sns:topicArn"

TRAIL_WRITES = (Use(_TRAIL, ("GenerateDataKey",), _IN_TRAIL), Use(_TRAIL, ("DescribeKey",), SOURCE))


@add_to(CASES, calls={'cloudwatch_logs.encrypt_log_group(log_group_name="{stack}-Logs6819BB44-*")': (LOG_GROUP,)})
def log_group(key: kms.IKey, stack: cdk.Stack) -> None:
    logs.LogGroup(stack, "Logs", encryption_key=key)


@add_to(CASES, calls={'cloudwatch_logs.encrypt_log_group(log_group_name="/orders/all")': (LOG_GROUP,)})
def log_group_of_a_function(key: kms.IKey, stack: cdk.Stack) -> None:
    function(stack, log_group=logs.LogGroup(stack, "Logs", log_group_name="/orders/all", encryption_key=key))


@add_to(CASES, calls={'cloudtrail.write_logs(trail_name="main")': TRAIL_WRITES})
def trail(key: kms.IKey, stack: cdk.Stack) -> None:
    cloudtrail.Trail(stack, "Trail", trail_name="main", encryption_key=key)


@add_to(
    CASES,
    calls={
        'cloudtrail.write_logs_with_bucket_key(trail_name="main")': (
            Use(_TRAIL, ("Decrypt", "DescribeKey", "GenerateDataKey"), SOURCE),
        ),
    },
)
def trail_into_a_bucket_with_a_bucket_key(key: kms.IKey, stack: cdk.Stack) -> None:
    bucket = s3.Bucket(stack, "Bucket", encryption_key=key, bucket_key_enabled=True)
    cloudtrail.Trail(stack, "Trail", trail_name="main", encryption_key=key, bucket=bucket)


@add_to(CASES, Use(_TRAIL, SEND))
def trail_that_notifies_a_topic(key: kms.IKey, stack: cdk.Stack) -> None:
    cloudtrail.Trail(stack, "Trail", trail_name="main", sns_topic=sns.Topic(stack, "Topic", master_key=key))


@add_to(
    CASES,
    calls={"cloudwatch.notify_topic()": (Use("cloudwatch.amazonaws.com", SEND, (_IN_TOPIC, "aws:SourceAccount")),)},
)
def alarm_to_a_topic(key: kms.IKey, stack: cdk.Stack) -> None:
    errors = function(stack).metric_errors()
    alarm = cloudwatch.Alarm(stack, "Alarm", metric=errors, threshold=1, evaluation_periods=1)
    alarm.add_alarm_action(cloudwatch_actions.SnsAction(sns.Topic(stack, "Topic", master_key=key)))


@add_to(
    CASES,
    calls={
        "log_delivery.write_to_bucket()": (
            Use("delivery.logs.amazonaws.com", ("DescribeKey", *READ_WRITE), SOURCE_AND_ACCOUNT),
        ),
    },
)
def flow_log_into_a_bucket(key: kms.IKey, stack: cdk.Stack) -> None:
    bucket = s3.Bucket(stack, "Bucket", encryption_key=key)
    ec2.FlowLog(
        stack,
        "Flow",
        resource_type=ec2.FlowLogResourceType.from_vpc(vpc(stack)),
        destination=ec2.FlowLogDestination.to_s3(bucket, "flow"),
    )
