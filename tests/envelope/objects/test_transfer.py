"""Objects in, objects out: what goes along, what is bound, and what is left behind when something fails."""

import logging
import threading
from typing import Any

import pytest

from envelope import message
from envelope.errors import InvalidRequest, KeyAccessDenied, LimitExceeded, MalformedMessage, NotAuthentic
from envelope.format.context import EncryptionContext
from envelope.format.expected_context import AtLeast
from envelope.format.suites import COMMITTING, COMMITTING_SIGNED
from envelope.limits import PART_BYTES_DEFAULT
from tests.support.object_scene import CONTEXT, KEY_ARN, KEYS, LARGE, MEBIBYTE, decrypt, encrypt, failure_of, request
from tests.support.s3_stand_in import S3StandIn

THERE = request("plain/orders/1.csv", "sealed/orders/1.csv")
BACK = request("sealed/orders/1.csv", "opened/orders/1.csv")


@pytest.mark.parametrize("suite", [COMMITTING, COMMITTING_SIGNED])
@pytest.mark.parametrize("length", [0, 1, 65_536, PART_BYTES_DEFAULT - 1, PART_BYTES_DEFAULT, 9 * MEBIBYTE])
def test_an_object_comes_back(s3: Any, storage: S3StandIn, suite: Any, length: int) -> None:
    storage.put(THERE.source.name.uri[5:], LARGE[:length])
    written = encrypt(s3, THERE, suite=suite)
    opened = decrypt(s3, BACK)
    sealed = storage.current("sealed/orders/1.csv").body
    assert storage.current("opened/orders/1.csv").body == LARGE[:length]
    assert written["plaintext_bytes"] == opened["plaintext_bytes"] == length
    assert written["message_bytes"] == opened["message_bytes"] == len(sealed)
    assert ("CompleteMultipartUpload" in storage.calls) == (len(sealed) >= PART_BYTES_DEFAULT)
    assert storage.uploads == {}


def test_the_destination_holds_a_message_of_the_format(s3: Any, storage: S3StandIn) -> None:
    storage.put("plain/orders/1.csv", b"content")
    encrypt(s3, THERE)
    context = EncryptionContext.of({"tenant": "42", "object-id": "s3://sealed/orders/1.csv"})
    assert message.decrypt(storage.current("sealed/orders/1.csv").body, keys=KEYS, context=context) == b"content"


def test_what_an_object_says_about_itself_goes_along(s3: Any, storage: S3StandIn) -> None:
    said = {
        "content_type": "text/csv",
        "content_encoding": "gzip",
        "content_language": "de",
        "content_disposition": "attachment",
        "cache_control": "no-cache",
        "x_amz_meta_owner": "somebody",
    }
    plain = storage.put("plain/orders/1.csv", b"content", **said)
    encrypt(s3, THERE)
    decrypt(s3, BACK)
    ours = {"x-amz-meta-envelope-key": KEY_ARN, "x-amz-meta-envelope-format": "aws-encryption-sdk/2"}
    assert storage.current("sealed/orders/1.csv").headers == {**plain.headers, **ours}
    assert storage.current("opened/orders/1.csv").headers == plain.headers


def test_a_version_is_read_if_one_is_named(s3: Any, storage: S3StandIn) -> None:
    first = storage.put("plain/orders/1.csv", b"first")
    storage.put("plain/orders/1.csv", b"second")
    facts = encrypt(s3, request("plain/orders/1.csv", "sealed/orders/1.csv", version_id=first.version_id))
    decrypt(s3, BACK)
    assert storage.current("opened/orders/1.csv").body == b"first"
    assert facts["source_version_id"] == first.version_id
    assert facts["destination_version_id"] == storage.current("sealed/orders/1.csv").version_id


def test_a_caller_may_choose_the_object_id(s3: Any, storage: S3StandIn) -> None:
    storage.put("plain/orders/1.csv", b"content")
    encrypt(s3, request("plain/orders/1.csv", "sealed/a", object_id="order 1"))
    storage.put("moved/b", storage.current("sealed/a").body)
    decrypt(s3, request("moved/b", "opened/orders/1.csv", object_id="order 1"))
    assert storage.current("opened/orders/1.csv").body == b"content"


def test_some_of_the_context_is_enough_where_the_reader_says_so(s3: Any, storage: S3StandIn) -> None:
    storage.put("plain/orders/1.csv", b"content")
    encrypt(s3, THERE)
    decrypt(s3, BACK, context=AtLeast(EncryptionContext.of({})))
    assert storage.current("opened/orders/1.csv").body == b"content"


def test_refuses_an_object_in_the_place_of_another_one(s3: Any, storage: S3StandIn) -> None:
    storage.put("plain/orders/1.csv", b"content")
    encrypt(s3, THERE)
    storage.put("sealed/orders/2.csv", storage.current("sealed/orders/1.csv").body)
    swapped = request("sealed/orders/2.csv", "opened/orders/2.csv")
    assert type(failure_of(storage, decrypt, s3, swapped)) is NotAuthentic
    assert type(failure_of(storage, decrypt, s3, swapped, context=AtLeast(CONTEXT))) is NotAuthentic


