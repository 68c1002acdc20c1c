"""The record of what happened, and the news of what happens to keys, as a queue that subscribes gets it."""

import gzip
import json
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any, TypeVar

from botocore.exceptions import ClientError

from local_aws.demo.deployment import CONTEXT, Deployment
from local_aws.demo.narration import Narration

if TYPE_CHECKING:
    from collections.abc import Callable

    from local_aws import LocalAws

_Found = TypeVar("_Found")
_LONGEST_WAIT_SECONDS = 20.0
_PAUSE_SECONDS = 0.2
_BURST = 10


class Inbox:
    """A queue that subscribes to the news, as somebody's ticket system would."""

    def __init__(self, aws: "LocalAws", topic_arn: str) -> None:
        """Make the queue and subscribe."""
        self._sqs = aws.session().client("sqs")
        self._url = self._sqs.create_queue(QueueName="inbox")["QueueUrl"]
        arn = self._sqs.get_queue_attributes(QueueUrl=self._url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        admitted = {
            "Effect": "Allow",
            "Principal": {"Service": "sns.amazonaws.com"},
            "Action": "sqs:SendMessage",
            "Resource": arn,
            "Condition": {"ArnEquals": {"aws:SourceArn": topic_arn}},
        }
        policy = json.dumps({"Version": "2012-10-17", "Statement": [admitted]})
        self._sqs.set_queue_attributes(QueueUrl=self._url, Attributes={"Policy": policy})
        aws.session().client("sns").subscribe(
            TopicArn=topic_arn, Protocol="sqs", Endpoint=arn, Attributes={"RawMessageDelivery": "true"}
        )
        self._read: list[str] = []

    def wait_for(self, *words: str) -> str:
        """Return the first message that has all these words; nothing if none comes."""

        def found() -> str:
            answer = self._sqs.receive_message(QueueUrl=self._url, MaxNumberOfMessages=10)
            for message in answer.get("Messages", []):
                self._sqs.delete_message(QueueUrl=self._url, ReceiptHandle=message["ReceiptHandle"])
                self._read.append(message["Body"])
            return next((body for body in self._read if all(word in body for word in words)), "")

        return _awaited(found) or ""


def show_news(deployment: Deployment, inbox: Inbox, narration: Narration) -> None:
    """Show that what happens to a key is told, and that nobody else tells it."""
    narration.heading("News of the keys")
    administrator, archive = deployment.people["account administrator"], deployment.archive_key_arn
    error, _ = administrator.attempt("disable_key", KeyId=archive)
    message = inbox.wait_for("alias/reference/archive was disabled")
    administrator.attempt("enable_key", KeyId=archive)
    narration.check(
        "the account's administrator disables the archive key: whoever subscribes is told, by its alias",
        (error, administrator.role_arn.rpartition("/")[2] in message),
        ("", True),
        error,
    )
    for line in message.splitlines():
        narration.say(f"  {line.strip()}")
    for _ in range(_BURST):
        deployment.people["stranger with kms:*"].attempt("generate_data_key", KeyId=archive, NumberOfBytes=32)
    alarm = inbox.wait_for("AlarmName", "RefusedUseOfKeys")
    narration.check(f"{_BURST} refused requests of a stranger ring an alarm", bool(alarm), expected=True)
    error = _forged(deployment)
    narration.check(
        "a stranger whose own IAM policy allows everything but keys cannot forge news",
        bool(error),
        expected=True,
        detail=error,
    )


def show_record(deployment: Deployment, narration: Narration) -> None:
    """Show that the trail's log files hold what was done, readable by the auditor and by no stranger."""
    narration.heading("The record, as the auditor reads it from the trail's bucket")
    auditor = deployment.people["auditor"].session.client("s3")
    used = _awaited(lambda: _uses(auditor, deployment))
    narration.check(
        "its log files hold the encrypting function's request with its encryption context",
        bool(used),
        expected=True,
        detail=f"{used[0]['eventTime']}, event {used[0]['eventID']}" if used else "",
    )
    stranger = deployment.people["stranger with kms:*"].session.client("s3")
    try:
        stranger.list_objects_v2(Bucket=deployment.trail_bucket, Prefix="AWSLogs/")
        error = ""
    except ClientError as refused:
        error = refused.response["Error"]["Code"]
    narration.check("a stranger sees none of them", error, "AccessDenied", error)


def _uses(s3: Any, deployment: Deployment) -> list[dict[str, Any]]:  # noqa: ANN401  # a client
    found = s3.list_objects_v2(Bucket=deployment.trail_bucket, Prefix="AWSLogs/").get("Contents", [])
    files = [s3.get_object(Bucket=deployment.trail_bucket, Key=each["Key"])["Body"].read() for each in found]
    records = [record for file in files for record in json.loads(gzip.decompress(file))["Records"]]
    return [
        record
        for record in records
        if record["eventName"] == "GenerateDataKey"
        and record["resources"][0]["ARN"] == deployment.key_arn
        and record["requestParameters"]["encryptionContext"] == CONTEXT
        and "errorCode" not in record
    ]


def _forged(deployment: Deployment) -> str:
    every = {"Effect": "Allow", "NotAction": "kms:*", "Resource": "*"}
    role = deployment.aws.create_role("Forger", every)
    sns = deployment.aws.session(deployment.aws.assume(role)).client("sns")
    try:
        sns.publish(TopicArn=deployment.news_topic, Message="All keys are well")
    except ClientError as error:
        return str(error.response["Error"]["Code"])
    return ""


def _awaited(look: "Callable[[], _Found]") -> "_Found | None":
    end = monotonic() + _LONGEST_WAIT_SECONDS
    while monotonic() < end:
        found = look()
        if found:
            return found
        sleep(_PAUSE_SECONDS)
    return None
