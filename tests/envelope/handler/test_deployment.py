"""What the handlers make of their environment: the deployment, and a real KMS client."""

import base64
import json
import logging
import os
import re
import subprocess
import sys
from math import inf
from pathlib import Path
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.exceptions import ClientError

from envelope.errors import KeyUnavailable
from envelope.format.context import EncryptionContext
from envelope.format.suites import COMMITTING, COMMITTING_SIGNED, CommitmentPolicy
from envelope.handler import (
    Deployment,
    decrypt,
    decrypt_records,
    deployed,
    encrypt,
    encrypt_arrivals,
    encrypt_records,
    reencrypt,
)
from envelope.keys.cache_limits import CacheLimits
from envelope.records.queue_sink import QueueSink
from envelope.records.stream_sink import StreamSink
from tests.support.fake_clients import FakeClients
from tests.support.fake_kms import FAR_KEY_ARN, KEY_ARN, OTHER_KEY_ARN, FakeKms, client_error
from tests.support.record_events import QUEUE_URL, RECORD_VARIABLES, queue_record
from tests.support.requests import CONTEXT, VARIABLES, Handler, LambdaContext, failure_of, to_base64
from tests.support.sdk import kms_provider, sdk_decrypt

LAMBDA_SRC = Path(__file__).parents[3] / "lambda_src"
ENVIRONMENT = {
    **VARIABLES,
    "AWS_DEFAULT_REGION": "eu-central-1",
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
}


def test_the_defaults_are_the_strict_ones() -> None:
    deployment = Deployment.from_environment(VARIABLES, clients=FakeClients(FakeKms()))

    assert deployment.key_arn == KEY_ARN
    assert deployment.required_context == {"purpose"}
    assert deployment.suite is COMMITTING
    assert deployment.policy is CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT
    assert (deployment.new_keys, deployment.keys.cached, deployment.encryption_context) == (None, None, None)
    assert (deployment.records_to, deployment.arrivals_from, deployment.arrivals_to) == (None, None, None)
    assert deployment.arrivals_prefix == ""
    assert deployment.time_left.seconds_left() == inf


def test_every_variable_has_its_effect() -> None:
    deployment = Deployment.from_environment(
        {
            **VARIABLES,
            "FURTHER_KEY_ARNS": f'["{OTHER_KEY_ARN}"]',
            "ALGORITHM_SUITE": "0578",
            "COMMITMENT_POLICY": "REQUIRE_ENCRYPT_ALLOW_DECRYPT",
            "NEW_KEY_ARN": OTHER_KEY_ARN,
            "NEW_FURTHER_KEY_ARNS": f'["{FAR_KEY_ARN}"]',
            "DATA_KEY_CACHE": '{"max_age_seconds": 60.5, "max_messages": 1000}',
            "ENCRYPTION_CONTEXT": '{"purpose": "orders"}',
            "RECORDS_TO": QUEUE_URL,
            "ARRIVALS_FROM": "incoming",
            "ARRIVALS_TO": "bucket",
            "ARRIVALS_PREFIX": "sealed/",
        },
        clients=FakeClients(FakeKms()),
    )

    assert deployment.keys.keyring.key_arns == (KEY_ARN, OTHER_KEY_ARN)
    assert deployment.new_keys is not None
    assert deployment.new_keys.keyring.key_arns == (OTHER_KEY_ARN, FAR_KEY_ARN)
    assert deployment.suite is COMMITTING_SIGNED
    assert deployment.policy is CommitmentPolicy.REQUIRE_ENCRYPT_ALLOW_DECRYPT
    assert repr(CacheLimits(max_age_seconds=60.5, max_messages=1000)) in repr(deployment.keys.cached)
    assert deployment.encryption_context == EncryptionContext.of({"purpose": "orders"})
    assert isinstance(deployment.sink(), QueueSink)
    assert (deployment.arrivals_from, deployment.arrivals_to) == ("incoming", "bucket")
    assert deployment.arrivals_prefix == "sealed/"


def test_a_function_for_records_or_arrivals_alone_needs_no_required_context() -> None:
    key = {"ENVELOPE_KEY_ARN": KEY_ARN}
    fixed = {"ENCRYPTION_CONTEXT": "{}"}

    for further in ({"RECORDS_TO": QUEUE_URL}, {"ARRIVALS_TO": "bucket"}):
        deployment = Deployment.from_environment({**key, **fixed, **further}, clients=FakeClients(FakeKms()))

        assert deployment.required_context == frozenset()


