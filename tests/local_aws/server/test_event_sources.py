import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local_aws import LocalAws
from tests.support.iam_statement import allow
from tests.support.stack_operation import StackOperation
from tests.support.zipped_function import ZippedFunction

pytestmark = pytest.mark.deploy

READ = allow("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes")
COUNT = """
import json, boto3

def handler(event, context):
    sizes = boto3.client("sqs")
    sizes.send_message(QueueUrl=context.function_name + "-sizes", MessageBody=str(len(event["Records"])))
    return {"batchItemFailures": []}
"""


@pytest.fixture
def make_queue(aws: LocalAws) -> Callable[[str], str]:
    """Make a queue that takes nothing but TLS, and return its ARN."""

    def make(name: str) -> str:
        plain: dict[str, Any] = {"Effect": "Deny", "Principal": "*", "Action": "sqs:*", "Resource": "*"}
        plain |= {"Condition": {"Bool": {"aws:SecureTransport": "false"}}}
        policy = json.dumps({"Version": "2012-10-17", "Statement": [plain]})
        aws.session().client("sqs").create_queue(QueueName=name, Attributes={"Policy": policy})
        return f"arn:aws:sqs:{aws.region}:{aws.account}:{name}"

    return make


def test_a_batch_is_as_large_as_its_mapping_says(
    aws: LocalAws, make_role: Callable[..., str], make_queue: Callable[[str], str]
) -> None:
    arn, sqs = make_queue("batched"), aws.session().client("sqs")
    make_queue("counting-sizes")
    for start in (0, 10, 20):
        entries = [{"Id": str(number), "MessageBody": "text"} for number in range(start, start + 10)]
        sqs.send_message_batch(QueueUrl="batched", Entries=entries)
    role = make_role(READ, allow("sqs:SendMessage"), service="lambda.amazonaws.com")
    function = ZippedFunction(aws, role, "counting", {"index.py": COUNT})

    aws.session().client("lambda").create_event_source_mapping(
        FunctionName=function.name, EventSourceArn=arn, BatchSize=100, MaximumBatchingWindowInSeconds=1
    )

    assert _received(sqs, "counting-sizes") == ["30"]


@pytest.mark.parametrize("lacking", ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"])
def test_refuses_to_map_a_queue_that_the_functions_role_may_not_read(
    aws: LocalAws, make_role: Callable[..., str], make_queue: Callable[[str], str], lacking: str
) -> None:
    action = lacking.partition(":")[2]
    arn = make_queue(f"unread-{action}")
    role = make_role(allow(*(set(READ["Action"]) - {lacking})), service="lambda.amazonaws.com")
    ZippedFunction(aws, role, f"blind-{action}", {"index.py": COUNT})

    with pytest.raises(ClientError, match=f"execution role does not have permissions to call {action} on SQS"):
        aws.session().client("lambda").create_event_source_mapping(FunctionName=f"blind-{action}", EventSourceArn=arn)


def test_refuses_such_a_mapping_of_a_template_too(
    aws: LocalAws,
    make_role: Callable[..., str],
    make_queue: Callable[[str], str],
    make_stacks: Callable[..., StackOperation],
) -> None:
    arn = make_queue("of-a-template")
    ZippedFunction(aws, make_role(service="lambda.amazonaws.com"), "of-a-template", {"index.py": COUNT})

    mapping = {"FunctionName": "of-a-template", "EventSourceArn": arn}
    outcome = make_stacks().create({"Mapping": {"Type": "AWS::Lambda::EventSourceMapping", "Properties": mapping}})

    assert outcome.status == "ROLLBACK_COMPLETE"
    assert "does not have permissions to call ReceiveMessage on SQS" in " ".join(outcome.failures)


def test_a_queue_is_left_alone_once_the_role_may_not_read_it(
    aws: LocalAws, make_role: Callable[..., str], make_queue: Callable[[str], str]
) -> None:
    session, arn = aws.session(), make_queue("withdrawn")
    make_queue("cut-off-sizes")
    role = make_role(READ, allow("sqs:SendMessage"), service="lambda.amazonaws.com")
    ZippedFunction(aws, role, "cut-off", {"index.py": COUNT})
    mapping = session.client("lambda").create_event_source_mapping(FunctionName="cut-off", EventSourceArn=arn)
    session.client("iam").put_role_policy(
        RoleName=role.rpartition("/")[2],
        PolicyName="role",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [allow("sqs:SendMessage")]}),
    )

    session.client("sqs").send_message(QueueUrl="withdrawn", MessageBody="text")

    until = time.monotonic() + 5
    seen = ""
    while not seen.startswith("PROBLEM") and time.monotonic() < until:
        time.sleep(0.05)
        seen = session.client("lambda").get_event_source_mapping(UUID=mapping["UUID"])["LastProcessingResult"]
    assert "does not have permissions to call ReceiveMessage" in seen
    assert _number(session.client("sqs"), "withdrawn") == 1


def _number(sqs: Any, queue: str) -> int:
    found = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["ApproximateNumberOfMessages"])
    return int(found["Attributes"]["ApproximateNumberOfMessages"])


def _received(sqs: Any, queue: str) -> list[str]:
    until = time.monotonic() + 10
    while time.monotonic() < until:
        found = sqs.receive_message(QueueUrl=queue).get("Messages", [])
        if found:
            return [message["Body"] for message in found]
        time.sleep(0.05)
    return []
