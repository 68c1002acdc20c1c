from typing import Any

import pytest

from envelope.errors import EnvelopeError, InvalidRequest, StorageAccessDenied, StorageUnavailable
from kms_envelope.s3_object import S3Object
from tests.support.fake_kms import client_error
from tests.support.kms_envelope_command import FakeObjects

NAME = "s3://backups/2026/orders"


@pytest.fixture
def s3() -> FakeObjects:
    return FakeObjects({"backups/2026/orders": b"abcdef", "backups/2026/orders?versionId=old": b"ABC"})


def test_an_object_is_read_to_its_end(s3: FakeObjects) -> None:
    source = S3Object.of(NAME, client=s3)

    assert [source.size, source.read(4), source.read(4), source.read(4)] == [6, b"abcd", b"ef", b""]


def test_some_bytes_are_fetched(s3: FakeObjects) -> None:
    source = S3Object.of(NAME, client=s3)

    assert [source.fetch(1, 3), source.fetch(5, 5)] == [b"bcd", b"f"]
    assert s3.ranges == ["bytes=1-3", "bytes=5-5"]


def test_a_version_is_read_that_is_not_the_latest(s3: FakeObjects) -> None:
    assert S3Object.of(f"{NAME}?versionId=old", client=s3).read(10) == b"ABC"


def test_refuses_an_object_that_is_replaced_meanwhile(s3: FakeObjects) -> None:
    source = S3Object.of(NAME, client=s3)
    s3.content["backups/2026/orders"] = b"ABCDEF"

    with pytest.raises(StorageUnavailable, match="got PreconditionFailed"):
        source.fetch(0, 1)
    with pytest.raises(StorageUnavailable, match="got PreconditionFailed"):
        source.read(1)


def test_refuses_an_object_that_is_not_there(s3: FakeObjects) -> None:
    with pytest.raises(FileNotFoundError, match=r"^input must be an object that S3 has, got s3://backups/none$"):
        S3Object.of("s3://backups/none", client=s3)


class RefusingObjects(FakeObjects):
    """Names its reason where an answer has a body."""

    def __init__(self, code: str, status: int, reason: str = "") -> None:
        super().__init__({"backups/2026/orders": b"content"})
        self._error = client_error(code, operation="HeadObject", status=status)
        self._reason = client_error(reason, operation="GetObject", status=status) if reason else None

    def head_object(self, **_: str) -> dict[str, str]:
        raise self._error

    def get_object(self, **address: Any) -> dict[str, Any]:
        if self._reason is not None:
            raise self._reason
        return super().get_object(**address)


@pytest.mark.parametrize(
    ("code", "status", "remedy"),
    [("403", 403, StorageAccessDenied), ("503", 503, StorageUnavailable), ("400", 400, InvalidRequest)],
)
def test_what_s3_answers_is_told_by_remedy(code: str, status: int, remedy: type[EnvelopeError]) -> None:
    with pytest.raises(remedy, match=f"HeadObject of {NAME}, got {code}"):
        S3Object.of(NAME, client=RefusingObjects(code, status))


@pytest.mark.parametrize(
    ("reason", "remedy"), [("InvalidArgument", InvalidRequest), ("ExpiredToken", StorageUnavailable)]
)
def test_an_answer_that_names_no_reason_is_asked_for_one(reason: str, remedy: type[EnvelopeError]) -> None:
    with pytest.raises(remedy, match=f"GetObject of {NAME}, got {reason}"):
        S3Object.of(NAME, client=RefusingObjects("400", 400, reason))
