"""What S3 gives is read to the end, or refused before its last bytes come out."""

import dataclasses
from typing import Any, ClassVar

import pytest

from envelope.errors import EnvelopeError, InvalidRequest, StorageAccessDenied, StorageUnavailable
from envelope.limits import OBJECT_RESERVE_SECONDS, OBJECT_STALL_SECONDS
from envelope.objects.object_reading import opened_object
from envelope.objects.object_request import ObjectName, SourceObject
from envelope.objects.time_left import TimeLeft
from tests.support.object_scene import LARGE, decrypt, encrypt, failure_of, request
from tests.support.s3_stand_in import Answer, Refused, Request, S3StandIn

SOURCE = SourceObject(ObjectName("plain", "key"))
THERE = request("plain/key", "sealed/key")
BACK = request("sealed/key", "opened/key")


def broken(_: Request, answer: Answer) -> Answer:
    return dataclasses.replace(answer, sent=len(answer.body) // 2)


def damaged(_: Request, answer: Answer) -> Answer:
    return dataclasses.replace(answer, body=answer.body[:-1] + b"?")


@pytest.mark.parametrize("fault", [broken, damaged])
@pytest.mark.parametrize("content", [b"small", LARGE])
def test_refuses_to_encrypt_what_did_not_arrive_as_it_is(
    s3: Any, storage: S3StandIn, fault: Any, content: bytes
) -> None:
    storage.put("plain/key", content)
    storage.put("sealed/key", b"from before")
    storage.after["GetObject"] = fault
    assert type(failure_of(storage, encrypt, s3, THERE)) is StorageUnavailable


def test_refuses_to_decrypt_what_broke_off(s3: Any, storage: S3StandIn) -> None:
    storage.put("plain/key", LARGE)
    encrypt(s3, THERE)
    storage.after["GetObject"] = broken
    assert type(failure_of(storage, decrypt, s3, BACK)) is StorageUnavailable


def test_the_last_bytes_come_only_if_the_checksum_is_right(s3: Any, storage: S3StandIn) -> None:
    storage.put("plain/key", b"content")
    storage.after["GetObject"] = damaged
    with opened_object(s3, SOURCE, time_left=TimeLeft(lambda: 60.0)) as source:
        buffer = bytearray(source.length - 1)
        assert source.reader.readinto(buffer) == len(buffer)
        with pytest.raises(StorageUnavailable, match="must give the bytes of their checksum"):
            source.reader.read(1)


def test_an_empty_object_is_at_its_end(s3: Any, storage: S3StandIn) -> None:
    storage.put("plain/key", b"")
    with opened_object(s3, SOURCE, time_left=TimeLeft(lambda: 60.0)) as source:
        assert source.reader.read(10) == b""


@pytest.mark.parametrize(
    ("status", "code", "expected"),
    [
        (403, "AccessDenied", StorageAccessDenied),
        (403, "InvalidObjectState", InvalidRequest),
        (404, "NoSuchBucket", InvalidRequest),
        (400, "KMS.DisabledException", StorageAccessDenied),
        (503, "SlowDown", StorageUnavailable),
    ],
)
def test_refuses_by_remedy(s3: Any, storage: S3StandIn, status: int, code: str, expected: type[EnvelopeError]) -> None:
    def refuse(_: Request) -> None:
        raise Refused(status, code)

    storage.before["GetObject"] = refuse
    error = failure_of(storage, encrypt, s3, THERE)
    assert type(error) is expected
    assert str(error) == f"S3 must be able to do GetObject of source, got {code}"


def test_refuses_a_source_that_is_not_there(s3: Any, storage: S3StandIn) -> None:
    storage.put("plain/key", b"content")
    assert type(failure_of(storage, encrypt, s3, request("plain/other", "sealed/key"))) is InvalidRequest
    assert type(failure_of(storage, encrypt, s3, request("plain/key", "sealed/key", version_id="no"))) is InvalidRequest


def test_refuses_a_source_that_is_another_one_than_was_asked_for(s3: Any, storage: S3StandIn) -> None:
    storage.put("plain/key", b"content")
    another = dataclasses.replace(THERE, source=dataclasses.replace(SOURCE, etag='"another"'))
    assert type(failure_of(storage, encrypt, s3, another)) is StorageUnavailable


def test_a_connection_that_gives_nothing_fails_while_there_is_time() -> None:
    class Body:
        said: ClassVar[list[float]] = []

        def set_socket_timeout(self, seconds: float) -> None:
            self.said.append(seconds)

        def close(self) -> None:
            self.said.append(0.0)

    class Client:
        def get_object(self, **_: object) -> dict[str, object]:
            return {"Body": Body(), "ContentLength": 5}

    client: Any = Client()
    with opened_object(client, SOURCE, time_left=TimeLeft(lambda: 60.0)):
        assert Body.said == [OBJECT_STALL_SECONDS]
    assert Body.said == [OBJECT_STALL_SECONDS, 0.0]
    assert OBJECT_STALL_SECONDS < OBJECT_RESERVE_SECONDS
