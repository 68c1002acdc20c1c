"""A range of a version of an object: ministack cuts ranges out of the current version alone and sends others whole."""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from ministack.services import s3

_Answer: TypeAlias = tuple[int, dict[str, str], Any]
_OK, _PARTIAL_CONTENT, _NOT_SATISFIABLE = 200, 206, 416


def extend() -> None:
    """Cut the range out of every version that is read."""
    s3._get_object = _ranged(s3._get_object)


def _ranged(get_object: Callable[..., _Answer]) -> Callable[..., _Answer]:
    def read(
        bucket_name: str, key: str, headers: Mapping[str, str], query_params: Mapping[str, Any] | None = None
    ) -> _Answer:
        status, answered, body = get_object(bucket_name, key, headers, query_params)
        asked = headers.get("range")
        # What ministack has cut already is no longer an answer of status 200.
        if status != _OK or not asked or not isinstance(body, bytes):
            return status, answered, body
        span = s3._parse_range(asked, len(body))
        if span is None:
            refused = {"Content-Type": "application/xml", "Content-Range": f"bytes */{len(body)}"}
            return _NOT_SATISFIABLE, refused, s3._xml_body(s3._range_error_xml(bucket_name, key))
        first, last = span
        part = body[first : last + 1]
        whole = {name: value for name, value in answered.items() if not name.lower().startswith("x-amz-checksum-")}
        described = {"Content-Length": str(len(part)), "Content-Range": f"bytes {first}-{last}/{len(body)}"}
        return _PARTIAL_CONTENT, {**whole, **described}, part

    return read
