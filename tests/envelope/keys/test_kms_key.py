from collections.abc import Callable
from typing import Any

import botocore.exceptions
import pytest

from envelope.errors import KeyUnavailable, NotAuthentic
from envelope.format.context import EncryptionContext
from envelope.format.encrypted_data_keys import EncryptedDataKey
from envelope.keys.key_arns import KeyArn
from envelope.keys.keyring import DataKey
from envelope.keys.kms_clients import ClientOfRegion
from envelope.keys.kms_key import KmsKey, key_arn_in
from tests.support.fake_kms import KEY_ARN, OTHER_KEY_ARN, Call, FakeKms

VALUES = {"purpose": "test", "tenant": "42"}
CONTEXT = EncryptionContext.of(VALUES)
SECRET = b"s" * 32
TOKENS = ("first token", "second token")


def key_of(kms: FakeKms, *, grant_tokens: tuple[str, ...] = ()) -> KmsKey:
    return KmsKey(KeyArn.parse(KEY_ARN), clients=ClientOfRegion(kms), grant_tokens=grant_tokens)


def generate(kms: FakeKms, *, grant_tokens: tuple[str, ...] = ()) -> object:
    return key_of(kms, grant_tokens=grant_tokens).generate_data_key(CONTEXT)


def encrypt(kms: FakeKms, *, grant_tokens: tuple[str, ...] = ()) -> object:
    return key_of(kms, grant_tokens=grant_tokens).encrypt_data_key(DataKey(SECRET), CONTEXT)


def decrypt(kms: FakeKms, *, grant_tokens: tuple[str, ...] = ()) -> object:
    ciphertext = kms.wrap(SECRET, key_id=KEY_ARN, context=VALUES)
    return key_of(kms, grant_tokens=grant_tokens).decrypt_data_key(ciphertext, CONTEXT, key_bytes=32)


OPERATIONS: dict[str, Callable[..., object]] = {"GenerateDataKey": generate, "Encrypt": encrypt, "Decrypt": decrypt}

BAD_ANSWERS: list[tuple[str, dict[str, Any], str]] = [
    *[
        (operation, {"KeyId": key_id}, f"KMS must answer {operation} with {KEY_ARN}, got {key_id}$")
        for operation in OPERATIONS
        for key_id in (OTHER_KEY_ARN, KEY_ARN.rsplit("/", maxsplit=1)[1], KEY_ARN.upper())
    ],
    *[
        ("GenerateDataKey", {"Plaintext": bytes(length)}, f"a data key of 32 bytes, got {length}$")
        for length in (0, 16, 33)
    ],
    *[
        (operation, {"CiphertextBlob": bytes(length)}, f"1 to 6144 encrypted bytes, got {length}$")
        for operation in ("GenerateDataKey", "Encrypt")
        for length in (0, 6145)
    ],
]


@pytest.mark.parametrize(("operation", "answers", "text"), BAD_ANSWERS)
def test_refuses_an_answer_that_is_not_what_was_asked_for(operation: str, answers: dict[str, Any], text: str) -> None:
    with pytest.raises(KeyUnavailable, match=text):
        OPERATIONS[operation](FakeKms(answers=answers))


UNREACHABLE: list[Exception] = [
    botocore.exceptions.ConnectTimeoutError(endpoint_url="https://kms"),
    botocore.exceptions.EndpointConnectionError(endpoint_url="https://kms"),
    botocore.exceptions.SSLError(endpoint_url="https://kms", error=OSError("x")),
]
SILENT: list[Exception] = [
    botocore.exceptions.ReadTimeoutError(endpoint_url="https://kms"),
    botocore.exceptions.ConnectionClosedError(endpoint_url="https://kms"),
    botocore.exceptions.NoCredentialsError(),
]


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("failure", UNREACHABLE, ids=lambda failure: type(failure).__name__)
def test_a_kms_that_cannot_be_reached_is_called_that(operation: str, failure: Exception) -> None:
    text = f"with {KEY_ARN}, got {type(failure).__name__}: KMS cannot be reached in eu-central-1$"

    with pytest.raises(KeyUnavailable, match=f"^KMS must answer {operation} {text}"):
        OPERATIONS[operation](FakeKms(failure=failure))


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("failure", SILENT, ids=lambda failure: type(failure).__name__)
def test_no_answer_means_retry_later(operation: str, failure: Exception) -> None:
    text = f"^KMS must answer {operation} with {KEY_ARN}, got {type(failure).__name__}$"

    with pytest.raises(KeyUnavailable, match=text):
        OPERATIONS[operation](FakeKms(failure=failure))


@pytest.mark.parametrize("operation", OPERATIONS)
def test_an_unknown_failure_is_not_swallowed(operation: str) -> None:
    with pytest.raises(ZeroDivisionError):
        OPERATIONS[operation](FakeKms(failure=ZeroDivisionError()))


@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_call_names_the_key_the_whole_context_and_the_grant_tokens(operation: str) -> None:
    kms = FakeKms()
    OPERATIONS[operation](kms)
    OPERATIONS[operation](kms, grant_tokens=TOKENS)

    assert kms.calls == [Call(operation, KEY_ARN, VALUES), Call(operation, KEY_ARN, VALUES, TOKENS)]


def test_a_data_key_comes_back_from_each_of_its_ciphertexts() -> None:
    key = key_of(FakeKms())
    data_key, first = key.generate_data_key(CONTEXT)
    second = key.encrypt_data_key(data_key, CONTEXT)

    for encrypted in (first, second):
        assert key_arn_in(encrypted) == KeyArn.parse(KEY_ARN)
        assert key.decrypt_data_key(encrypted.ciphertext, CONTEXT, key_bytes=32).secret == data_key.secret


@pytest.mark.parametrize("key_bytes", [16, 24])
def test_takes_the_shorter_data_keys_of_older_suites_where_they_are_asked_for(key_bytes: int) -> None:
    kms = FakeKms()
    ciphertext = kms.wrap(bytes(key_bytes), key_id=KEY_ARN, context=VALUES)

    assert len(key_of(kms).decrypt_data_key(ciphertext, CONTEXT, key_bytes=key_bytes).secret) == key_bytes


@pytest.mark.parametrize(("sealed_bytes", "key_bytes"), [(0, 32), (16, 32), (33, 32), (32, 16)])
def test_refuses_an_encrypted_data_key_of_another_length_as_forged(sealed_bytes: int, key_bytes: int) -> None:
    kms = FakeKms()
    ciphertext = kms.wrap(bytes(sealed_bytes), key_id=KEY_ARN, context=VALUES)

    with pytest.raises(NotAuthentic):
        key_of(kms).decrypt_data_key(ciphertext, CONTEXT, key_bytes=key_bytes)


def test_an_encrypted_data_key_of_nobody_names_no_key() -> None:
    info, ciphertext = KEY_ARN.encode(), bytes(100)

    assert key_arn_in(EncryptedDataKey(b"aws-kms", info, ciphertext)) == KeyArn.parse(KEY_ARN)
    for candidate in (
        EncryptedDataKey(b"aws-kms-mrk", info, ciphertext),
        EncryptedDataKey(b"AWS-KMS", info, ciphertext),
        EncryptedDataKey(b"aws-kms", info[:-1] + b"\n", ciphertext),
        EncryptedDataKey(b"aws-kms", info, b""),
        EncryptedDataKey(b"aws-kms", info, bytes(6145)),
    ):
        assert key_arn_in(candidate) is None
