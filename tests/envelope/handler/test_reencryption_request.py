import logging
from typing import Any

import pytest

from envelope.handler import decrypt, encrypt, reencrypt
from tests.support.fake_kms import KEY_ARN, OTHER_KEY_ARN, FakeKms
from tests.support.requests import CONTEXT, deployment_over, encrypted, failure_of

FURTHER = {"NEW_KEY_ARN": OTHER_KEY_ARN}
NEW_CONTEXT = {"purpose": "archive"}


def opened(message: str, context: dict[str, str], kms: FakeKms) -> str:
    event = {"message": message, "encryption_context": context}
    plaintext: str = decrypt(event, None, deployment=deployment_over(kms, further={"ENVELOPE_KEY_ARN": OTHER_KEY_ARN}))[
        "plaintext"
    ]
    return plaintext


@pytest.mark.parametrize("new_context", [None, NEW_CONTEXT])
def test_a_message_becomes_another_one_under_the_new_key(new_context: dict[str, str] | None) -> None:
    kms = FakeKms()
    old = encrypted(b"text", kms=kms)
    event: dict[str, Any] = {"message": old, "encryption_context": CONTEXT}
    if new_context is not None:
        event["new_encryption_context"] = new_context

    answer = reencrypt(event, None, deployment=deployment_over(kms, further=FURTHER))

    expected = new_context or CONTEXT
    assert answer.keys() == {"message"}
    assert opened(answer["message"], expected, kms) == "dGV4dA=="
    assert [(call.operation, call.key_id, call.context) for call in kms.calls[1:3]] == [
        ("Decrypt", KEY_ARN, CONTEXT),
        ("GenerateDataKey", OTHER_KEY_ARN, expected),
    ]


def test_what_is_required_holds_for_the_new_message_and_not_for_the_old_one() -> None:
    kms = FakeKms()
    further = {**FURTHER, "REQUIRED_CONTEXT_KEYS": '["retention"]'}
    event = {"message": encrypted(b"", kms=kms), "encryption_context": CONTEXT}

    name, failure = failure_of(reencrypt, event, kms=kms, further=further)
    named, refused = failure_of(reencrypt, {**event, "new_encryption_context": NEW_CONTEXT}, kms=kms, further=further)
    retained = {**event, "new_encryption_context": {"retention": "P7Y"}}

    assert (name, named) == ("InvalidRequest", "InvalidRequest")
    for each in (failure, refused):
        assert "encryption_context must say ['retention'], got no ['retention']" in each["error"]
    assert "message" in reencrypt(retained, None, deployment=deployment_over(kms, further=further))


BAD_REQUESTS: list[tuple[Any, str]] = [
    (None, "request must be an object, got NoneType"),
    ({"message": "", "encryption_context": CONTEXT, "plaintext": ""}, "and no other, got no [] and 1 others"),
    ({"message": "", "encryption_context": CONTEXT, "new_encryption_context": 1}, "must be an object, got int"),
    ({"message": "", "encryption_context": CONTEXT, "source_binding": "object-id"}, "got no [] and 1 others"),
    (
        {"message": "", "encryption_context": CONTEXT, "signature": "drop"},
        "signature must be 'keep' or 'unsafe-drop', got something else",
    ),
    (
        {"message": "", "encryption_context": CONTEXT, "signature": {}},
        "signature must be 'keep' or 'unsafe-drop', got something else",
    ),
    ({"records": []}, "request must have the fields ['encryption_context', 'message'] and no other"),
    (
        {
            "source": {"bucket": "a", "key": "b"},
            "destination": {"bucket": "a", "key": "c"},
            "encryption_context": CONTEXT,
            "source_binding": "none",
        },
        "source_binding must be 'object-id' or 'unsafe-none', got something else",
    ),
]


@pytest.mark.parametrize(("event", "text"), BAD_REQUESTS)
def test_refuses_a_bad_request_without_asking_kms(event: Any, text: str) -> None:
    kms = FakeKms()

    name, failure = failure_of(reencrypt, event, kms=kms, further=FURTHER)

    assert (name, failure["status"]) == ("InvalidRequest", 400)
    assert text in failure["error"]
    assert kms.calls == []


def test_a_signature_is_lost_only_if_that_is_said() -> None:
    kms = FakeKms()
    signed = deployment_over(kms, further={"ALGORITHM_SUITE": "0578"})
    sealed = encrypt({"plaintext": "dGV4dA==", "encryption_context": CONTEXT}, None, deployment=signed)
    event = {**sealed, "encryption_context": CONTEXT}

    for refused in (event, {**event, "signature": "keep"}):
        name, failure = failure_of(reencrypt, refused, kms=kms, further=FURTHER)
        assert (name, failure["status"], failure["retry"]) == ("InvalidRequest", 400, False)
        assert "a signed message (0578) becomes one without signature (0478)" in failure["error"]

    answer = reencrypt({**event, "signature": "unsafe-drop"}, None, deployment=deployment_over(kms, further=FURTHER))
    assert opened(answer["message"], CONTEXT, kms) == "dGV4dA=="


def test_the_log_names_both_keys_and_both_suites(caplog: pytest.LogCaptureFixture) -> None:
    kms = FakeKms()
    event = {"message": encrypted(b"text", kms=kms), "encryption_context": CONTEXT}
    caplog.set_level(logging.INFO)
    caplog.clear()

    reencrypt(event, None, deployment=deployment_over(kms, further=FURTHER))

    (line,) = caplog.records
    said = line.__dict__
    assert (said["key_arn"], said["new_key_arn"], said["kms_calls"]) == (KEY_ARN, OTHER_KEY_ARN, 2)
    assert (said["old_suite"], said["suite"]) == ("0478", "0478")
