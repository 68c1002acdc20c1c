"""A real KMS client, with answers in memory where it would open a connection, or with one to this machine."""

import json
from collections.abc import Iterator
from typing import Any

import botocore.session
import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.exceptions import ClientError, ConnectTimeoutError

from envelope.errors import KeyUnavailable
from envelope.format.context import EncryptionContext
from envelope.keys.kms_clients import KmsClient
from envelope.keys.kms_keyring import KmsKeyring
from envelope.keys.kms_retries import RetryWindow, kms_config
from tests.support.fake_kms import FAR_KEY_ARN, KEY_ARN, Call, FakeKms
from tests.support.kms_over_http import kms_over_http

CONTEXT = EncryptionContext.of({"tenant": "42"})

Answer = tuple[int, dict[str, object]] | Exception

THROTTLED: Answer = (400, {"__type": "ThrottlingException"})
DENIED: Answer = (400, {"__type": "AccessDeniedException"})
DATA_KEY: Answer = (200, {"KeyId": KEY_ARN, "Plaintext": "A" * 43 + "=", "CiphertextBlob": "AAAA"})
UNREACHABLE: Answer = ConnectTimeoutError(endpoint_url="https://kms")


class Body:
    """A response body, as urllib3 has it."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    def stream(self) -> list[bytes]:
        return [self._body]


SESSION = botocore.session.get_session()


def client_of(region: str, *, url: str | None = None) -> Any:
    """A client as functions have it, with an endpoint of its own if there is one."""
    return SESSION.create_client(
        "kms",
        region_name=region,
        endpoint_url=url,
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
        config=kms_config(),
    )


class Kms:
    """A client that gives these answers, and the keyring that asks it."""

    def __init__(self, *answers: Answer, seconds_left: Iterator[float] | None = None) -> None:
        self.asked = 0
        self._answers = iter(answers)
        self.client = client_of("eu-central-1")
        self.client.meta.events.register("before-send.kms", self._answer)
        if seconds_left is not None:
            RetryWindow(lambda: next(seconds_left)).watch(self.client)

    def _answer(self, **_: object) -> AWSResponse:
        self.asked += 1
        answer = next(self._answers)
        if isinstance(answer, Exception):
            raise answer
        status, body = answer
        return AWSResponse("https://kms", status, HTTPHeaders(), Body(json.dumps(body).encode()))

    def generate_data_key(self) -> bytes:
        keyring = KmsKeyring(lambda _: self.client, key_arn=KEY_ARN)
        return bytes(keyring.generate_data_key(EncryptionContext.of({}))[0].secret)


# A retry takes up to seven seconds: a pause of one, two until it is the client's turn, one to connect and three for the
# answer of KMS. One more is kept for the function's own.
TOO_LATE = [
    (THROTTLED, "ThrottlingException", (7.9, 7.9)),
    (THROTTLED, "ThrottlingException", (20.0, 12.9)),
    (UNREACHABLE, "ConnectTimeoutError: KMS cannot be reached in eu-central-1", (6.0, 5.9)),
]


@pytest.mark.parametrize(("answer", "name", "seconds_left"), TOO_LATE)
def test_stops_when_a_retry_might_take_the_time_of_the_answer_or_of_another_region(
    answer: Answer, name: str, seconds_left: tuple[float, float]
) -> None:
    kms = Kms(answer, seconds_left=iter(seconds_left))

    with pytest.raises(KeyUnavailable, match=f"GenerateDataKey with {KEY_ARN}, got {name}$"):
        kms.generate_data_key()
    assert kms.asked == 1


def test_tries_again_while_there_is_time() -> None:
    kms = Kms(THROTTLED, DATA_KEY, seconds_left=iter([20.0, 13.0, 12.9]))

    assert kms.generate_data_key() == bytes(32)
    assert kms.asked == 2


def test_when_one_region_is_down_another_one_is_asked_in_time() -> None:
    kms, urls = FakeKms(), {"eu-central-1": "http://127.0.0.1:1"}

    def client(region: str) -> KmsClient:
        made = client_of(region, url=urls.get(region, url))
        RetryWindow(lambda: 6.0).watch(made)
        found: KmsClient = made
        return found

    def keyring() -> KmsKeyring:
        return KmsKeyring(client, key_arn=KEY_ARN, further_key_arns=[FAR_KEY_ARN], grant_tokens=["token"])

    with kms_over_http(kms) as url:
        with pytest.raises(KeyUnavailable, match=f"GenerateDataKey with {KEY_ARN}, got EndpointConnectionError: KMS"):
            keyring().generate_data_key(CONTEXT)
        down, urls = urls, {}
        data_key, encrypted = keyring().generate_data_key(CONTEXT)
        urls = down

        assert keyring().decrypt_data_key(encrypted, CONTEXT, key_bytes=32).secret == data_key.secret
    assert kms.calls == [
        Call("GenerateDataKey", KEY_ARN, CONTEXT.to_dict(), ("token",)),
        Call("Encrypt", FAR_KEY_ARN, CONTEXT.to_dict(), ("token",)),
        Call("Decrypt", FAR_KEY_ARN, CONTEXT.to_dict(), ("token",)),
    ]


def test_an_answer_is_an_answer_whatever_the_time() -> None:
    kms = Kms(DATA_KEY, seconds_left=iter([0.001, 0.0]))

    assert kms.generate_data_key() == bytes(32)


def test_a_refusal_is_not_tried_again_and_keeps_its_name() -> None:
    for seconds in (0.0, 900.0):
        kms = Kms(DENIED, seconds_left=iter([seconds, seconds]))

        with pytest.raises(ClientError) as caught:
            kms.client.generate_data_key(KeyId=KEY_ARN, NumberOfBytes=32)
        assert caught.value.response["Error"]["Code"] == "AccessDeniedException"
        assert kms.asked == 1


def test_the_client_slows_down_by_itself_and_gives_up_in_time() -> None:
    config = Kms().client.meta.config

    assert (config.connect_timeout, config.read_timeout) == (1, 3)
    assert config.retries == {"mode": "adaptive", "total_max_attempts": 6}
