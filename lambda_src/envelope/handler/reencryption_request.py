"""What a caller of `reencrypt` asks for."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum
from typing import Final, TypeVar

from envelope.errors import InvalidRequest
from envelope.format.context import EncryptionContext
from envelope.handler.requests import Inline, WholeObject, context_of, inline, whole_object
from envelope.objects.signature_choice import SignatureChoice
from envelope.objects.source_binding import SourceBinding

_NEW_CONTEXT: Final = "new_encryption_context"
_BINDING: Final = "source_binding"
_SIGNATURE: Final = "signature"

_Choice = TypeVar("_Choice", bound=Enum)


@dataclass(frozen=True, slots=True)
class Reencryption:
    """A message, in the event or in an object, that becomes another one.

    Attributes:
        old: The message or the objects, with the encryption context that the message is bound to.
        new_context: What the new message is bound to. None: what the old one was bound to.
        source_binding: What a message in an object must be bound to.
        signature: Whether a signed message may become one without signature.
    """

    old: Inline | WholeObject
    new_context: EncryptionContext | None
    source_binding: SourceBinding = SourceBinding.OBJECT_ID
    signature: SignatureChoice = SignatureChoice.KEEP


def reencryption(event: object, required: Collection[str]) -> Reencryption:
    """Understand an event of `reencrypt`.

    It is one of `decrypt` for data in the event or for whole objects; `new_encryption_context` may stand beside, and
    `signature`, which is `keep` unless it says `unsafe-drop`; for objects also `source_binding`, which is `object-id`
    unless it says `unsafe-none`.

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
    signature = _choice(rest, _SIGNATURE, SignatureChoice.KEEP)
    if "source" not in rest:
        return Reencryption(inline(rest, "message", required_of_old), new_context, signature=signature)
    binding = _choice(rest, _BINDING, SourceBinding.OBJECT_ID)
    return Reencryption(whole_object(rest, required_of_old), new_context, binding, signature)


def _choice(rest: dict[str, object], name: str, default: _Choice) -> _Choice:
    # Takes it out of what is then understood as a request of `decrypt`.
    try:
        return type(default)(rest.pop(name, default.value))
    except ValueError as error:
        allowed = " or ".join(repr(choice.value) for choice in type(default))
        raise InvalidRequest(f"{name} must be {allowed}, got something else") from error