def test_an_older_message_that_was_put_back_is_read_unless_a_version_is_named(s3: Any, storage: S3StandIn) -> None:
    # What the threat model says that nothing stops.
    for content in (b"older", b"newer"):
        storage.put("plain/orders/1.csv", content)
        encrypt(s3, THERE)
    older, newer = storage.versions["sealed/orders/1.csv"]
    storage.put("sealed/orders/1.csv", older.body)
    decrypt(s3, BACK)
    assert storage.current("opened/orders/1.csv").body == b"older"

    decrypt(s3, request("sealed/orders/1.csv", "opened/orders/1.csv", version_id=newer.version_id))
    assert storage.current("opened/orders/1.csv").body == b"newer"


def test_what_somebody_changed_about_an_object_beside_its_message_is_passed_on(s3: Any, storage: S3StandIn) -> None:
    storage.put("plain/orders/1.csv", b"content", content_type="text/csv")
    encrypt(s3, THERE)
    storage.put("sealed/orders/1.csv", storage.current("sealed/orders/1.csv").body, content_type="text/html")
    decrypt(s3, BACK)
    assert storage.current("opened/orders/1.csv").headers["content-type"] == "text/html"


def test_refuses_to_write_an_object_over_itself(s3: Any, storage: S3StandIn) -> None:
    storage.put("plain/orders/1.csv", b"content")
    same = request("plain/orders/1.csv", "plain/orders/1.csv")
    assert type(failure_of(storage, encrypt, s3, same)) is InvalidRequest
    assert type(failure_of(storage, decrypt, s3, same)) is InvalidRequest
    assert storage.calls == []


@pytest.mark.parametrize("suite", [COMMITTING, COMMITTING_SIGNED])
@pytest.mark.parametrize("length", [1000, 9 * MEBIBYTE])
def test_refuses_a_message_that_was_changed_at_its_end(s3: Any, storage: S3StandIn, suite: Any, length: int) -> None:
    storage.put("plain/orders/1.csv", LARGE[:length])
    encrypt(s3, THERE, suite=suite)
    storage.put("opened/orders/1.csv", b"from before")
    changed = bytearray(storage.current("sealed/orders/1.csv").body)
    changed[-1] ^= 1
    storage.put("sealed/orders/1.csv", bytes(changed))
    assert type(failure_of(storage, decrypt, s3, BACK)) is NotAuthentic
    assert storage.current("opened/orders/1.csv").body == b"from before"


def test_refuses_a_message_that_was_cut_off(s3: Any, storage: S3StandIn) -> None:
    storage.put("plain/orders/1.csv", LARGE)
    encrypt(s3, THERE)
    storage.put("sealed/orders/1.csv", storage.current("sealed/orders/1.csv").body[:-70_000])
    assert type(failure_of(storage, decrypt, s3, BACK)) is MalformedMessage


def test_a_key_that_is_refused_costs_no_upload(s3: Any, storage: S3StandIn) -> None:
    class Refusing:
        def to_seal(self, *_: Any, **__: Any) -> Any:
            raise KeyAccessDenied("KMS must allow GenerateDataKey, got AccessDeniedException")

    storage.put("plain/orders/1.csv", LARGE)
    assert type(failure_of(storage, encrypt, s3, THERE, keys=Refusing())) is KeyAccessDenied
    assert storage.calls == ["GetObject"]


def test_refuses_to_begin_what_cannot_be_finished(s3: Any, storage: S3StandIn) -> None:
    storage.put("plain/orders/1.csv", LARGE)
    error = failure_of(storage, encrypt, s3, THERE, remaining_seconds=lambda: 12.2)
    assert str(error) == "object must need at most the 12 s that are left, got 12 s for 9437184 bytes"
    assert type(error) is LimitExceeded
    assert storage.calls == ["GetObject"]


class SlowReading:
    """An S3 client whose bodies stall behind the first part, until the upload has begun and the time is nearly up."""

    def __init__(self, s3: Any, *, until: threading.Event) -> None:
        self.s3, self.until = s3, until
        self.seconds, self.read = 20.0, 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self.s3, name)

    def get_object(self, **parameters: Any) -> dict[str, Any]:
        answer: dict[str, Any] = self.s3.get_object(**parameters)
        self.body, answer["Body"] = answer["Body"], self
        return answer

    def set_socket_timeout(self, seconds: float) -> None:
        self.body.set_socket_timeout(seconds)

    def close(self) -> None:
        self.body.close()

    def readinto(self, buffer: Any) -> int:
        length: int = self.body.readinto(buffer)
        self.read += length
        if self.read > len(LARGE):
            assert self.until.wait(10)
            self.seconds = 9.0
        return length


def test_stops_in_time_to_take_the_upload_back(s3: Any, storage: S3StandIn) -> None:
    storage.put("plain/orders/1.csv", 2 * LARGE)
    begun = threading.Event()
    storage.before["CreateMultipartUpload"] = lambda _: begun.set()
    slow = SlowReading(s3, until=begun)
    error = failure_of(storage, encrypt, slow, THERE, remaining_seconds=lambda: slow.seconds)
    assert type(error) is LimitExceeded
    assert "10 s before the function's time is up" in str(error)
    assert "AbortMultipartUpload" in storage.calls


def test_nothing_that_is_logged_holds_content(s3: Any, storage: S3StandIn, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    storage.put("plain/orders/1.csv", b"the content", x_amz_meta_owner="somebody")
    facts = encrypt(s3, THERE)
    said = caplog.text + str(facts)
    assert "the content" not in said
    assert "somebody" not in said
