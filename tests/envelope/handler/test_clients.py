import logging

import pytest
from botocore.exceptions import ReadTimeoutError

from envelope.handler.clients import AwsClients
from envelope.limits import OBJECT_STALL_SECONDS
from envelope.records.batch import RESERVE_SECONDS
from envelope.records.sink_retries import ATTEMPT_SECONDS_MAX

ENVIRONMENT = {
    "AWS_DEFAULT_REGION": "eu-central-1",
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
}


def test_clients_are_made_when_they_are_needed_and_once(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    clients = AwsClients(lambda: 1.0)
    assert clients._made == {}

    made = [clients.s3(), clients.sqs(), clients.kinesis("us-west-2")]

    assert [clients.s3(), clients.sqs(), clients.kinesis("us-west-2")] == made
    assert [client.meta.region_name for client in made] == ["eu-central-1", "eu-central-1", "us-west-2"]
    assert [client.meta.config.read_timeout for client in made] == [OBJECT_STALL_SECONDS, 4, 4]
    assert clients.kms("us-west-2") is clients.kms("us-west-2")
    assert clients.kms("us-west-2") is not clients.kms("us-east-1")


def test_s3_is_asked_again_only_if_there_is_time(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    seconds: list[float] = [19.0]
    asked: list[float] = []

    def hang(**_: object) -> None:
        asked.append(seconds[0])
        seconds[0] -= OBJECT_STALL_SECONDS
        raise ReadTimeoutError(endpoint_url="https://s3")

    client = AwsClients(lambda: seconds[0]).s3()
    client.meta.events.register("before-send.s3", hang)

    with pytest.raises(ReadTimeoutError):
        client.abort_multipart_upload(Bucket="bucket", Key="key", UploadId="id")
    with pytest.raises(ReadTimeoutError):
        client.get_object(Bucket="bucket", Key="key")

    assert asked == [19.0, 11.0]


def test_sqs_and_kinesis_are_asked_again_only_if_there_is_time(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    asked: list[str] = []

    def hang(*, event_name: str, **_: object) -> None:
        asked.append(event_name)
        raise ReadTimeoutError(endpoint_url="https://sink")

    clients = AwsClients(lambda: ATTEMPT_SECONDS_MAX + RESERVE_SECONDS)
    for client in (clients.sqs(), clients.kinesis("us-west-2")):
        client.meta.events.register("before-send", hang)

    with pytest.raises(ReadTimeoutError):
        clients.sqs().send_message(QueueUrl="https://sqs/1/queue", MessageBody="A")
    with pytest.raises(ReadTimeoutError):
        clients.kinesis("us-west-2").put_record(StreamName="stream", Data=b"A", PartitionKey="a")

    assert asked == ["before-send.sqs.SendMessage", "before-send.kinesis.PutRecord"]


@pytest.mark.parametrize("library", ["botocore", "s3transfer"])
def test_libraries_that_log_what_they_send_are_quiet(library: str) -> None:
    logger = logging.getLogger(library)
    logger.setLevel(logging.DEBUG)

    AwsClients(lambda: 1.0)

    assert not logger.isEnabledFor(logging.INFO)
