"""Bytes out of the middle of an encrypted object."""

from typing import Any

import pytest

from envelope.errors import InvalidRequest, LimitExceeded, NotAuthentic, StorageUnavailable
from envelope.format.suites import COMMITTING_SIGNED, CommitmentPolicy
from envelope.limits import PLAINTEXT_BYTES_MAX
from envelope.objects.object_ranges import decrypt_object_range
from envelope.streams.ranges import SignedRanges
from tests.support.object_scene import CONTEXT, KEYS, LARGE, encrypt, request
from tests.support.s3_stand_in import Answer, Request, S3StandIn

THERE = request("plain/key", "sealed/key")
SEALED = request("sealed/key", "opened/key").source


def part(s3: Any, first: int, last: int, **changes: Any) -> bytearray:
    options: dict[str, Any] = {
        "object_id": None,
        "keys": KEYS,
        "context": CONTEXT,
        "policy": CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT,
        "remaining_seconds": lambda: 60.0,
    }
    return decrypt_object_range(s3, SEALED, first=first, last=last, **{**options, **changes})


@pytest.fixture
def sealed(s3: Any, storage: S3StandIn) -> S3StandIn:
    storage.put("plain/key", LARGE)
    encrypt(s3, THERE)
    storage.calls.clear()
    return storage


@pytest.mark.parametrize(("first", "last"), [(0, 0), (65_535, 65_536), (5_000_000, 5_100_000)])
def test_a_range_is_read_without_the_rest(s3: Any, sealed: S3StandIn, first: int, last: int) -> None:
    read = []
    sealed.after["GetObject"] = lambda _, answer: read.append(len(answer.body)) or answer  # type: ignore[func-returns-value]
    assert part(s3, first, last) == LARGE[first : last + 1]
    assert sealed.calls[0] == "HeadObject"
    assert sum(read) < 300_000


@pytest.mark.usefixtures("sealed")
def test_a_range_that_reaches_past_the_end_ends_there(s3: Any) -> None:
    assert part(s3, len(LARGE) - 3, len(LARGE) + 3) == LARGE[-3:]
    assert part(s3, len(LARGE) + 1, len(LARGE) + 3) == b""


@pytest.mark.parametrize(("first", "last"), [(-1, 5), (6, 5)])
def test_refuses_what_is_no_range(s3: Any, sealed: S3StandIn, first: int, last: int) -> None:
    with pytest.raises(InvalidRequest, match="range must be 0 <= first <= last"):
        part(s3, first, last)
    assert sealed.calls == []


def test_refuses_a_range_that_fits_in_no_answer(s3: Any, sealed: S3StandIn) -> None:
    with pytest.raises(LimitExceeded, match="range must be at most 4194304 bytes, got 4194305"):
        part(s3, 0, PLAINTEXT_BYTES_MAX)
    assert sealed.calls == []


def test_refuses_to_read_on_when_the_time_is_up(s3: Any, sealed: S3StandIn) -> None:
    sealed.after["GetObject"] = lambda _, answer: seconds.append(1.0) or answer  # type: ignore[func-returns-value]
    seconds = [1.1]
    with pytest.raises(LimitExceeded, match="1 s before the function's time is up"):
        part(s3, 5_000_000, 8_000_000, remaining_seconds=lambda: seconds[-1])
    assert sealed.calls == ["HeadObject", "GetObject"]


@pytest.mark.usefixtures("sealed")
def test_refuses_another_object_id(s3: Any) -> None:
    with pytest.raises(NotAuthentic):
        part(s3, 0, 0, object_id="s3://sealed/other")


def test_refuses_an_object_that_is_replaced_meanwhile(s3: Any, sealed: S3StandIn) -> None:
    def without_versions(_: Request, answer: Answer) -> Answer:
        del answer.headers["x-amz-version-id"]
        sealed.put("sealed/key", sealed.current("sealed/key").body + b"newer")
        return answer

    sealed.after["HeadObject"] = without_versions
    with pytest.raises(StorageUnavailable, match="GetObject of source, got PreconditionFailed"):
        part(s3, 0, 0)


def test_refuses_a_read_that_is_too_short(s3: Any, sealed: S3StandIn) -> None:
    def short(_: Request, answer: Answer) -> Answer:
        return Answer(answer.body[:-1], answer.headers, 206)

    sealed.after["GetObject"] = short
    with pytest.raises(StorageUnavailable, match="S3 must give"):
        part(s3, 0, 0)


@pytest.mark.usefixtures("sealed")
def test_refuses_a_signed_message_unless_it_is_asked_for_by_name(s3: Any) -> None:
    encrypt(s3, THERE, suite=COMMITTING_SIGNED)
    with pytest.raises(InvalidRequest):
        part(s3, 0, 9)
    assert part(s3, 0, 9, signed=SignedRanges.UNSAFE_UNSIGNED) == LARGE[:10]
