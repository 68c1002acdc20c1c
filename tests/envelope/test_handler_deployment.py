"""What the handlers make of their environment: the deployment, and a real KMS client."""

import base64
import json
import logging
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders

from envelope.handler import Deployment, decrypt, deployed, encrypt
from envelope.kms_keyring import KmsKeyring
from tests.support.fake_kms import KEY_ARN, FakeKms
from tests.support.requests import CONTEXT, to_base64
from tests.support.sdk import kms_provider, sdk_decrypt

LAMBDA_SRC = Path(__file__).parents[2] / "lambda_src"
ENVIRONMENT = {
    "ENVELOPE_KEY_ARN": KEY_ARN,
    "REQUIRED_CONTEXT_KEYS": '["purpose"]',
    "AWS_DEFAULT_REGION": "eu-central-1",
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
}


BAD_ENVIRONMENTS = [
    ({}, "REQUIRED_CONTEXT_KEYS must be a JSON list of strings, not empty, got None"),
    ({"REQUIRED_CONTEXT_KEYS": "[]"}, "not empty, got \\[\\]"),
    ({"REQUIRED_CONTEXT_KEYS": '{"purpose": 1}'}, "got {'purpose': 1}"),
    ({"REQUIRED_CONTEXT_KEYS": '["purpose", 1]'}, "got \\['purpose', 1\\]"),
    ({"REQUIRED_CONTEXT_KEYS": "purpose"}, "Expecting value"),
    ({"REQUIRED_CONTEXT_KEYS": '["purpose"]'}, "key_arn must be the ARN of a KMS key, got ''"),
    ({"REQUIRED_CONTEXT_KEYS": '["purpose"]', "ENVELOPE_KEY_ARN": "alias/key"}, "got 'alias/key'"),
]


@pytest.mark.parametrize(("environment", "text"), BAD_ENVIRONMENTS)
def test_refuses_an_environment_that_is_not_complete(environment: dict[str, str], text: str) -> None:
    with pytest.raises(ValueError, match=text):
        Deployment.from_environment(environment, client=FakeKms())


@pytest.fixture
def kms_over_http(monkeypatch: pytest.MonkeyPatch) -> tuple[Any, FakeKms]:
    """The client of the deployment as it is, with an answer in memory where it would open a connection."""
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    deployed.cache_clear()
    keyring = deployed().keyring
    assert isinstance(keyring, KmsKeyring)
    client: Any = keyring._client
    kms = FakeKms()

    def answer(request: Any, **_: object) -> AWSResponse:
        operation = request.headers["X-Amz-Target"].decode().split(".")[1]
        asked = json.loads(request.body)
        asked.setdefault("EncryptionContext", {})
        if operation == "Decrypt":
            asked["CiphertextBlob"] = base64.b64decode(asked["CiphertextBlob"])
        said = kms.decrypt(**asked) if operation == "Decrypt" else kms.generate_data_key(**asked)
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
    def response(cls, body: bytes) -> AWSResponse:
        return AWSResponse("https://kms", 200, HTTPHeaders(), cls(body))


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
    assert client.meta.config.retries == {"mode": "standard", "total_max_attempts": 3}


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
    code = "from envelope.handler import deployed; print(deployed.cache_info().currsize)"

    assert run_in_lambda(ENVIRONMENT, code).stdout == "1\n"


def test_in_lambda_a_wrong_environment_fails_the_start() -> None:
    result = run_in_lambda({**ENVIRONMENT, "ENVELOPE_KEY_ARN": "alias/key"}, "import envelope.handler")

    assert result.returncode == 1
    assert "ValueError: key_arn must be the ARN of a KMS key, got 'alias/key'" in result.stderr


def test_asks_the_region_of_the_key_whatever_the_region_of_the_function(monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = KEY_ARN.replace(KEY_ARN.split(":")[3], "us-west-2")
    for name, value in {**ENVIRONMENT, "ENVELOPE_KEY_ARN": elsewhere}.items():
        monkeypatch.setenv(name, value)
    deployed.cache_clear()

    keyring = deployed().keyring
    deployed.cache_clear()

    assert isinstance(keyring, KmsKeyring)
    client: Any = keyring._client
    assert client.meta.region_name == "us-west-2"
