"""What is meant by the uses that record: trails, log groups, deliveries."""

from constructs_lib.service_access import aws_config, cloudtrail, cloudwatch_logs, log_delivery
from tests.support.service_row import ANOTHER_RESOURCE, CALLER, Rule, ServiceRow

_TRAIL = "arn:{P}:cloudtrail:{R}:{A}:trail/main"
_TRAILS = (_TRAIL, "arn:{P}:cloudtrail:{O}:{A}:trail/~", "arn:{P}:cloudtrail:{R}:{A}:trail/~")
_TRAIL_CONTEXT = "kms:EncryptionContext:aws:cloudtrail:arn"
_IN_BUCKET = {
    "kms:ViaService": "s3.{R}.amazonaws.com",
    "kms:EncryptionContext:aws:s3:arn": ("arn:{P}:s3:::logs", "arn:{P}:s3:::logs/~"),
}
_TOPIC = {"kms:EncryptionContext:aws:sns:topicArn": "arn:{P}:sns:{R}:{A}:trails"}
_WRITES = (
    Rule("cloudtrail.amazonaws.com", "GenerateDataKey", {"aws:SourceArn": _TRAIL, _TRAIL_CONTEXT: _TRAILS}),
    Rule("cloudtrail.amazonaws.com", "DescribeKey", {"aws:SourceArn": _TRAIL}),
)
_LOG_GROUP = Rule(
    "logs.{R}.{S}",
    "Decrypt Encrypt GenerateDataKey GenerateDataKeyWithoutPlaintext ReEncryptFrom ReEncryptTo",
    {"kms:EncryptionContext:aws:logs:arn": "arn:{P}:logs:{R}:{A}:log-group:orders"},
)

ROWS = (
    ServiceRow(cloudtrail.write_logs, {"trail_name": "main"}, _WRITES),
    ServiceRow(
        cloudtrail.write_logs_with_bucket_key,
        {"trail_name": "main"},
        (Rule("cloudtrail.amazonaws.com", "Decrypt DescribeKey GenerateDataKey", {"aws:SourceArn": _TRAIL}),),
    ),
    ServiceRow(
        cloudtrail.read_logs,
        {},
        (Rule(CALLER, "Decrypt", {_TRAIL_CONTEXT: "~"}),),
        blind_to={ANOTHER_RESOURCE: "readers read the logs of every trail under the key"},
    ),
    ServiceRow(
        cloudtrail.read_logs_with_bucket_key,
        {"bucket_name": "logs"},
        (Rule(CALLER, "Decrypt", {_TRAIL_CONTEXT: "~"}), Rule(CALLER, "Decrypt", _IN_BUCKET)),
    ),
    ServiceRow(
        cloudtrail.notify_topic,
        {"topic_name": "trails"},
        (Rule("cloudtrail.amazonaws.com", "Decrypt GenerateDataKey", _TOPIC),),
    ),
    ServiceRow(
        cloudtrail.store_events,
        {},
        (Rule("cloudtrail.amazonaws.com", "Decrypt GenerateDataKey"),),
        blind_to={ANOTHER_RESOURCE: "AWS says that no source condition works"},
    ),
    ServiceRow(
        cloudtrail.query_events,
        {},
        (Rule(CALLER, "Decrypt GenerateDataKey"),),
        blind_to={ANOTHER_RESOURCE: "AWS documents no condition"},
    ),
    ServiceRow(cloudwatch_logs.encrypt_log_group, {"log_group_name": "orders"}, (_LOG_GROUP,)),
    ServiceRow(
        cloudwatch_logs.encrypt_log_group_at,
        {"log_group_arn": "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:orders"},
        (_LOG_GROUP,),
    ),
    ServiceRow(
        log_delivery.write_to_bucket,
        {},
        (
            Rule(
                "delivery.logs.amazonaws.com",
                "Decrypt DescribeKey Encrypt GenerateDataKey GenerateDataKeyWithoutPlaintext ReEncryptFrom ReEncryptTo",
                {
                    "aws:SourceAccount": "{A}",
                    "aws:SourceArn": "arn:{P}:logs:{R}:{A}:~",
                },
            ),
        ),
    ),
    ServiceRow(
        aws_config.write_to_bucket,
        {},
        (Rule("config.amazonaws.com", "Decrypt GenerateDataKey", {"aws:SourceAccount": "{A}"}),),
        blind_to={ANOTHER_RESOURCE: "AWS Config is one of an account and Region"},
    ),
)
