from typing import Any

import pytest

from envelope.errors import InvalidRequest
from envelope.format.context import EncryptionContext
from envelope.handler.requests import Batch, Inline, PartOfObject, WholeObject, request_of
from envelope.objects.object_request import ObjectName, ObjectRequest, SourceObject

CONTEXT = {"purpose": "test"}
FIELDS = ("plaintext", "message")
SOURCE, DESTINATION = {"bucket": "in", "key": "a/b"}, {"bucket": "out", "key": "c"}
WHOLE = {"source": SOURCE, "destination": DESTINATION, "encryption_context": CONTEXT}
PART = {"source": SOURCE, "range": {"first": 0, "last": 9}, "encryption_context": CONTEXT}


def understood(event: Any, field: str = "message") -> Any:
    return request_of(event, field, {"purpose"})


def test_each_shape_of_an_event_is_one_kind_of_request() -> None:
    context = EncryptionContext.of(CONTEXT)
    for field in FIELDS:
        assert understood({field: "QQ==", "encryption_context": CONTEXT}, field) == Inline(b"A", context)
        assert understood({"records": [1]}, field) == Batch([1])
        assert understood({**WHOLE, "object_id": "x"}, field) == WholeObject(
            ObjectRequest(SourceObject(ObjectName("in", "a/b")), ObjectName("out", "c"), "x"), context
        )
    versioned = {**PART, "source": {**SOURCE, "version_id": "v1"}}
    assert understood(versioned) == PartOfObject(
        SourceObject(ObjectName("in", "a/b"), version_id="v1"), None, first=0, last=9, context=context
    )


BAD_WHOLE: list[tuple[dict[str, Any], str]] = [
    (
        {"extra": 1},
        "request must have the fields ['destination', 'encryption_context', 'source'], maybe ['object_id'],",
    ),
    ({"source": None}, "source must be an object, got NoneType"),
    ({"source": {"bucket": "in"}}, "source must have the fields ['bucket', 'key'], maybe ['version_id'], and no other"),
    ({"source": {**SOURCE, "etag": "x"}}, "and no other, got no [] and 1 others"),
    ({"source": {**SOURCE, "key": ""}}, "source.key must be a string, not empty, got str"),
    ({"source": {**SOURCE, "version_id": None}}, "source.version_id must be a string, not empty, got NoneType"),
    ({"destination": {**DESTINATION, "version_id": "v"}}, "destination must have the fields ['bucket', 'key'] and no"),
    ({"destination": {**DESTINATION, "bucket": 1}}, "destination.bucket must be a string, not empty, got int"),
    ({"object_id": ""}, "object_id must be a string, not empty, got str"),
    ({"object_id": None}, "object_id must be a string, not empty, got NoneType"),
    ({"encryption_context": {}}, "encryption_context must say ['purpose'], got no ['purpose']"),
    ({"records": []}, "request must have the fields ['records'] and no other, got no [] and 3 others"),
]


@pytest.mark.parametrize(("change", "text"), BAD_WHOLE)
def test_refuses_a_bad_request_about_an_object(change: dict[str, Any], text: str) -> None:
    for field in FIELDS:
        with pytest.raises(InvalidRequest) as refused:
            understood({**WHOLE, **change}, field)

        assert text in str(refused.value)


@pytest.mark.parametrize(
    "limits",
    [{"first": -1, "last": 0}, {"first": 2, "last": 1}, {"first": 0, "last": 1.0}, {"first": False, "last": 1}],
)
def test_refuses_a_range_that_is_none(limits: dict[str, Any]) -> None:
    with pytest.raises(InvalidRequest, match="range must have whole numbers with 0 <= first <= last"):
        understood({**PART, "range": limits})


def test_refuses_other_fields_in_a_range_or_beside_it() -> None:
    for event in (
        {**PART, "range": {"first": 0, "last": 1, "length": 2}},
        {**PART, "range": [0, 1]},
        {**PART, "destination": DESTINATION},
    ):
        with pytest.raises(InvalidRequest):
            understood(event)


def test_refuses_a_range_of_a_plaintext() -> None:
    with pytest.raises(InvalidRequest, match="request must have the fields"):
        understood(PART, "plaintext")
