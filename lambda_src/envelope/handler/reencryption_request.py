"""What a caller of `reencrypt` asks for."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from envelope.errors import InvalidRequest
from envelope.format.context import EncryptionContext
from envelope.handler.requests import Inline, WholeObject, context_of, inline, whole_object

_NEW_CONTEXT: Final = "new_encryption_context"
_BINDING: Final = "source_binding"
_BOUND: Final = "object-id"
_UNBOUND: Final = "unsafe-none"


@dataclass(frozen=True, slots=True)
class Reencryption:
    """A message, in the event or in an object, that becomes another one.

    Attributes:
        old: The message or the objects, with the encryption context that the message is bound to.
        new_context: What the new message is bound to. None: what the old one was bound to.
        demands_object_id: Whether the message in an object must be bound to its object id. Objects that another
            program wrote are not.
    """

    old: Inline | WholeObject
    new_context: EncryptionContext | None
    demands_object_id: bool


def reencryption(event: object, required: Collection[str]) -> Reencryption:
    """Understand an event of `reencrypt`.

    It is one of `decrypt` for data in the event or for whole objects; `new_encryption_context` may stand beside, and
    for objects `source_binding`, which is `object-id` unless it says `unsafe-none`.

    Args:
        event: What came.
        required: Keys that the encryption context of the new message must hold.

    Returns:
        The request.

    Raises:
        InvalidRequest: If it is none.
        LimitExceeded: If the message in it is too large.
    """
    if not isinstance(event, dict):
        raise InvalidRequest(f"request must be an object, got {type(event).__name__}")
    new_context = context_of(event[_NEW_CONTEXT], required) if _NEW_CONTEXT in event else None
    # What is written must say what this deployment demands; an older message may be from before it did.
    required_of_old = required if new_context is None else ()
    rest = {name: value for name, value in event.items() if name != _NEW_CONTEXT}
    if "source" not in rest:
        return Reencryption(inline(rest, "message", required_of_old), new_context, demands_object_id=True)
    binding = rest.pop(_BINDING, _BOUND)
    if binding not in (_BOUND, _UNBOUND):
        raise InvalidRequest(f"{_BINDING} must be {_BOUND!r} or {_UNBOUND!r}, got something else")
    return Reencryption(whole_object(rest, required_of_old), new_context, demands_object_id=binding == _BOUND)
