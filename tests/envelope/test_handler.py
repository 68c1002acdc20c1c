import json
from typing import Any

import pytest

from envelope.errors import EnvelopeError
from envelope.handler import decrypt, encrypt
from envelope.limits import MESSAGE_BYTES_MAX, PLAINTEXT_BYTES_MAX, RESPONSE_BYTES_MAX
from tests.support.fake_kms import KEY_ARN, Call, FakeKms, client_error
from tests.support.requests import (
    CONTEXT,
    HANDLERS,
    deployment_over,
    encrypted,
    failure_of,
    to_base64,
)

FIELDS = {"encrypt": "plaintext", "decrypt": "message"}


@pytest.mark.parametrize("plaintext", [b"", b"x", b"xy", b"xyz", bytes(200_000)])
def test_what_was_encrypted_is_decrypted(plaintext: bytes) -> None:
    kms = FakeKms()
    sealed = encrypted(plaintext, kms=kms)

    answer = decrypt({"message": sealed, "encryption_context": CONTEXT}, None, deployment=deployment_over(kms))

    assert answer == {"plaintext": to_base64(plaintext), "encryption_context": CONTEXT}


def test_each_function_calls_one_operation_with_the_key_and_the_whole_context() -> None:
    encrypting, decrypting = FakeKms(), FakeKms()
    sealed = encrypted(b"text", kms=encrypting)

    decrypt({"message": sealed, "encryption_context": CONTEXT}, None, deployment=deployment_over(decrypting))

    assert encrypting.calls == [Call("GenerateDataKey", KEY_ARN, CONTEXT)]
    assert decrypting.calls == [Call("Decrypt", KEY_ARN, CONTEXT)]


def test_the_largest_plaintext_comes_back_within_the_limits_of_lambda() -> None:
    kms = FakeKms()
    text = to_base64(bytes(PLAINTEXT_BYTES_MAX))

    sealed = encrypt({"plaintext": text, "encryption_context": CONTEXT}, None, deployment=deployment_over(kms))
    opened = decrypt({**sealed, "encryption_context": CONTEXT}, None, deployment=deployment_over(kms))

    assert len(json.dumps(sealed)) <= RESPONSE_BYTES_MAX
    assert opened["plaintext"] == text


