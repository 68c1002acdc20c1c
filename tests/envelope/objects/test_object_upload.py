"""An upload is there whole or not at all, whichever call of S3 fails."""

import time
from collections.abc import Iterator
from typing import Any

import pytest

from envelope.errors import EnvelopeError, LimitExceeded, NotAuthentic, StorageAccessDenied, StorageUnavailable
from envelope.objects.object_request import ObjectName
from envelope.objects.object_upload import WrittenObject, upload
from envelope.objects.time_left import TimeLeft
from tests.support.object_scene import LARGE, MEBIBYTE, failure_of
from tests.support.s3_stand_in import Answer, Refused, Request, S3StandIn

DESTINATION = ObjectName("bucket", "key")


def written(s3: Any, content: bytes, **changes: Any) -> WrittenObject:
    options: dict[str, Any] = {
        "parameters": {"Metadata": {"owner": "somebody"}},
        "longest": len(content),
        "time_left": TimeLeft(lambda: 60.0),
    }
    return upload(s3, iter([memoryview(content)]), DESTINATION, **{**options, **changes})


def refusing(status: int, code: str) -> Any:
    def refuse(_: Request) -> None:
        raise Refused(status, code)

    return refuse


def test_a_small_object_is_one_call_and_a_large_one_four(s3: Any, storage: S3StandIn) -> None:
    assert written(s3, b"small") == WrittenObject(5, storage.current("bucket/key").version_id)
    assert storage.calls == ["PutObject"]
    assert written(s3, LARGE) == WrittenObject(len(LARGE), storage.current("bucket/key").version_id)
    assert sorted(storage.calls[1:]) == ["CompleteMultipartUpload", "CreateMultipartUpload", "UploadPart", "UploadPart"]
    assert storage.current("bucket/key").body == LARGE
    assert storage.current("bucket/key").metadata == {"owner": "somebody"}


@pytest.mark.parametrize(
    ("operation", "answer", "expected"),
    [
        ("PutObject", (403, "AccessDenied"), StorageAccessDenied),
        ("PutObject", (503, "SlowDown"), StorageUnavailable),
        ("CreateMultipartUpload", (403, "AccessDenied"), StorageAccessDenied),
        ("UploadPart", (500, "InternalError"), StorageUnavailable),
        ("UploadPart", (400, "BadDigest"), StorageUnavailable),
        ("CompleteMultipartUpload", (500, "InternalError"), StorageUnavailable),
        ("CompleteMultipartUpload", (400, "InvalidPart"), StorageUnavailable),
    ],
)
def test_refuses_with_nothing_left_behind(
    s3: Any, storage: S3StandIn, operation: str, answer: tuple[int, str], expected: type[EnvelopeError]
) -> None:
    storage.put("bucket/key", b"from before")
    storage.before[operation] = refusing(*answer)
    error = failure_of(storage, written, s3, b"small" if operation == "PutObject" else LARGE)
    assert type(error) is expected
    assert str(error) == f"S3 must be able to do the upload of destination, got {answer[1]}"


def test_refuses_a_completion_that_fails_after_it_began_to_answer(s3: Any, storage: S3StandIn) -> None:
    storage.before["CompleteMultipartUpload"] = refusing(200, "InternalError")
    assert type(failure_of(storage, written, s3, LARGE)) is StorageUnavailable


def test_refuses_when_the_connection_of_a_part_breaks(s3: Any, storage: S3StandIn) -> None:
    def broken(_: Request, answer: Answer) -> Answer:
        return Answer(b"x" * 100, answer.headers, sent=10)

    storage.after["UploadPart"] = broken
    error = failure_of(storage, written, s3, LARGE)
    assert type(error) is StorageUnavailable
    assert str(error) == "S3 must finish the upload of destination, got ConnectionClosedError"


def test_what_the_blocks_raise_comes_out_and_takes_the_upload_back(s3: Any, storage: S3StandIn) -> None:
    def forged() -> Iterator[memoryview]:
        yield memoryview(LARGE)
        raise NotAuthentic

    failure = failure_of(
        storage, upload, s3, forged(), DESTINATION, parameters={}, longest=len(LARGE), time_left=TimeLeft(lambda: 60.0)
    )
    assert type(failure) is NotAuthentic
    assert str(failure) == str(NotAuthentic())
    assert "AbortMultipartUpload" in storage.calls


def test_an_upload_that_cannot_be_taken_back_is_named(s3: Any, storage: S3StandIn) -> None:
    storage.before["UploadPart"] = refusing(500, "InternalError")
    storage.before["AbortMultipartUpload"] = refusing(403, "AccessDenied")
    with pytest.raises(StorageUnavailable) as caught:
        written(s3, LARGE)
    (upload_id,) = storage.uploads
    assert str(caught.value) == (
        "S3 must be able to do the upload of destination, got InternalError; "
        f"the unfinished upload {upload_id} must be aborted too, got AccessDenied"
    )
    assert storage.versions == {}


def test_an_upload_that_is_gone_already_was_taken_back(s3: Any, storage: S3StandIn) -> None:
    storage.before["CompleteMultipartUpload"] = lambda _: storage.uploads.clear()
    error = failure_of(storage, written, s3, LARGE)
    assert type(error) is StorageUnavailable
    assert str(error) == "S3 must be able to do the upload of destination, got NoSuchUpload"


def test_nothing_more_is_read_after_a_part_has_failed(s3: Any, storage: S3StandIn) -> None:
    storage.before["UploadPart"] = refusing(500, "InternalError")
    taken = []

    def blocks() -> Iterator[memoryview]:
        for number in range(200):
            taken.append(number)
            yield memoryview(LARGE)[:MEBIBYTE]

    failure_of(
        storage,
        upload,
        s3,
        blocks(),
        DESTINATION,
        parameters={},
        longest=200 * MEBIBYTE,
        time_left=TimeLeft(lambda: 60),
    )
    assert len(taken) < 100


def test_an_upload_that_stalls_is_taken_back_in_time(s3: Any, storage: S3StandIn) -> None:
    storage.before["UploadPart"] = lambda _: time.sleep(0.5)
    end = time.monotonic() + 10.3  # all but 10 seconds are there to work
    error = failure_of(storage, written, s3, LARGE, time_left=TimeLeft(lambda: end - time.monotonic()))
    assert type(error) is LimitExceeded
    assert "AbortMultipartUpload" in storage.calls


@pytest.mark.parametrize("content", [b"small", LARGE])
def test_refuses_when_the_condition_does_not_hold(s3: Any, storage: S3StandIn, content: bytes) -> None:
    there = storage.put("bucket/key", b"from before")
    failure_of(storage, written, s3, content, condition={"IfNoneMatch": "*"})
    failure_of(storage, written, s3, content, condition={"IfMatch": '"another"'})
    written(s3, content, condition={"IfMatch": there.etag})
    assert storage.current("bucket/key").body == content


def test_an_object_without_a_time_limit_can_be_uploaded(s3: Any, storage: S3StandIn) -> None:
    written(s3, b"small", time_left=TimeLeft(lambda: float("inf")))
    assert storage.current("bucket/key").body == b"small"
