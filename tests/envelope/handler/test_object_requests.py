"""Requests about objects through the entry points; what becomes of the objects, `tests/envelope/objects` tests."""

import base64
import json
import logging
from typing import Any

import pytest

from envelope.handler import decrypt, encrypt, encrypt_arrivals, reencrypt
from tests.support.fake_kms import KEY_ARN, OTHER_KEY_ARN, FakeKms, client_error
from tests.support.record_events import queue_event
from tests.support.requests import CONTEXT, LambdaContext, deployment_over, failure_of, to_base64
from tests.support.s3_stand_in import Refused, Request, S3StandIn

CONTENT = bytes(range(256)) * 1000
ARRIVALS = {
    "ARRIVALS_FROM": "incoming",
    "ARRIVALS_TO": "sealed",
    "ARRIVALS_PREFIX": "in/",
    "ENCRYPTION_CONTEXT": '{"purpose": "arrivals"}',
}


def place(name: str, **more: str) -> dict[str, str]:
    bucket, _, key = name.partition("/")
    return {"bucket": bucket, "key": key, **more}


def moved(source: str, destination: str, **more: Any) -> dict[str, Any]:
    return {"source": place(source), "destination": place(destination), "encryption_context": CONTEXT, **more}


THERE, BACK = moved("plain/1.csv", "sealed/1.csv"), moved("sealed/1.csv", "opened/1.csv")


def test_an_object_is_encrypted_and_decrypted(s3: Any, storage: S3StandIn) -> None:
    kms = FakeKms()
    storage.put("plain/1.csv", CONTENT)

    written = encrypt(THERE, None, deployment=deployment_over(kms, s3=s3))
    opened = decrypt(BACK, None, deployment=deployment_over(kms, s3=s3))

    sealed = storage.current("sealed/1.csv")
    assert storage.current("opened/1.csv").body == CONTENT
    assert sealed.metadata["envelope-key"] == KEY_ARN
    assert written == {
        "source_version_id": storage.current("plain/1.csv").version_id,
        "destination_version_id": sealed.version_id,
        "plaintext_bytes": len(CONTENT),
        "message_bytes": len(sealed.body),
    }
    assert opened["plaintext_bytes"] == len(CONTENT)
    assert [(call.operation, call.context) for call in kms.calls] == [
        ("GenerateDataKey", {**CONTEXT, "object-id": "s3://sealed/1.csv"}),
        ("Decrypt", {**CONTEXT, "object-id": "s3://sealed/1.csv"}),
    ]


def test_a_caller_names_version_and_object_id(s3: Any, storage: S3StandIn) -> None:
    kms = FakeKms()
    first = storage.put("plain/1.csv", b"first")
    storage.put("plain/1.csv", b"second")
    event = {**THERE, "source": place("plain/1.csv", version_id=first.version_id), "object_id": "order 1"}

    encrypt(event, None, deployment=deployment_over(kms, s3=s3))
    decrypt({**BACK, "object_id": "order 1"}, None, deployment=deployment_over(kms, s3=s3))

    assert storage.current("opened/1.csv").body == b"first"
    assert kms.calls[0].context["object-id"] == "order 1"


def test_a_range_is_answered_with_its_plaintext(s3: Any, storage: S3StandIn) -> None:
    kms = FakeKms()
    storage.put("plain/1.csv", CONTENT)
    encrypt(THERE, None, deployment=deployment_over(kms, s3=s3))
    event = {
        "source": place("sealed/1.csv"),
        "range": {"first": 65_530, "last": 65_540},
        "encryption_context": CONTEXT,
    }

    answer = decrypt(event, None, deployment=deployment_over(kms, s3=s3))

    assert answer == {"plaintext": to_base64(CONTENT[65_530:65_541])}


def test_an_object_is_reencrypted_under_the_new_key_and_context(s3: Any, storage: S3StandIn) -> None:
    kms = FakeKms()
    storage.put("plain/1.csv", CONTENT)
    encrypt(THERE, None, deployment=deployment_over(kms, s3=s3))
    event = {**moved("sealed/1.csv", "sealed/2.csv"), "new_encryption_context": {"purpose": "archive"}}

    done = reencrypt(event, None, deployment=deployment_over(kms, s3=s3, further={"NEW_KEY_ARN": OTHER_KEY_ARN}))

    assert storage.current("sealed/2.csv").metadata["envelope-key"] == OTHER_KEY_ARN
    assert done["message_bytes"] == len(storage.current("sealed/2.csv").body)
    assert [(call.operation, call.key_id, call.context) for call in kms.calls[1:]] == [
        ("Decrypt", KEY_ARN, {**CONTEXT, "object-id": "s3://sealed/1.csv"}),
        ("GenerateDataKey", OTHER_KEY_ARN, {"purpose": "archive", "object-id": "s3://sealed/2.csv"}),
    ]


def test_an_object_without_an_object_id_is_reencrypted_only_if_that_is_said(s3: Any, storage: S3StandIn) -> None:
    kms = FakeKms()
    event = {"plaintext": to_base64(b"old"), "encryption_context": CONTEXT}
    message = encrypt(event, None, deployment=deployment_over(kms))["message"]
    storage.put("old/1", base64.b64decode(message))
    migrated, options = moved("old/1", "sealed/1"), {"further": {"NEW_KEY_ARN": OTHER_KEY_ARN}, "s3": s3}

    name, _ = failure_of(reencrypt, migrated, kms=kms, **options)
    reencrypt({**migrated, "source_binding": "unsafe-none"}, None, deployment=deployment_over(kms, **options))

    assert name == "NotAuthentic"
    assert kms.calls[-1].context == {**CONTEXT, "object-id": "s3://sealed/1"}


