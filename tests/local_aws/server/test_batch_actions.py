from collections.abc import Callable

import pytest
from botocore.exceptions import ClientError

from local_aws import LocalAws
from tests.support.iam_statement import allow

pytestmark = pytest.mark.deploy

ENTRIES = [{"Id": "1", "MessageBody": "text"}]


def test_a_batch_needs_the_permission_of_a_single_message(aws: LocalAws, make_role: Callable[..., str]) -> None:
    aws.session().client("sqs").create_queue(QueueName="batches")
    sqs = aws.session(aws.assume(make_role(allow("sqs:SendMessage")))).client("sqs")

    assert len(sqs.send_message_batch(QueueUrl="batches", Entries=ENTRIES)["Successful"]) == 1
    with pytest.raises(ClientError, match="not authorized to perform: sqs:DeleteMessage "):
        sqs.delete_message_batch(QueueUrl="batches", Entries=[{"Id": "1", "ReceiptHandle": "handle"}])
