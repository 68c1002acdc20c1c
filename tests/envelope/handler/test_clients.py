import logging

import pytest

from envelope.handler.clients import AwsClients
from envelope.limits import OBJECT_STALL_SECONDS

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
    assert {client.meta.config.read_timeout for client in made} == {OBJECT_STALL_SECONDS}
    assert clients.kms("us-west-2") is clients.kms("us-west-2")
    assert clients.kms("us-west-2") is not clients.kms("us-east-1")


@pytest.mark.parametrize("library", ["botocore", "s3transfer"])
def test_libraries_that_log_what_they_send_are_quiet(library: str) -> None:
    logger = logging.getLogger(library)
    logger.setLevel(logging.DEBUG)

    AwsClients(lambda: 1.0)

    assert not logger.isEnabledFor(logging.INFO)
