"""The object id: the entry of the encryption context that says which object a message belongs in.

A message is bound to it, so that a message put in the place of another object's message is refused, whoever may write
to the bucket. It does not show that an *older* message of the same object was put back: that one has the right id.
Whoever has to notice names the version to read (`version_id`), or puts a version of his own into the object id.
"""

from typing import Final, overload

from envelope.errors import InvalidRequest
from envelope.format.context import EncryptionContext
from envelope.format.expected_context import AtLeast, ExpectedContext

OBJECT_ID: Final = "object-id"
"""The entry's name."""


@overload
def bound_to(object_id: str, context: EncryptionContext) -> EncryptionContext: ...
@overload
def bound_to(object_id: str, context: ExpectedContext) -> ExpectedContext: ...
def bound_to(object_id: str, context: ExpectedContext) -> ExpectedContext:
    """Add the object id to an encryption context, or to what is expected of one.

    Args:
        object_id: What the message is bound to.
        context: What else it is bound to.

    Returns:
        Both together.

    Raises:
        InvalidRequest: If the object id is empty, or if the context says another one already.
        LimitExceeded: If the context becomes larger than its length field can say.

    Examples:
        >>> bound_to("s3://orders/1.csv", EncryptionContext.of({"tenant": "42"})).to_dict()
        {'object-id': 's3://orders/1.csv', 'tenant': '42'}
    """
    if not object_id:
        raise InvalidRequest("object_id must not be empty, got ''")
    entries = context.context if isinstance(context, AtLeast) else context
    said = dict(entries.encoded).get(OBJECT_ID.encode(), object_id.encode(errors="replace"))
    if said != object_id.encode(errors="replace"):
        raise InvalidRequest(f"encryption_context[{OBJECT_ID!r}] must be the object id, got another one")
    whole = entries.with_entries(EncryptionContext.of({OBJECT_ID: object_id}))
    return AtLeast(whole) if isinstance(context, AtLeast) else whole


def without_object_id(context: EncryptionContext) -> EncryptionContext:
    """Take the object id out of an encryption context.

    Args:
        context: What a message is bound to.

    Returns:
        A new context.
    """
    return EncryptionContext(tuple(entry for entry in context.encoded if entry[0] != OBJECT_ID.encode()))
