import json
import logging
from typing import Any

import pytest

from envelope.errors import EnvelopeError, InvalidRequest, KeyUnavailable, NotReached
from envelope.handler import decrypt, encrypt
from envelope.handler.answers import REMEDIES, can_be_repeated, facts_of_failures, log, served
from tests.support import requests
from tests.support.fake_kms import KEY_ARN, FakeKms
from tests.support.requests import CONTEXT, deployment_over, encrypted


def test_every_error_has_a_status() -> None:
    assert set(REMEDIES) == set(EnvelopeError.__subclasses__())


def test_what_can_be_repeated_is_what_a_caller_is_told_to_retry() -> None:
    assert {kind.__name__ for kind in REMEDIES if can_be_repeated(kind("text"))} == {
        "KeyUnavailable",
        "StorageUnavailable",
        "NotReached",
    }
    assert not can_be_repeated(KeyError("x"))


def test_an_answer_is_passed_on_and_failures_have_nothing_chained_behind_them() -> None:
    def fail(_: dict[str, object]) -> dict[str, Any]:
        raise KeyUnavailable("KMS must answer") from KeyError("what a library quoted")

    assert served("encrypt", lambda _: {"a": 1}, clock=lambda: 0.0, facts={}) == {"a": 1}
    with pytest.raises(KeyUnavailable) as failed:
        served("encrypt", fail, clock=lambda: 0.0, facts={})
    assert json.loads(str(failed.value)) == {"status": 503, "retry": True, "error": "KMS must answer"}
    assert (failed.value.__cause__, failed.value.__context__) == (None, None)


def test_failures_of_records_are_counted_by_kind_and_an_unexpected_one_is_placed() -> None:
    nothing: dict[str, str] = {}
    with pytest.raises(KeyError) as unexpected:
        nothing["what a library quotes"]

    facts = facts_of_failures([NotReached("x"), InvalidRequest("y"), NotReached("x"), unexpected.value])

    assert facts_of_failures([]) == {}
    assert facts["failed"] == {"NotReached": 2, "InvalidRequest": 1, "KeyError": 1}
    assert str(facts["error"]).startswith("test_answers.py:")


@pytest.mark.parametrize("name", ["error", "failed", "warning"])
def test_what_somebody_should_look_at_is_a_warning(name: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    log("encrypt", {"outcome": "success"})
    log("encrypt", {"outcome": "success", name: "x"})

    assert [line.levelname for line in caplog.records] == ["INFO", "WARNING"]


def facts_of(record: logging.LogRecord) -> dict[str, Any]:
    """What the caller of a logger added to a record."""
    plain = logging.makeLogRecord({}).__dict__.keys() | {"message", "asctime"}
    return {name: value for name, value in record.__dict__.items() if name not in plain}


def test_logs_one_line_for_each_request(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    ticks = iter([1.0, 1.0125])
    deployment = deployment_over(FakeKms(), clock=lambda: next(ticks))

    answer = encrypt({"plaintext": "QQ==", "encryption_context": CONTEXT}, None, deployment=deployment)

    (record,) = caplog.records
    assert record.getMessage() == "encrypt: success"
    assert facts_of(record) == {
        "operation": "encrypt",
        "request": "inline",
        "outcome": "success",
        "key_arn": KEY_ARN,
        "kms_calls": 1,
        "context_keys": ["purpose", "tenant"],
        "plaintext_bytes": 1,
        "message_bytes": len(answer["message"]) // 4 * 3 - answer["message"].count("="),
        "duration_ms": 12.5,
    }


def test_logs_one_line_for_each_refusal(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)

    requests.failure_of(decrypt, {"message": "QQ==", "encryption_context": CONTEXT}, kms=FakeKms())

    (record,) = caplog.records
    assert record.levelno == logging.WARNING
    assert facts_of(record) == {
        "operation": "decrypt",
        "request": "inline",
        "outcome": "MalformedMessage",
        "error": "message format must be 1 or 2, got 65",
        "key_arn": KEY_ARN,
        "kms_calls": 0,
        "context_keys": ["purpose", "tenant"],
        "message_bytes": 1,
        "duration_ms": 0.0,
    }


def test_what_is_logged_can_be_written_as_json(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    encrypted(b"text", kms=FakeKms())

    assert json.loads(json.dumps(facts_of(caplog.records[0])))["outcome"] == "success"
