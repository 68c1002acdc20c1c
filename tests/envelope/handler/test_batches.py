import base64
import json
import logging
from dataclasses import replace
from typing import Any

import botocore.exceptions
import pytest

from envelope.format.encrypted_data_keys import serialise_key_section
from envelope.format.header import UnverifiedHeader
from envelope.format.suites import CommitmentPolicy
from envelope.handler import decrypt, encrypt
from envelope.limits import BATCH_KMS_CALLS_MAX, DECRYPTS_OF_KEY_MAX, RESPONSE_BYTES_MAX
from tests.support.fake_kms import FakeKms, client_error
from tests.support.requests import CONTEXT, deployment_over, encrypted, failure_of, to_base64
from tests.support.slow_kms import SlowKms

STRICT = CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT
Record = dict[str, Any]


def plain(data: bytes, **entries: str) -> Record:
    return {"plaintext": to_base64(data), "encryption_context": {**CONTEXT, **entries}}


def opened(answer: dict[str, Any], kms: FakeKms) -> list[str]:
    """Decrypt what `encrypt` answered, in one batch."""
    records = [{"message": each["message"], "encryption_context": CONTEXT} for each in answer["records"]]
    found = decrypt({"records": records}, None, deployment=deployment_over(kms))["records"]
    assert all(each["encryption_context"] == CONTEXT for each in found)
    return [each["plaintext"] for each in found]


def test_a_batch_is_answered_in_its_order_with_one_call_of_kms_each_way() -> None:
    encrypting, decrypting = FakeKms(), FakeKms()
    records = [plain(str(number).encode()) for number in range(50)]

    answer = encrypt({"records": records}, None, deployment=deployment_over(encrypting))

    assert opened(answer, decrypting) == [record["plaintext"] for record in records]
    assert len({each["message"] for each in answer["records"]}) == 50
    assert [call.operation for call in encrypting.calls] == ["GenerateDataKey"]
    assert [call.operation for call in decrypting.calls] == ["Decrypt"]


def test_data_keys_of_a_batch_end_with_it_unless_limits_for_a_cache_are_set() -> None:
    for further, calls in (({}, 2), ({"DATA_KEY_CACHE": "{}"}, 1)):
        kms = FakeKms()
        deployment = deployment_over(kms, further=further)
        for _ in range(2):
            encrypt({"records": [plain(b"a"), plain(b"b")]}, None, deployment=deployment)

        assert len(kms.calls) == calls


def test_a_request_for_one_message_has_a_data_key_of_its_own_even_with_a_cache() -> None:
    kms = FakeKms()
    deployment = deployment_over(kms, further={"DATA_KEY_CACHE": "{}"})
    for _ in range(2):
        encrypt(plain(b"a"), None, deployment=deployment)

    assert len(kms.calls) == 2


def test_one_bad_record_fails_alone() -> None:
    kms = FakeKms()
    bad: list[Any] = [
        None,
        {"plaintext": ""},
        {"plaintext": "?", "encryption_context": CONTEXT},
        {"plaintext": "", "encryption_context": {}},
    ]

    answer = encrypt({"records": [plain(b"a"), *bad, plain(b"b")]}, None, deployment=deployment_over(kms))

    first, *middle, last = answer["records"]
    assert first.keys() == last.keys() == {"message"}
    assert [(each["error"]["type"], each["error"]["status"], each["error"]["retry"]) for each in middle] == [
        ("InvalidRequest", 400, False)
    ] * 4
    assert "plaintext must be canonical base64" in middle[2]["error"]["error"]


def test_one_forged_message_fails_alone() -> None:
    kms = FakeKms()
    good = encrypted(b"good", kms=kms)
    forged = good[:-8] + ("AAAA" if good[-8:-4] != "AAAA" else "BBBB") + good[-4:]
    records = [{"message": each, "encryption_context": CONTEXT} for each in (good, forged, good)]

    first, second, third = decrypt({"records": records}, None, deployment=deployment_over(kms))["records"]

    assert first == third == {"plaintext": to_base64(b"good"), "encryption_context": CONTEXT}
    assert second == {
        "error": {
            "type": "NotAuthentic",
            "status": 400,
            "retry": False,
            "error": "message must be authentic under this key and encryption context",
        }
    }


