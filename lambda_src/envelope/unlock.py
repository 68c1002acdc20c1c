"""From the claims of a header to a header that can be trusted, and the cipher of what follows it."""

from envelope.cipher.derive import message_keys
from envelope.cipher.seal import MessageCipher
from envelope.format.expected_context import ExpectedContext
from envelope.format.header import Header, UnverifiedHeader
from envelope.keys.materials import DataKeys


def unlock(claimed: UnverifiedHeader, *, keys: DataKeys, context: ExpectedContext) -> tuple[Header, MessageCipher]:
    """Get the data key of a message and check its header with it.

    Args:
        claimed: The header as it came.
        keys: Who can decrypt its data key.
        context: What the message must be bound to.

    Returns:
        The header, to be trusted, and the key of the message.

    Raises:
        NotAuthentic: If the header was changed, or if key or context are others.
    """
    expected = context.expected_for(claimed.context)
    with keys.to_open(claimed, expected) as data_key:
        derived = message_keys(data_key.secret, message_id=claimed.message_id, suite=claimed.suite)
    cipher = MessageCipher(derived.message_key)
    required = expected.besides(claimed.context).serialise() if expected is not claimed.context else b""
    return cipher.verify_header(claimed, commitment=derived.commitment, required=required), cipher
