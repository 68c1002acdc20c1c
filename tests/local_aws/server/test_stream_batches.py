import json
from collections.abc import Callable
from typing import Any

import pytest

from local_aws import LocalAws
from tests.support.deployed_envelopes import soon
from tests.support.iam_statement import allow
from tests.support.zipped_function import ZippedFunction

pytestmark = pytest.mark.deploy

ROLE = allow("kinesis:GetRecords", "kinesis:GetShardIterator", "kinesis:DescribeStream", "sqs:SendMessage")
# It tells which records it was given. What begins with "report" is reported, what begins with "raise" raises.
TELL = """
import base64, boto3

sqs = boto3.client("sqs")

def handler(event, context):
    records = [each["kinesis"] for each in event["Records"]]
    given = [(each["sequenceNumber"], base64.b64decode(each["data"]).decode()) for each in records]
    sqs.send_message(QueueUrl=context.function_name, MessageBody=" ".join(text for _, text in given))
    if any(text.startswith("raise") for _, text in given):
        raise RuntimeError("as told")
    return {"batchItemFailures": [{"itemIdentifier": n} for n, text in given if text.startswith("report")][:1]}
"""


@pytest.fixture
def feed(aws: LocalAws, make_role: Callable[..., str]) -> Callable[..., tuple[list[str], list[dict[str, Any]]]]:
    """Put records into a stream that a function reads, and return its batches, and what was given up."""

    def run(name: str, *records: str, batches: int, **settings: Any) -> tuple[list[str], list[dict[str, Any]]]:
        session = aws.session()
        kinesis, sqs = session.client("kinesis"), session.client("sqs")
        kinesis.create_stream(StreamName=name, ShardCount=1)
        for queue in (name, f"{name}-lost"):
            sqs.create_queue(QueueName=queue)
        kinesis.put_records(
            StreamName=name, Records=[{"Data": each.encode(), "PartitionKey": "one"} for each in records]
        )
        ZippedFunction(aws, make_role(ROLE, service="lambda.amazonaws.com"), name, {"index.py": TELL})
        session.client("lambda").create_event_source_mapping(
            FunctionName=name,
            EventSourceArn=f"arn:aws:kinesis:{aws.region}:{aws.account}:stream/{name}",
            StartingPosition="TRIM_HORIZON",
            FunctionResponseTypes=["ReportBatchItemFailures"],
            DestinationConfig={"OnFailure": {"Destination": f"arn:aws:sqs:{aws.region}:{aws.account}:{name}-lost"}},
            **settings,
        )
        return _received(sqs, name, batches), [json.loads(each) for each in _received(sqs, f"{name}-lost", 1)]

    return run


def test_records_before_the_first_reported_one_are_done(feed: Callable[..., Any]) -> None:
    given, lost = feed("reported", "a", "b", "report c", "d", batches=3, MaximumRetryAttempts=1)

    assert given == ["a b report c d", "report c d", "report c d"]
    assert [each["KinesisBatchInfo"]["batchSize"] for each in lost] == [2]


def test_a_batch_that_fails_is_halved_until_the_bad_record_is_alone(feed: Callable[..., Any]) -> None:
    given, lost = feed(
        "halved", "a", "b", "raise c", "d", batches=6, MaximumRetryAttempts=1, BisectBatchOnFunctionError=True
    )

    assert given == ["a b raise c d", "a b", "raise c d", "raise c", "raise c", "d"]
    assert [(each["KinesisBatchInfo"]["batchSize"], each["requestContext"]["condition"]) for each in lost] == [
        (1, "RetryAttemptsExhausted")
    ]


def test_a_record_that_fails_is_tried_until_it_is_too_old(feed: Callable[..., Any]) -> None:
    given, lost = feed("aged", "report a", batches=1, MaximumRecordAgeInSeconds=1)

    assert set(given) == {"report a"}
    assert [each["requestContext"]["condition"] for each in lost] == ["RecordAgeExceeded"]
    assert lost[0]["requestContext"]["approximateInvokeCount"] >= len(given)


def _received(sqs: Any, queue: str, number: int) -> list[str]:
    """Receive so many messages, or more, or what there is after a while."""
    found: list[str] = []

    def is_enough() -> bool:
        messages = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", [])
        found.extend(message["Body"] for message in messages)
        return len(found) >= number

    soon(is_enough)
    return found