def test_an_unexpected_failure_is_that_of_its_record_alone(caplog: pytest.LogCaptureFixture) -> None:
    kms = FakeKms(failures=[KeyError("what a library quoted")])

    answer = encrypt({"records": [plain(b"a", tenant="1"), plain(b"b")]}, None, deployment=deployment_over(kms))

    assert answer["records"][0] == {
        "error": {"type": "KeyError", "status": 500, "retry": False, "error": "unexpected KeyError"}
    }
    assert "message" in answer["records"][1]
    (line,) = caplog.records
    assert line.__dict__["failed"] == {"KeyError": 1}
    assert line.__dict__["error"].startswith("fake_kms.py:")


def test_a_context_that_kms_refuses_costs_one_call_whatever_the_number_of_its_records() -> None:
    kms = FakeKms(failures=[client_error("AccessDeniedException", operation="GenerateDataKey"), None])
    records = [*(plain(b"a", tenant="denied") for _ in range(20)), *(plain(b"b") for _ in range(20))]

    answer = encrypt({"records": records}, None, deployment=deployment_over(kms))["records"]

    assert [each.get("error", {}).get("type") for each in answer] == ["KeyAccessDenied"] * 20 + [None] * 20
    assert len(kms.calls) == 2


def test_an_empty_batch_has_an_empty_answer() -> None:
    for handler in (encrypt, decrypt):
        assert handler({"records": []}, None, deployment=deployment_over(FakeKms())) == {"records": []}


@pytest.mark.parametrize(
    ("event", "text"),
    [
        ({"records": {}}, "records must be a list, got dict"),
        ({"records": [], "encryption_context": {}}, "must have the fields ['records'] and no other, got no [] and 1"),
    ],
)
def test_refuses_what_is_no_batch(event: Any, text: str) -> None:
    for handler in (encrypt, decrypt):
        name, failure = failure_of(handler, event, kms=FakeKms())

        assert (name, failure["status"]) == ("InvalidRequest", 400)
        assert text in failure["error"]


def test_refuses_an_answer_that_cannot_fit_before_asking_kms() -> None:
    kms = FakeKms()
    # The request fits into Lambda's 6 MB. Each message is longer than its plaintext by some hundred bytes.
    records = [plain(b"")] * 22_000

    name, failure = failure_of(encrypt, {"records": records}, kms=kms)

    assert (name, failure["status"]) == ("LimitExceeded", 413)
    assert f"records must become an answer of at most {RESPONSE_BYTES_MAX} bytes" in failure["error"]
    assert kms.calls == []


def test_refuses_an_answer_that_turns_out_not_to_fit() -> None:
    kms = FakeKms()
    records = [plain(bytes(60_000))] * 78
    answer = encrypt({"records": [*records, plain(b"")]}, None, deployment=deployment_over(kms))
    left = (RESPONSE_BYTES_MAX - len(json.dumps(answer))) // 4 * 3
    kms.calls.clear()
    most = encrypt({"records": [*records, plain(bytes(left - 3))]}, None, deployment=deployment_over(kms))
    assert RESPONSE_BYTES_MAX - 100 < len(json.dumps(most)) <= RESPONSE_BYTES_MAX

    name, failure = failure_of(encrypt, {"records": [*records, plain(bytes(left + 3))]}, kms=kms)

    assert (name, failure["status"]) == ("LimitExceeded", 413)
    assert "send fewer" in failure["error"]
    assert len(kms.calls) == 2


def test_records_for_which_there_is_no_time_come_back_to_be_sent_again() -> None:
    kms = SlowKms(seconds_left=3, seconds_a_call=0.5)
    records = [plain(b"a", tenant=str(number)) for number in range(5)]

    answer = encrypt({"records": records}, kms, deployment=deployment_over(kms))["records"]

    assert [each.keys() for each in answer] == [{"message"}] * 2 + [{"error"}] * 3
    for each in answer[2:]:
        assert (each["error"]["type"], each["error"]["status"], each["error"]["retry"]) == ("NotReached", 503, True)
    assert len(kms.calls) == 2


def of_distinct_data_keys(count: int, *, kms: FakeKms) -> list[Record]:
    """Records for `decrypt`, all of one encryption context."""
    return [{"message": encrypted(b"a", kms=kms), "encryption_context": CONTEXT} for _ in range(count)]


def kinds(answer: dict[str, Any]) -> list[str]:
    return [each["error"]["type"] if "error" in each else "opened" for each in answer["records"]]


