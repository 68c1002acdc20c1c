"""What EventBridge says about an object that arrived in S3."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

from envelope.errors import InvalidRequest, quoted
from envelope.limits import OBJECT_BYTES_MAX, SEQUENCER_DIGITS_MAX
from envelope.objects.object_request import ObjectName, SourceObject

_SOURCE: Final = "aws.s3"
_DETAIL_TYPE: Final = "Object Created"
_HEXADECIMAL: Final = frozenset("0123456789abcdefABCDEF")


@dataclass(frozen=True, slots=True)
class ArrivalEvent:
    """An object that was created.

    Attributes:
        source: The object, as long as it has that content: by its entity tag. The version id of the event is not among
            it: an arrival that comes late would bring back what has been replaced or deleted since.
        size: Its bytes.
        sequencer: Hexadecimal digits that say which of two events about the same key came first.
    """

    source: SourceObject
    size: int
    sequencer: str

    @classmethod
    def parse(cls, body: object) -> Self | None:
        """Read the body of a queue's message.

        Args:
            body: An event of EventBridge as JSON (Amazon S3 user guide, "EventBridge event message structure").

        Returns:
            The event, or None if it is one about something else, which needs no work.

        Raises:
            InvalidRequest: If it is no event, or one that lacks what must be known.
        """
        event = _object(_parsed(body), "event")
        if "detail-type" not in event and event.get("Event") == "s3:TestEvent":
            return None
        if _text(event, "source") != _SOURCE or _text(event, "detail-type") != _DETAIL_TYPE:
            return None
        detail = _object(event.get("detail"), "detail")
        created = _object(detail.get("object"), "detail.object")
        # Unlike in S3's own notifications, the key is not URL-encoded here.
        name = ObjectName(_text(_object(detail.get("bucket"), "detail.bucket"), "name"), _text(created, "key"))
        source = SourceObject(name, etag=f'"{_text(created, "etag")}"')
        sequencer = _text(created, "sequencer")
        _demand_sequencer(sequencer, "an arrival")
        size = created.get("size")
        if not isinstance(size, int) or isinstance(size, bool) or not 0 <= size <= OBJECT_BYTES_MAX:
            raise InvalidRequest(f"size of an arrival must be 0 to {OBJECT_BYTES_MAX} bytes, got something else")
        return cls(source, size, sequencer)

    def is_newer_than(self, sequencer: str) -> bool:
        """Compare with another event about the same key (S3 user guide, "Event message structure", `sequencer`).

        Args:
            sequencer: That of the other event, as the metadata of the destination has it.

        Returns:
            True if this one came later; the same event is not later.

        Raises:
            InvalidRequest: If that is no sequencer.

        Examples:
            >>> event = ArrivalEvent(SourceObject(ObjectName("bucket", "key")), 1, "0055AED6DCD90281E5")
            >>> event.is_newer_than("0055AED6DCD90281E4"), event.is_newer_than("0055AED6DCD90281E5")
            (True, False)
        """
        _demand_sequencer(sequencer, "destination")
        return _comparable(self.sequencer) > _comparable(sequencer)

    def is_older_than(self, sequencer: str) -> bool:
        """Compare with another event about the same key, as `is_newer_than` does.

        Args:
            sequencer: That of the other event, as the metadata of the destination has it.

        Returns:
            True if this one came before; the same event did not.

        Raises:
            InvalidRequest: If that is no sequencer.
        """
        _demand_sequencer(sequencer, "destination")
        return _comparable(self.sequencer) < _comparable(sequencer)


def _comparable(sequencer: str) -> str:
    return sequencer.upper().ljust(SEQUENCER_DIGITS_MAX, "0")


def _demand_sequencer(sequencer: str, owner: str) -> None:
    if not 1 <= len(sequencer) <= SEQUENCER_DIGITS_MAX or not _HEXADECIMAL.issuperset(sequencer):
        raise InvalidRequest(
            f"sequencer of {owner} must be 1 to {SEQUENCER_DIGITS_MAX} hexadecimal digits, got {quoted(sequencer)}"
        )


def _parsed(body: object) -> object:
    if not isinstance(body, str):
        raise InvalidRequest(f"body of an arrival must be text, got {type(body).__name__}")
    try:
        parsed: object = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise InvalidRequest("body of an arrival must be JSON, got something else") from error
    return parsed


def _object(value: object, name: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise InvalidRequest(f"{name} of an arrival must be an object, got {type(value).__name__}")
    return value


def _text(values: Mapping[str, Any], name: str) -> str:
    value = values.get(name)
    if not isinstance(value, str) or not value:
        raise InvalidRequest(f"{name} of an arrival must be text, got {type(value).__name__}")
    return value
