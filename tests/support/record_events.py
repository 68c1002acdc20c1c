"""Events of SQS and Kinesis, as Lambda hands them over."""

import base64
from typing import Any

QUEUE_URL = "https://sqs.eu-central-1.amazonaws.com/111122223333/sealed"
FIFO_URL = f"{QUEUE_URL}.fifo"
STREAM_ARN = "arn:aws:kinesis:eu-central-1:111122223333:stream/sealed"
RECORD_VARIABLES = {"ENCRYPTION_CONTEXT": '{"purpose": "orders"}', "RECORDS_TO": QUEUE_URL}

_SOURCE_ARN = "arn:aws:sqs:eu-central-1:111122223333:orders"
_STREAM_SOURCE_ARN = "arn:aws:kinesis:eu-central-1:111122223333:stream/orders"


def queue_record(body: str, *, identifier: str = "m-0", group: str | None = None) -> dict[str, Any]:
    """One message of a queue; of a FIFO queue if it has a group."""
    attributes = {"ApproximateReceiveCount": "1", "SentTimestamp": "1764000000000"}
    if group is not None:
        attributes |= {"MessageGroupId": group, "MessageDeduplicationId": f"d-{identifier}", "SequenceNumber": "188"}
    return {
        "messageId": identifier,
        "receiptHandle": "handle",
        "body": body,
        "attributes": attributes,
        "messageAttributes": {"tenant": {"dataType": "String", "stringValue": "seven"}},
        "eventSource": "aws:sqs",
        "eventSourceARN": _SOURCE_ARN if group is None else f"{_SOURCE_ARN}.fifo",
        "awsRegion": "eu-central-1",
    }


def queue_event(*bodies: str) -> dict[str, Any]:
    """A batch of a standard queue; its messages are `m-0`, `m-1` and so on."""
    return {"Records": [queue_record(body, identifier=f"m-{number}") for number, body in enumerate(bodies)]}


def fifo_event(*records: tuple[str, str]) -> dict[str, Any]:
    """A batch of a FIFO queue, from groups and bodies."""
    return {
        "Records": [
            queue_record(body, identifier=f"m-{number}", group=group) for number, (group, body) in enumerate(records)
        ]
    }


def stream_event(*records: tuple[str, bytes]) -> dict[str, Any]:
    """A batch of one shard, from partition keys and data; sequence numbers are `0`, `1` and so on."""
    return {
        "Records": [
            {
                "kinesis": {
                    "kinesisSchemaVersion": "1.0",
                    "partitionKey": partition_key,
                    "sequenceNumber": str(number),
                    "data": base64.b64encode(data).decode(),
                    "approximateArrivalTimestamp": 1764000000.0,
                },
                "eventSource": "aws:kinesis",
                "eventID": f"shardId-000000000006:{number}",
                "eventName": "aws:kinesis:record",
                "eventSourceARN": _STREAM_SOURCE_ARN,
                "awsRegion": "eu-central-1",
            }
            for number, (partition_key, data) in enumerate(records)
        ]
    }


def failed(answer: dict[str, Any]) -> list[str]:
    """Which records come again."""
    assert answer.keys() == {"batchItemFailures"}
    return [each["itemIdentifier"] for each in answer["batchItemFailures"]]