def test_a_slow_kms_leaves_time_to_answer_with_what_there_is() -> None:
    kms = SlowKms(seconds_left=60, seconds_a_call=4)

    answer = decrypt({"records": of_distinct_data_keys(40, kms=FakeKms())}, kms, deployment=deployment_over(kms))

    assert kinds(answer) == ["opened"] * 12 + ["NotReached"] * 28
    assert kms.seconds_left == 12


def test_a_kms_that_does_not_answer_is_asked_once_for_all_records() -> None:
    hung = botocore.exceptions.ReadTimeoutError(endpoint_url="https://kms")
    kms = SlowKms(seconds_left=30, seconds_a_call=4, failure=hung)

    answer = decrypt({"records": of_distinct_data_keys(40, kms=FakeKms())}, kms, deployment=deployment_over(kms))

    assert kinds(answer) == ["KeyUnavailable"] * 40
    assert len(kms.calls) == 1


def test_what_was_opened_before_kms_fell_silent_is_answered() -> None:
    kms = FakeKms(failures=[None, None], failure=client_error("ThrottlingException"))

    answer = decrypt({"records": of_distinct_data_keys(5, kms=FakeKms())}, None, deployment=deployment_over(kms))

    assert kinds(answer) == ["opened"] * 2 + ["KeyUnavailable"] * 3
    assert len(kms.calls) == 3


def test_forged_messages_cannot_make_a_batch_ask_kms_without_end() -> None:
    kms = FakeKms()
    first, second, last = of_distinct_data_keys(3, kms=kms)
    forged = UnverifiedHeader.parse(base64.b64decode(first["message"]), policy=STRICT)
    (good,) = forged.encrypted_data_keys
    garbage = [replace(good, ciphertext=bytes([number]) * 100) for number in range(5)]
    section = serialise_key_section(forged.context, garbage)
    message = base64.b64decode(first["message"]).replace(forged.key_section, section)
    forgeries = [
        {
            "message": to_base64(message.replace(garbage[0].ciphertext, number.to_bytes(100))),
            "encryption_context": CONTEXT,
        }
        for number in range(1, 2 + BATCH_KMS_CALLS_MAX // DECRYPTS_OF_KEY_MAX)
    ]
    kms.calls.clear()
    deployment = deployment_over(kms)

    answer = decrypt({"records": [first, *forgeries, last]}, None, deployment=deployment)

    assert kinds(answer) == ["opened", *["NotAuthentic"] * 499, *["NotReached"] * 3]
    assert len(kms.calls) == BATCH_KMS_CALLS_MAX
    # Two calls for each of them, though each names the key five times: hundreds take nothing from a good one.
    assert kinds(decrypt({"records": [*forgeries[:205], last]}, None, deployment=deployment))[-1] == "opened"
    # The next invocation begins anew.
    assert kinds(decrypt({"records": [second]}, None, deployment=deployment)) == ["opened"]


def facts(caplog: pytest.LogCaptureFixture) -> dict[str, Any]:
    (line,) = caplog.records
    return {"level": line.levelname, **line.__dict__}


def test_the_log_line_says_how_data_keys_were_shared(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    encrypt({"records": [plain(b"ab")] * 20}, None, deployment=deployment_over(FakeKms()))

    said = facts(caplog)
    assert said["level"] == "INFO"
    assert (said["request"], said["records"], said["contexts"], said["plaintext_bytes"]) == ("batch", 20, 1, 40)
    assert (said["cache_hits"], said["cache_misses"], said["kms_calls"]) == (19, 1, 1)
    assert "warning" not in said


def test_a_context_for_each_record_is_answered_and_warned_of_once(caplog: pytest.LogCaptureFixture) -> None:
    kms = FakeKms()
    records = [plain(b"a", order=str(number)) for number in range(20)]

    answer = encrypt({"records": records}, None, deployment=deployment_over(kms))

    assert all("message" in each for each in answer["records"])
    assert len(kms.calls) == 20
    said = facts(caplog)
    assert said["level"] == "WARNING"
    assert said["outcome"] == "success"
    assert said["warning"].startswith(
        "20 of 20 records needed a data key of their own, with 20 encryption contexts; a data key serves one context"
    )


def test_the_log_line_counts_failures_by_kind(caplog: pytest.LogCaptureFixture) -> None:
    encrypt({"records": [plain(b"a"), None, None]}, None, deployment=deployment_over(FakeKms()))

    said = facts(caplog)
    assert said["level"] == "WARNING"
    assert said["failed"] == {"InvalidRequest": 2}
