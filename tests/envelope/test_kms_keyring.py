from typing import Any

import botocore.exceptions
import pytest

from envelope.context import EncryptionContext
from envelope.errors import (
    EnvelopeError,
    InvalidRequest,
    KeyAccessDenied,
    KeyUnavailable,
    NotAuthentic,
)
from envelope.header import EncryptedDataKey
from envelope.kms_keyring import KmsKeyring
from tests.support.fake_kms import KEY_ARN, OTHER_KEY_ARN, Call, FakeKms, client_error

CONTEXT = EncryptionContext.of({"purpose": "test", "tenant": "42"})
VALUES = {"purpose": "test", "tenant": "42"}
SECRET = b"s" * 32


def wrapped(kms: FakeKms, *, key_arn: str = KEY_ARN, values: dict[str, str] | None = None) -> EncryptedDataKey:
    blob = kms.wrap(SECRET, key_id=key_arn, context=VALUES if values is None else values)
    return EncryptedDataKey(b"aws-kms", key_arn.encode(), blob)


def test_generates_a_data_key_under_the_key_and_the_whole_context() -> None:
    kms = FakeKms()

    data_key, (encrypted,) = KmsKeyring(kms, key_arn=KEY_ARN).generate_data_key(CONTEXT)

    assert kms.calls == [Call("GenerateDataKey", KEY_ARN, VALUES)]
    assert kms.data_keys == [data_key.secret]
    assert (encrypted.provider_id, encrypted.provider_info) == (b"aws-kms", KEY_ARN.encode())


def test_decrypts_what_it_generated_under_the_key_and_the_whole_context() -> None:
    kms = FakeKms()
    keyring = KmsKeyring(kms, key_arn=KEY_ARN)
    data_key, encrypted = keyring.generate_data_key(CONTEXT)

    assert keyring.decrypt_data_key(encrypted, CONTEXT).secret == data_key.secret
    assert kms.calls[1:] == [Call("Decrypt", KEY_ARN, VALUES)]


@pytest.mark.parametrize(
    "key_arn",
    [
        "",
        "1234abcd-12ab-34cd-56ef-1234567890ab",
        "alias/orders",
        "arn:aws:kms:eu-central-1:111122223333:alias/orders",
        "arn:aws:s3:eu-central-1:111122223333:key/1234",
        "arn:aws:kms::111122223333:key/1234",
        "arn:aws:kms:eu-central-1:11112222333:key/1234",
        "arn:aws:kms:eu-central-1:111122223333:key/",
        "arn:aws:kms:eu-central-1:111122223333:key/1234/5",
        KEY_ARN + "\n",
        "arn:aws:kms:*:111122223333:key/1234",
    ],
)
def test_refuses_everything_but_the_arn_of_a_key(key_arn: str) -> None:
    with pytest.raises(ValueError, match="key_arn must be the ARN of a KMS key, got"):
        KmsKeyring(FakeKms(), key_arn=key_arn)


@pytest.mark.parametrize("partition", ["aws", "aws-cn", "aws-us-gov", "aws-iso-b"])
def test_takes_keys_of_every_partition_and_replicas(partition: str) -> None:
    arn = f"arn:{partition}:kms:eu-central-1:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab"

    assert KmsKeyring(FakeKms(), key_arn=arn).key_arn == arn


def foreign_data_keys(kms: FakeKms) -> list[EncryptedDataKey]:
    """Data keys that differ from a good one in one respect each."""
    good = wrapped(kms)
    return [
        EncryptedDataKey(b"aws-kms-mrk", KEY_ARN.encode(), good.ciphertext),
        EncryptedDataKey(b"AWS-KMS", KEY_ARN.encode(), good.ciphertext),
        EncryptedDataKey(b"aws-kms", OTHER_KEY_ARN.encode(), good.ciphertext),
        EncryptedDataKey(b"aws-kms", KEY_ARN.upper().encode(), good.ciphertext),
        EncryptedDataKey(b"aws-kms", KEY_ARN.encode(), b""),
        EncryptedDataKey(b"aws-kms", KEY_ARN.encode(), bytes(6145)),
    ]


def test_skips_foreign_data_keys_without_a_call() -> None:
    kms = FakeKms()
    candidates = [*foreign_data_keys(kms), wrapped(kms)]

    assert KmsKeyring(kms, key_arn=KEY_ARN).decrypt_data_key(candidates, CONTEXT).secret == SECRET
    assert len(kms.calls) == 1


def test_refuses_foreign_data_keys_alone_without_a_call() -> None:
    kms = FakeKms()

    for candidate in foreign_data_keys(kms):
        with pytest.raises(NotAuthentic):
            KmsKeyring(kms, key_arn=KEY_ARN).decrypt_data_key([candidate], CONTEXT)
    assert kms.calls == []


