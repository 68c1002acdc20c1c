"""What is meant by the uses that send: topics, queues, event buses, streams."""

from constructs_lib.service_access import cloudwatch, eventbridge, firehose, kinesis, s3, sns, sqs
from tests.support.service_row import CALLER, Rule, ServiceRow

_SEND = "Decrypt GenerateDataKey"
_EVENTS = "events.amazonaws.com"
_TOPIC = {"kms:EncryptionContext:aws:sns:topicArn": "arn:{P}:sns:{R}:{A}:alarms"}
_ANY_TOPIC = {"kms:EncryptionContext:aws:sns:topicArn": "arn:{P}:sns:{R}:{A}:~"}
_QUEUE = {"kms:ViaService": "sqs.{R}.amazonaws.com", "kms:EncryptionContext:aws:sqs:arn": "arn:{P}:sqs:{R}:{A}:orders"}
_OURS = {"aws:SourceAccount": "{A}"}
_BUCKET = {**_OURS, "aws:SourceArn": "arn:{P}:s3:::orders"}
_RULE = {**_OURS, "aws:SourceArn": "arn:{P}:events:{R}:{A}:rule/orders/on-upload"}
_BUS = {"kms:EncryptionContext:aws:events:event-bus:arn": "arn:{P}:events:{R}:{A}:event-bus/orders"}
_FOR_BUS = {**_OURS, "aws:SourceArn": "arn:{P}:events:{R}:{A}:event-bus/orders"}
_DELIVERY = {"aws:SourceArn": "arn:{P}:sns:{R}:{A}:alarms"}
_STREAM = {
    "kms:ViaService": "kinesis.{R}.amazonaws.com",
    "kms:EncryptionContext:aws:kinesis:arn": "arn:{P}:kinesis:{R}:{A}:stream/orders",
}

ROWS = (
    ServiceRow(
        cloudwatch.notify_topic,
        {"topic_name": "alarms"},
        (Rule("cloudwatch.amazonaws.com", _SEND, {**_OURS, **_TOPIC}),),
    ),
    ServiceRow(eventbridge.notify_topic, {"topic_name": "alarms"}, (Rule(_EVENTS, _SEND, _TOPIC),)),
    ServiceRow(eventbridge.send_to_target_queue, {"rule_name": "orders/on-upload"}, (Rule(_EVENTS, _SEND, _RULE),)),
    ServiceRow(eventbridge.send_dead_letters, {"rule_name": "orders/on-upload"}, (Rule(_EVENTS, _SEND, _RULE),)),
    ServiceRow(
        eventbridge.encrypt_bus,
        {"bus_name": "orders"},
        (Rule(_EVENTS, _SEND, {**_FOR_BUS, **_BUS}), Rule(_EVENTS, "DescribeKey", _FOR_BUS)),
    ),
    ServiceRow(
        eventbridge.encrypt_archive,
        {"bus_name": "orders"},
        (Rule(_EVENTS, f"{_SEND} ReEncryptFrom ReEncryptTo", _BUS), Rule(_EVENTS, "DescribeKey")),
    ),
    ServiceRow(
        sns.publish,
        {"topic_name": "alarms"},
        (Rule(CALLER, _SEND, {"kms:ViaService": "sns.{R}.amazonaws.com", **_TOPIC}),),
    ),
    ServiceRow(sns.deliver_to_queue, {"topic_name": "alarms"}, (Rule("sns.amazonaws.com", _SEND, _DELIVERY),)),
    ServiceRow(sns.deliver_dead_letters, {"topic_name": "alarms"}, (Rule("sns.amazonaws.com", _SEND, _DELIVERY),)),
    ServiceRow(sqs.send, {"queue_name": "orders"}, (Rule(CALLER, _SEND, _QUEUE),)),
    ServiceRow(sqs.receive, {"queue_name": "orders"}, (Rule(CALLER, "Decrypt", _QUEUE),)),
    ServiceRow(
        s3.notify_topic,
        {"bucket_name": "orders", "topic_name": "alarms"},
        (Rule("s3.amazonaws.com", _SEND, {**_BUCKET, **_TOPIC}),),
    ),
    ServiceRow(s3.notify_queue, {"bucket_name": "orders"}, (Rule("s3.amazonaws.com", _SEND, _BUCKET),)),
    ServiceRow(kinesis.put_records, {"stream_name": "orders"}, (Rule(CALLER, "GenerateDataKey", _STREAM),)),
    ServiceRow(kinesis.get_records, {"stream_name": "orders"}, (Rule(CALLER, "Decrypt", _STREAM),)),
    ServiceRow(
        firehose.deliver_to_bucket,
        {"bucket_name": "orders", "prefix": "logs/"},
        (
            Rule(
                CALLER,
                _SEND,
                {
                    "kms:ViaService": "s3.{R}.amazonaws.com",
                    "kms:EncryptionContext:aws:s3:arn": "arn:{P}:s3:::orders/logs/~",
                },
            ),
        ),
    ),
    ServiceRow(firehose.encrypt_stream, {}, ()),
)

FOR_EVERY_TOPIC = (
    ServiceRow(cloudwatch.notify_topic, {}, (Rule("cloudwatch.amazonaws.com", _SEND, {**_OURS, **_ANY_TOPIC}),)),
    ServiceRow(eventbridge.notify_topic, {}, (Rule(_EVENTS, _SEND, _ANY_TOPIC),)),
    ServiceRow(sns.publish, {}, (Rule(CALLER, _SEND, {"kms:ViaService": "sns.{R}.amazonaws.com", **_ANY_TOPIC}),)),
)
"""The same uses when no name of a topic is given."""