@pytest.mark.parametrize("operation", HANDLERS)
def test_refuses_one_byte_more_than_the_limit_and_says_the_limit(operation: str) -> None:
    kms, field = FakeKms(), FIELDS[operation]
    most = {"encrypt": PLAINTEXT_BYTES_MAX, "decrypt": MESSAGE_BYTES_MAX}[operation]
    event = {field: to_base64(bytes(most // 3 * 3 + 4)), "encryption_context": CONTEXT}

    name, failure = failure_of(HANDLERS[operation], event, kms=kms)

    assert (name, failure["status"], failure["retry"]) == ("LimitExceeded", 413, False)
    assert f"{field} must be at most {most} bytes" in failure["error"]
    assert kms.calls == []


BAD_REQUESTS: list[tuple[Any, str]] = [
    (None, "request must be an object, got NoneType"),
    ([], "request must be an object, got list"),
    ({}, "and no other, got no ['encryption_context', '{field}'] and 0 others"),
    ({"{field}": ""}, "and no other, got no ['encryption_context'] and 0 others"),
    ({"{field}": "", "encryption_context": CONTEXT, "frame_length": 1}, "got no [] and 1 others"),
    ({"{field}": None, "encryption_context": CONTEXT}, "{field} must be a base64 string, got NoneType"),
    ({"{field}": ["QQ=="], "encryption_context": CONTEXT}, "{field} must be a base64 string, got list"),
    ({"{field}": "", "encryption_context": []}, "encryption_context must be an object, got list"),
    ({"{field}": "", "encryption_context": None}, "encryption_context must be an object, got NoneType"),
    ({"{field}": "", "encryption_context": {"purpose": 1}}, "encryption_context['purpose'] must be a string, got int"),
    ({"{field}": "", "encryption_context": {1: "a"}}, "encryption_context[1] must be a string, got str"),
    ({"{field}": "", "encryption_context": {}}, "encryption_context must say ['purpose'], got no ['purpose']"),
    ({"{field}": "", "encryption_context": {"purpose": ""}}, "encryption_context must say ['purpose'], got no"),
    ({"{field}": "", "encryption_context": {"Purpose": "test"}}, "must say ['purpose'], got no ['purpose']"),
    (
        {"{field}": "", "encryption_context": {"purpose": "test", "aws-crypto-x": ""}},
        "keys must not start with 'aws-crypto-', got 'aws-crypto-x'",
    ),
    ({"{field}": "", "encryption_context": {"purpose": "\ud800"}}, "must be Unicode text, got half a character"),
    *[
        ({"{field}": text, "encryption_context": CONTEXT}, "{field} must be canonical base64, got something else")
        for text in ["=", "Q", "QQ", "QQ=", "QR==", "QUJ=", "QUJD\n", "QUJD====", " QQ==", "QQ==QQ==", "Q-_=", "ü"]
    ],
]


@pytest.mark.parametrize("operation", HANDLERS)
@pytest.mark.parametrize(("event", "text"), BAD_REQUESTS)
def test_refuses_a_bad_request_without_asking_kms(operation: str, event: Any, text: str) -> None:
    kms, field = FakeKms(), FIELDS[operation]
    if isinstance(event, dict):
        event = {field if name == "{field}" else name: value for name, value in event.items()}

    name, failure = failure_of(HANDLERS[operation], event, kms=kms)

    assert (name, failure["status"], failure["retry"]) == ("InvalidRequest", 400, False)
    assert text.replace("{field}", field) in failure["error"]
    assert kms.calls == []


def test_refuses_a_context_that_is_too_large() -> None:
    event = {"plaintext": "", "encryption_context": {"purpose": "x" * 65536}}

    name, failure = failure_of(encrypt, event, kms=FakeKms())

    assert (name, failure["status"]) == ("LimitExceeded", 413)


def test_refuses_a_message_that_was_encoded_twice_and_says_so() -> None:
    kms = FakeKms()
    twice = to_base64(encrypted(b"text", kms=kms).encode())

    name, failure = failure_of(decrypt, {"message": twice, "encryption_context": CONTEXT}, kms=kms)

    assert (name, failure["status"]) == ("MalformedMessage", 400)
    assert "got their base64 text: decode it first" in failure["error"]


def test_refuses_another_context_with_the_one_text() -> None:
    kms = FakeKms()
    sealed = encrypted(b"text", kms=kms)

    failures = [
        failure_of(decrypt, {"message": sealed, "encryption_context": {**CONTEXT, **change}}, kms=kms)
        for change in ({"tenant": "43"}, {"more": ""})
    ]

    text = "message must be authentic under this key and encryption context"
    assert failures == [("NotAuthentic", {"status": 400, "retry": False, "error": text})] * 2


KMS_FAILURES = [
    ("AccessDeniedException", 400, "KeyAccessDenied", 403, False),
    ("DisabledException", 400, "KeyAccessDenied", 403, False),
    ("KMSInvalidStateException", 400, "KeyAccessDenied", 403, False),  # pending deletion, for example
    ("ThrottlingException", 400, "KeyUnavailable", 503, True),
    ("KMSInternalException", 500, "KeyUnavailable", 503, True),
    ("ValidationException", 400, "InvalidRequest", 400, False),
    ("InvalidCiphertextException", 400, "NotAuthentic", 400, False),
]


@pytest.mark.parametrize(("code", "kms_status", "name", "status", "retry"), KMS_FAILURES)
def test_failures_of_kms_become_status_and_retry(
    code: str, kms_status: int, name: str, status: int, *, retry: bool
) -> None:
    sealed = encrypted(b"text", kms=FakeKms())
    kms = FakeKms(failure=client_error(code, status=kms_status))

    for handler, event in ((encrypt, {"plaintext": ""}), (decrypt, {"message": sealed})):
        found, failure = failure_of(handler, {**event, "encryption_context": CONTEXT}, kms=kms)

        assert (found, failure["status"], failure["retry"]) == (name, status, retry)


def test_an_unexpected_failure_is_raised_without_its_text(caplog: pytest.LogCaptureFixture) -> None:
    kms = FakeKms(failure=KeyError("what a library quoted"))

    name, failure = failure_of(encrypt, {"plaintext": "", "encryption_context": CONTEXT}, kms=kms)

    assert (name, failure) == ("RuntimeError", {"status": 500, "retry": False, "error": "unexpected KeyError"})
    (record,) = caplog.records
    assert record.__dict__["outcome"] == "KeyError"
    assert record.__dict__["error"].startswith("fake_kms.py:")


@pytest.mark.parametrize("key", ["aws-crypto-" + "\u00e9" * 2_000_000, "\x01" * 1_000_000])
@pytest.mark.parametrize("value", ["text", 7])
def test_an_error_text_is_short_however_long_the_keys_of_a_request_are(key: str, value: object) -> None:
    event = {"plaintext": "", "encryption_context": {"purpose": "test", key: value}}

    with pytest.raises(EnvelopeError) as refused:
        encrypt(event, None, deployment=deployment_over(FakeKms()))

    assert len(str(refused.value)) < 1000