def test_a_function_that_re_encrypts_reads_messages_of_many_keys() -> None:
    old = json.dumps([f"{KEY_ARN}{number}" for number in range(11)])
    many = {**VARIABLES, "FURTHER_KEY_ARNS": old, "NEW_KEY_ARN": OTHER_KEY_ARN}

    deployment = Deployment.from_environment(many, clients=FakeClients(FakeKms()))

    assert len(deployment.keys.keyring.key_arns) == 12


def test_a_stream_is_asked_for_in_its_own_region() -> None:
    clients = FakeClients(FakeKms())
    arn = "arn:aws:kinesis:us-west-2:111122223333:stream/orders"

    sink = Deployment.from_environment({**VARIABLES, "RECORDS_TO": arn}, clients=clients).sink()

    assert isinstance(sink, StreamSink)
    assert clients.regions == {"us-west-2"}


@pytest.mark.parametrize(
    ("entry_point", "needed"),
    [
        ("reencrypt", ["NEW_KEY_ARN"]),
        ("encrypt_arrivals", ["ARRIVALS_FROM", "ARRIVALS_TO", "ENCRYPTION_CONTEXT"]),
        ("encrypt_records", ["ENCRYPTION_CONTEXT", "RECORDS_TO"]),
        ("decrypt_records", ["ENCRYPTION_CONTEXT", "RECORDS_TO"]),
    ],
)
def test_refuses_to_start_without_what_the_entry_point_needs(
    entry_point: str, needed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {**ENVIRONMENT, "_HANDLER": f"envelope.handler.{entry_point}"}.items():
        monkeypatch.setenv(name, value)
    deployed.cache_clear()

    with pytest.raises(ValueError, match=re.escape(f"must say {needed} for {entry_point}, got no {needed}")):
        deployed()


@pytest.mark.parametrize("entry_point", [reencrypt, encrypt_arrivals, encrypt_records, decrypt_records])
def test_refuses_a_request_that_the_deployment_is_not_made_for(entry_point: Handler) -> None:
    name, failure = failure_of(entry_point, {"Records": [queue_record("body")]}, kms=FakeKms())

    assert (name, failure) == ("RuntimeError", {"status": 500, "retry": False, "error": "unexpected ValueError"})


@pytest.mark.parametrize("missing", ["ARRIVALS_FROM", "ARRIVALS_TO", "ENCRYPTION_CONTEXT"])
def test_refuses_arrivals_without_their_buckets_or_the_context_of_their_messages(missing: str) -> None:
    kms = FakeKms()
    further = {"ARRIVALS_FROM": "incoming", "ARRIVALS_TO": "sealed", "ENCRYPTION_CONTEXT": "{}"}
    del further[missing]

    name, failure = failure_of(encrypt_arrivals, {"Records": [queue_record("body")]}, kms=kms, further=further)

    assert (name, failure["error"]) == ("RuntimeError", "unexpected ValueError")
    assert kms.calls == []


@pytest.fixture
def kms_over_http(monkeypatch: pytest.MonkeyPatch) -> tuple[Any, FakeKms]:
    """The client of the deployment as it is, with an answer in memory where it would open a connection."""
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    deployed.cache_clear()
    client: Any = deployed().clients.kms("eu-central-1")
    kms = FakeKms()

    def answer(request: Any, **_: object) -> AWSResponse:
        operation = request.headers["X-Amz-Target"].decode().split(".")[1]
        asked = json.loads(request.body)
        asked.setdefault("EncryptionContext", {})
        if operation == "Decrypt":
            asked["CiphertextBlob"] = base64.b64decode(asked["CiphertextBlob"])
        try:
            said = kms.decrypt(**asked) if operation == "Decrypt" else kms.generate_data_key(**asked)
        except ClientError as error:
            return Raw.response(json.dumps({"__type": error.response["Error"]["Code"]}).encode(), status=400)
        body = json.dumps({k: to_base64(v) if isinstance(v, bytes) else v for k, v in said.items()}).encode()
        return Raw.response(body)

    client.meta.events.register("before-send.kms", answer)
    return client, kms


class Raw:
    """A response body, as urllib3 has it."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    def stream(self) -> list[bytes]:
        return [self._body]

    @classmethod
    def response(cls, body: bytes, *, status: int = 200) -> AWSResponse:
        return AWSResponse("https://kms", status, HTTPHeaders(), cls(body))


def test_the_deployed_client_makes_a_message_that_the_sdk_reads(kms_over_http: tuple[Any, FakeKms]) -> None:
    _, kms = kms_over_http
    event = {"plaintext": to_base64(b"over HTTP"), "encryption_context": CONTEXT}

    sealed = encrypt(event, None)["message"]
    opened = decrypt({"message": sealed, "encryption_context": CONTEXT}, None)

    assert opened["plaintext"] == event["plaintext"]
    assert [call.operation for call in kms.calls] == ["GenerateDataKey", "Decrypt"]
    assert sdk_decrypt(base64.b64decode(sealed), provider=kms_provider(kms, key_arn=KEY_ARN))[0] == b"over HTTP"


def test_the_deployed_client_is_made_once_and_gives_up_in_time(kms_over_http: tuple[Any, FakeKms]) -> None:
    client, _ = kms_over_http

    assert deployed() is deployed()
    assert (client.meta.config.connect_timeout, client.meta.config.read_timeout) == (1, 3)
    assert client.meta.config.retries == {"mode": "adaptive", "total_max_attempts": 6}


def test_throttling_is_told_while_there_is_time_to_tell_it(kms_over_http: tuple[Any, FakeKms]) -> None:
    _, kms = kms_over_http
    kms._failure = client_error("ThrottlingException")
    event = {"plaintext": "", "encryption_context": CONTEXT}

    with pytest.raises(KeyUnavailable, match='"retry": true'):
        encrypt(event, LambdaContext(4000))

    assert len(kms.calls) == 1  # another attempt could have outlasted the invocation


def test_botocore_does_not_log_data_keys_even_where_everything_is_logged(
    kms_over_http: tuple[Any, FakeKms], caplog: pytest.LogCaptureFixture
) -> None:
    _, kms = kms_over_http
    caplog.set_level(logging.DEBUG)

    encrypt({"plaintext": "", "encryption_context": CONTEXT}, None)

    (data_key,) = kms.data_keys
    assert to_base64(data_key) not in caplog.text
    assert "encrypt: success" in caplog.text


def run_in_lambda(environment: dict[str, str], code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603  # our own interpreter
        [sys.executable, "-c", code],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(LAMBDA_SRC), "AWS_LAMBDA_FUNCTION_NAME": "f", **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_in_lambda_the_client_is_ready_before_the_first_request() -> None:
    code = (
        "import sys; from envelope.handler import deployed; assert deployed.cache_info().currsize\n"
        "print(list(deployed().clients._made), 's3transfer' in sys.modules, 'boto3' in sys.modules)"
    )
    records = {**ENVIRONMENT, **RECORD_VARIABLES, "_HANDLER": "envelope.handler.encrypt_records"}

    assert run_in_lambda(ENVIRONMENT, code).stdout == "[('kms', 'eu-central-1')] False False\n"
    assert run_in_lambda(records, code).stdout == "[('kms', 'eu-central-1'), ('sqs', None)] False False\n"


def test_in_lambda_a_wrong_environment_fails_the_start() -> None:
    result = run_in_lambda({**ENVIRONMENT, "ENVELOPE_KEY_ARN": "alias/key"}, "import envelope.handler")

    assert result.returncode == 1
    assert "ValueError: key_arn must be the ARN of a KMS key, got 'alias/key'" in result.stderr


def test_asks_the_region_of_the_key_whatever_the_region_of_the_function(monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = KEY_ARN.replace(KEY_ARN.split(":")[3], "us-west-2")
    for name, value in {**ENVIRONMENT, "ENVELOPE_KEY_ARN": elsewhere}.items():
        monkeypatch.setenv(name, value)
    deployed.cache_clear()

    made: Any = deployed().clients
    deployed.cache_clear()

    assert {name: client.meta.region_name for name, client in made._made.items()} == {("kms", "us-west-2"): "us-west-2"}