def arrival(created: dict[str, object], *, bucket: str) -> str:
    detail = {"bucket": {"name": bucket}, "object": created}
    return json.dumps({"source": "aws.s3", "detail-type": "Object Created", "detail": detail})


def test_arrivals_that_are_passed_over_or_of_another_bucket_are_warnings(
    s3: Any, storage: S3StandIn, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    etag = storage.put("incoming/1.csv", CONTENT).etag.strip('"')
    created = {"key": "1.csv", "size": len(CONTENT), "etag": etag}
    bodies = [
        arrival({**created, "sequencer": "0B"}, bucket="incoming"),
        arrival({**created, "sequencer": "0B"}, bucket="incoming"),
        arrival({**created, "sequencer": "0A"}, bucket="incoming"),
        arrival({**created, "sequencer": "0C"}, bucket="elsewhere"),
    ]

    answer = encrypt_arrivals(
        queue_event(*bodies), LambdaContext(60_000), deployment=deployment_over(FakeKms(), s3=s3, further=ARRIVALS)
    )

    assert answer == {"batchItemFailures": [{"itemIdentifier": "m-3"}]}
    done = "done before: the destination is of this arrival or of a newer one"
    lines = [(line.levelname, line.__dict__["outcome"]) for line in caplog.records[:-1]]
    assert lines == [("INFO", "encrypted"), ("INFO", done), ("WARNING", done), ("WARNING", "InvalidRequest")]


def test_arrivals_are_encrypted_and_each_has_a_log_line(
    s3: Any, storage: S3StandIn, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    kms = FakeKms()
    stored = storage.put("incoming/1.csv", CONTENT)
    created = {
        "key": "1.csv",
        "size": len(CONTENT),
        "etag": stored.etag.strip('"'),
        "version-id": stored.version_id,
        "sequencer": "0055AED6DCD90281E5",
    }
    body = arrival(created, bucket="incoming")

    answer = encrypt_arrivals(
        queue_event(body, "nothing"), LambdaContext(60_000), deployment=deployment_over(kms, s3=s3, further=ARRIVALS)
    )

    assert answer == {"batchItemFailures": [{"itemIdentifier": "m-1"}]}
    assert kms.calls[0].context == {"purpose": "arrivals", "object-id": "s3://sealed/in/1.csv"}
    assert storage.current("sealed/in/1.csv").metadata["envelope-key"] == KEY_ARN
    lines = [(line.levelname, line.__dict__["operation"], line.__dict__["outcome"]) for line in caplog.records]
    assert lines == [
        ("INFO", "arrival", "encrypted"),
        ("WARNING", "arrival", "InvalidRequest"),
        ("WARNING", "encrypt_arrivals", "success"),
    ]
    assert caplog.records[-1].__dict__["failed"] == {"InvalidRequest": 1}


@pytest.mark.parametrize("code", ["ThrottlingException", "AccessDeniedException", "DisabledException"])
def test_after_a_failure_of_kms_nothing_is_there(code: str, s3: Any, storage: S3StandIn) -> None:
    storage.put("plain/1.csv", CONTENT)

    name, failure = failure_of(encrypt, THERE, kms=FakeKms(failure=client_error(code)), s3=s3)

    retryable = code == "ThrottlingException"
    assert (name, failure["retry"]) == ("KeyUnavailable" if retryable else "KeyAccessDenied", retryable)
    assert storage.versions.keys() == {"plain/1.csv"}
    assert storage.uploads == {}


@pytest.mark.parametrize(
    ("refused", "name", "status", "retry"),
    [
        (Refused(403, "AccessDenied"), "StorageAccessDenied", 403, False),
        (Refused(503, "SlowDown"), "StorageUnavailable", 503, True),
        (Refused(404, "NoSuchKey"), "InvalidRequest", 400, False),
    ],
)
def test_failures_of_s3_become_status_and_retry(
    refused: Refused, name: str, status: int, s3: Any, storage: S3StandIn, *, retry: bool
) -> None:
    def refuse(_: Request) -> None:
        raise refused

    storage.put("plain/1.csv", CONTENT)
    storage.before["GetObject"] = refuse

    found, failure = failure_of(encrypt, THERE, kms=FakeKms(), s3=s3)

    assert (found, failure["status"], failure["retry"]) == (name, status, retry)


def test_refuses_an_object_for_which_there_is_no_time(s3: Any, storage: S3StandIn) -> None:
    storage.put("plain/1.csv", CONTENT)
    kms = FakeKms()

    with pytest.raises(Exception, match="object must need at most the 3 s that are left"):
        encrypt(THERE, LambdaContext(3000), deployment=deployment_over(kms, s3=s3))

    assert kms.calls == []
    assert storage.versions.keys() == {"plain/1.csv"}


def test_logs_one_line_without_names_or_values(s3: Any, storage: S3StandIn, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    storage.put("plain/1.csv", CONTENT)

    encrypt(THERE, None, deployment=deployment_over(FakeKms(), s3=s3))

    (line,) = [record for record in caplog.records if record.name == "envelope"]
    said = line.__dict__
    assert (said["request"], said["context_keys"], said["kms_calls"]) == ("object", ["purpose", "tenant"], 1)
    assert said["plaintext_bytes"] == len(CONTENT)
    assert "1.csv" not in str(said)
