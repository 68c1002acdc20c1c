"""Which objects a request names."""

import pytest

from envelope.errors import InvalidRequest
from envelope.objects.object_request import ObjectName, ObjectRequest, SourceObject

NAME = ObjectName("bucket", "folder/")


def test_a_key_may_look_like_a_folder() -> None:
    assert NAME.uri == "s3://bucket/folder/"


@pytest.mark.parametrize(
    ("bucket", "key"), [("", "key"), ("bucket", ""), ("bucket", "x" * 1025), ("bucket", "ä" * 513)]
)
def test_refuses_a_name_that_s3_does_not_take(bucket: str, key: str) -> None:
    with pytest.raises(InvalidRequest):
        ObjectName(bucket, key)


def test_refuses_a_long_key_without_quoting_it() -> None:
    with pytest.raises(InvalidRequest, match=r"^key must be 1 to 1024 bytes of UTF-8, got 1026$"):
        ObjectName("bucket", "ä" * 513)


def test_refuses_the_same_object_twice_whatever_the_version() -> None:
    with pytest.raises(InvalidRequest, match="destination must be another object than source"):
        ObjectRequest(SourceObject(NAME, version_id="v1"), ObjectName("bucket", "folder/")).with_two_objects()
