"""What EventBridge says, strictly."""

import copy
import json
from typing import Any

import pytest

from envelope.errors import InvalidRequest
from envelope.objects.arrival_event import ArrivalEvent
from envelope.objects.object_request import ObjectName, SourceObject

EVENT: dict[str, Any] = {
    "version": "0",
    "id": "17793124-05d4-b198-2fde-7ededc63b103",
    "detail-type": "Object Created",
    "source": "aws.s3",
    "detail": {
        "version": "0",
        "bucket": {"name": "bucket"},
        "object": {
            "key": "a b+c.csv",
            "size": 5,
            "etag": "b1946ac9",
            "version-id": "v1",
            "sequencer": "617f08299329d189",
        },
        "reason": "PutObject",
    },
}


def parsed(path: str = "", value: object = None) -> ArrivalEvent | None:
    event = copy.deepcopy(EVENT)
    if path:
        *parents, name = path.split(".")
        at = event
        for parent in parents:
            at = at[parent]
        at[name] = value
    return ArrivalEvent.parse(json.dumps(event))


def test_an_event_names_an_object_with_its_content() -> None:
    source = SourceObject(ObjectName("bucket", "a b+c.csv"), etag='"b1946ac9"')
    assert parsed() == ArrivalEvent(source, 5, "617f08299329d189")


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("detail", None),
        ("detail", []),
        ("detail.bucket", "bucket"),
        ("detail.bucket.name", ""),
        ("detail.bucket.name", 5),
        ("detail.object", None),
        ("detail.object.key", None),
        ("detail.object.key", "x" * 1025),
        ("detail.object.size", "5"),
        ("detail.object.size", True),
        ("detail.object.size", -1),
        ("detail.object.size", 5 * 1024**3 * 10_000 + 1),
        ("detail.object.size", 10**400),
        ("detail.object.etag", None),
        ("detail.object.sequencer", ""),
        ("detail.object.sequencer", "0x1"),
        ("detail.object.sequencer", "f" * 33),
        ("source", None),
        ("detail-type", 5),
    ],
)
def test_refuses_an_event_that_lacks_what_must_be_known(path: str, value: object) -> None:
    with pytest.raises(InvalidRequest):
        parsed(path, value)


@pytest.mark.parametrize("body", [None, 5, "", "[]", "null", "[" * 100_000])
def test_refuses_what_is_no_event(body: object) -> None:
    with pytest.raises(InvalidRequest, match="of an arrival must be"):
        ArrivalEvent.parse(body)


@pytest.mark.parametrize(
    ("earlier", "later"), [("0A", "0B"), ("0A", "0A1"), ("0A", "0b"), ("0a9", "0B"), ("e" * 32, "f" * 32)]
)
def test_sequencers_are_compared_as_s3_says(earlier: str, later: str) -> None:
    first, second = parsed("detail.object.sequencer", earlier), parsed("detail.object.sequencer", later)
    assert first is not None
    assert second is not None
    assert second.is_newer_than(earlier)
    assert not first.is_newer_than(later)
    assert first.is_older_than(later)
    assert not second.is_older_than(earlier)


def test_an_object_may_be_as_large_as_s3_takes_them() -> None:
    arrival = parsed("detail.object.size", 5 * 1024**3 * 10_000)
    assert arrival is not None
    assert arrival.size == 53_687_091_200_000


@pytest.mark.parametrize("stored", ["zz", "0B\u0661", "", " 0B", "f" * 33])
def test_refuses_to_compare_with_what_is_no_sequencer(stored: str) -> None:
    event = parsed("detail.object.sequencer", "0A")
    assert event is not None
    for compare in (event.is_newer_than, event.is_older_than):
        with pytest.raises(InvalidRequest, match="sequencer of destination must be 1 to 32 hexadecimal digits, got"):
            compare(stored)


@pytest.mark.parametrize("same", ["0A", "0a", "0A00"])
def test_the_same_sequencer_is_neither_newer_nor_older(same: str) -> None:
    event = parsed("detail.object.sequencer", "0A")
    assert event is not None
    assert not event.is_newer_than(same)
    assert not event.is_older_than(same)