def test_tries_the_next_data_key_when_one_is_not_authentic() -> None:
    kms = FakeKms()
    torn = wrapped(kms, values={"purpose": "other"})

    assert KmsKeyring(kms, key_arn=KEY_ARN).decrypt_data_key([torn, wrapped(kms)], CONTEXT).secret == SECRET
    assert [call.operation for call in kms.calls] == ["Decrypt", "Decrypt"]


def test_does_not_try_the_next_data_key_when_kms_says_something_about_the_key() -> None:
    kms = FakeKms(failure=client_error("AccessDeniedException"))

    with pytest.raises(KeyAccessDenied):
        KmsKeyring(kms, key_arn=KEY_ARN).decrypt_data_key([wrapped(kms), wrapped(kms)], CONTEXT)
    assert len(kms.calls) == 1


ANSWERS: list[tuple[dict[str, Any], str]] = [
    ({"KeyId": OTHER_KEY_ARN}, f"with {KEY_ARN}, got {OTHER_KEY_ARN}$"),
    ({"KeyId": KEY_ARN.rsplit("/", maxsplit=1)[1]}, f"with {KEY_ARN}, got 1234abcd"),
    ({"Plaintext": b"short"}, "a data key of 32 bytes, got 5$"),
    ({"Plaintext": bytes(33)}, "a data key of 32 bytes, got 33$"),
]


@pytest.mark.parametrize(("answers", "text"), ANSWERS)
def test_refuses_an_answer_that_is_not_what_was_asked_for(answers: dict[str, Any], text: str) -> None:
    kms = FakeKms(answers=answers)
    keyring = KmsKeyring(kms, key_arn=KEY_ARN)

    with pytest.raises(KeyUnavailable, match=text):
        keyring.generate_data_key(CONTEXT)
    with pytest.raises(KeyUnavailable, match=text):
        keyring.decrypt_data_key([wrapped(kms)], CONTEXT)


REMEDIES = [
    ("AccessDeniedException", 400, KeyAccessDenied),
    ("DisabledException", 400, KeyAccessDenied),
    ("KMSInvalidStateException", 400, KeyAccessDenied),
    ("NotFoundException", 400, KeyAccessDenied),
    ("InvalidKeyUsageException", 400, KeyAccessDenied),
    ("UnrecognizedClientException", 400, KeyAccessDenied),
    ("IncorrectKeyException", 400, NotAuthentic),
    ("InvalidCiphertextException", 400, NotAuthentic),
    ("ValidationException", 400, InvalidRequest),
    ("ThrottlingException", 400, KeyUnavailable),
    ("Throttling", 400, KeyUnavailable),
    ("TooManyRequestsException", 429, KeyUnavailable),
    ("RequestLimitExceeded", 400, KeyUnavailable),
    ("LimitExceededException", 400, KeyUnavailable),
    ("ExpiredTokenException", 400, KeyUnavailable),
    ("DependencyTimeoutException", 503, KeyUnavailable),
    ("KMSInternalException", 500, KeyUnavailable),
    ("KeyUnavailableException", 500, KeyUnavailable),
    ("InternalFailure", 500, KeyUnavailable),
    ("503", 503, KeyUnavailable),
]


@pytest.mark.parametrize(("code", "status", "remedy"), REMEDIES)
def test_answers_of_kms_become_remedies(code: str, status: int, remedy: type[EnvelopeError]) -> None:
    kms = FakeKms(failure=client_error(code, status=status))

    with pytest.raises(remedy) as caught:
        KmsKeyring(kms, key_arn=KEY_ARN).decrypt_data_key([wrapped(kms)], CONTEXT)
    assert type(caught.value) is remedy
    assert (code in str(caught.value)) is (remedy is not NotAuthentic)


UNREACHABLE: list[Exception] = [
    botocore.exceptions.ConnectTimeoutError(endpoint_url="https://kms"),
    botocore.exceptions.ReadTimeoutError(endpoint_url="https://kms"),
    botocore.exceptions.EndpointConnectionError(endpoint_url="https://kms"),
    botocore.exceptions.ConnectionClosedError(endpoint_url="https://kms"),
    botocore.exceptions.NoCredentialsError(),
]


@pytest.mark.parametrize("failure", UNREACHABLE, ids=lambda failure: type(failure).__name__)
def test_no_answer_means_retry_later(failure: Exception) -> None:
    keyring = KmsKeyring(FakeKms(failure=failure), key_arn=KEY_ARN)

    with pytest.raises(KeyUnavailable, match=f"^KMS must answer GenerateDataKey, got {type(failure).__name__}$"):
        keyring.generate_data_key(CONTEXT)


def test_an_unknown_failure_is_not_swallowed() -> None:
    with pytest.raises(ZeroDivisionError):
        KmsKeyring(FakeKms(failure=ZeroDivisionError()), key_arn=KEY_ARN).generate_data_key(CONTEXT)
