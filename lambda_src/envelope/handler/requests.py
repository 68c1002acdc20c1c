"""What a caller asks for, by the shape of the event; nothing that is not understood is passed over."""

import dataclasses
from collections.abc import Collection, Sequence
from typing import Final, TypeAlias

from envelope.base64_text import from_base64
from envelope.errors import InvalidRequest, quoted
from envelope.format.context import EncryptionContext
from envelope.limits import MESSAGE_BYTES_MAX, PLAINTEXT_BYTES_MAX
from envelope.objects.object_request import ObjectName, ObjectRequest, SourceObject

_CONTEXT: Final = "encryption_context"
_BYTES_MAX: Final = {"plaintext": PLAINTEXT_BYTES_MAX, "message": MESSAGE_BYTES_MAX}


@dataclasses.dataclass(frozen=True, slots=True)
class Inline:
    """Data in the event itself. Its `repr` hides the data.

    Attributes:
        data: Plaintext or message.
        context: The encryption context.
    """

    data: bytes = dataclasses.field(repr=False)
    context: EncryptionContext


@dataclasses.dataclass(frozen=True, slots=True)
class WholeObject:
    """An object to be written from another one.

    Attributes:
        request: Which objects.
        context: The encryption context.
    """

    request: ObjectRequest
    context: EncryptionContext


@dataclasses.dataclass(frozen=True, slots=True)
class PartOfObject:
    """Some of what is in an encrypted object.

    Attributes:
        source: The object.
        object_id: What its message is bound to. None: the object's name.
        first: The first byte of the plaintext.
        last: The last byte of the plaintext.
        context: The encryption context.
    """

    source: SourceObject
    object_id: str | None
    first: int
    last: int
    context: EncryptionContext


@dataclasses.dataclass(frozen=True, slots=True)
class Batch:
    """Many small pieces of data in the event itself. Its `repr` hides them.

    Attributes:
        records: As they came; each is understood, or refused, on its own.
    """

    records: Sequence[object] = dataclasses.field(repr=False)


Request: TypeAlias = Inline | WholeObject | PartOfObject | Batch


def request_of(event: object, field: str, required: Collection[str]) -> Request:
    """Understand an event of `encrypt` or `decrypt`.

    Args:
        event: What came.
        field: `plaintext` for `encrypt`, `message` for `decrypt`.
        required: Keys that the encryption context must hold.

    Returns:
        The request.

    Raises:
        InvalidRequest: If it is none.
        LimitExceeded: If the data in it is too large.
    """
    if isinstance(event, dict) and "records" in event:
        records = _with_fields(event, {"records"})["records"]
        if not isinstance(records, list):
            raise InvalidRequest(f"records must be a list, got {type(records).__name__}")
        return Batch(records)
    if isinstance(event, dict) and "range" in event and field == "message":
        return _part_of_object(event, required)
    if isinstance(event, dict) and "source" in event:
        return whole_object(event, required)
    return inline(event, field, required)


def inline(event: object, field: str, required: Collection[str]) -> Inline:
    """Understand data in the event itself, or one record of a batch.

    Args:
        event: What came.
        field: `plaintext` or `message`.
        required: Keys that the encryption context must hold.

    Returns:
        The request.

    Raises:
        InvalidRequest: If it is anything else.
        LimitExceeded: If the data is too large.
    """
    given = _with_fields(event, {field, _CONTEXT})
    context = context_of(given[_CONTEXT], required)
    return Inline(data_of(given[field], field), context)


def data_of(text: object, field: str) -> bytes:
    """Understand data in base64.

    Args:
        text: What came.
        field: `plaintext` or `message`: what it is, which says how long it may be.

    Returns:
        The data.

    Raises:
        InvalidRequest: If it is no base64.
        LimitExceeded: If the data is too large.

    Examples:
        >>> data_of("dGV4dA==", "plaintext")
        b'text'
    """
    return from_base64(text, field=field, most=_BYTES_MAX[field])


def whole_object(event: object, required: Collection[str]) -> WholeObject:
    """Understand an event that names objects.

    Args:
        event: What came.
        required: Keys that the encryption context must hold.

    Returns:
        The request.

    Raises:
        InvalidRequest: If it is anything else.
    """
    given = _with_fields(event, {"source", "destination", _CONTEXT}, maybe={"object_id"})
    destination = _strings(given["destination"], {"bucket", "key"}, name="destination")
    request = ObjectRequest(_source(given), ObjectName(**destination), _object_id(given))
    return WholeObject(request, context_of(given[_CONTEXT], required))


def _part_of_object(event: object, required: Collection[str]) -> PartOfObject:
    given = _with_fields(event, {"source", "range", _CONTEXT}, maybe={"object_id"})
    limits = _with_fields(given["range"], {"first", "last"}, name="range")
    first, last = limits["first"], limits["last"]
    # In Python True is a number; in JSON it is not.
    if not (type(first) is int and type(last) is int and 0 <= first <= last):
        raise InvalidRequest("range must have whole numbers with 0 <= first <= last, got something else")
    return PartOfObject(_source(given), _object_id(given), first, last, context_of(given[_CONTEXT], required))


def _source(given: dict[str, object]) -> SourceObject:
    values = _strings(given["source"], {"bucket", "key"}, maybe={"version_id"}, name="source")
    return SourceObject(ObjectName(values["bucket"], values["key"]), version_id=values.get("version_id"))


def _object_id(given: dict[str, object]) -> str | None:
    found = given.get("object_id")
    if "object_id" in given and not (isinstance(found, str) and found):
        raise InvalidRequest(f"object_id must be a string, not empty, got {type(found).__name__}")
    return found if isinstance(found, str) else None


def _strings(found: object, fields: Collection[str], *, name: str, maybe: Collection[str] = ()) -> dict[str, str]:
    values: dict[str, str] = {}
    for field, value in _with_fields(found, fields, maybe=maybe, name=name).items():
        if not (isinstance(value, str) and value):
            raise InvalidRequest(f"{name}.{field} must be a string, not empty, got {type(value).__name__}")
        values[field] = value
    return values


def _with_fields(
    found: object, fields: Collection[str], *, maybe: Collection[str] = (), name: str = "request"
) -> dict[str, object]:
    if not isinstance(found, dict):
        raise InvalidRequest(f"{name} must be an object, got {type(found).__name__}")
    missing, unknown = sorted(set(fields) - found.keys()), len(found.keys() - set(fields) - set(maybe))
    if missing or unknown:
        # Unknown names are counted and not repeated: somebody may have put the plaintext there, and this is logged.
        raise InvalidRequest(
            f"{name} must have the fields {sorted(fields)}{f', maybe {sorted(maybe)},' if maybe else ''} and no other, "
            f"got no {missing} and {unknown} others"
        )
    return found


def context_of(values: object, required: Collection[str]) -> EncryptionContext:
    """Understand an encryption context.

    Args:
        values: What came.
        required: Keys that it must hold.

    Returns:
        The context.

    Raises:
        InvalidRequest: If it is none.
        LimitExceeded: If it is too large.
    """
    if not isinstance(values, dict):
        raise InvalidRequest(f"encryption_context must be an object, got {type(values).__name__}")
    for key, value in values.items():
        if not (isinstance(key, str) and isinstance(value, str)):
            raise InvalidRequest(f"encryption_context[{quoted(key)}] must be a string, got {type(value).__name__}")
    # A required key with an empty value would bind a message to nothing.
    missing = sorted(key for key in required if not values.get(key))
    if missing:
        raise InvalidRequest(f"encryption_context must say {sorted(required)}, got no {missing}")
    return EncryptionContext.of(values)
