"""The message footer: a signature behind its length, and nothing behind that."""

from envelope.errors import MalformedMessage
from envelope.format.wire import Bytes, Reader, Writer
from envelope.limits import SIGNATURE_BYTES_MAX


def serialise_footer(signature: bytes) -> bytes:
    """Write a footer (message footer, "Structure").

    Args:
        signature: A DER signature.

    Returns:
        The bytes behind the last frame.
    """
    return Writer().sized(2, signature).value


def parse_footer(data: Bytes) -> bytes:
    """Read a footer.

    Args:
        data: Everything behind the last frame.

    Returns:
        The signature.

    Raises:
        MalformedMessage: If there is no footer, or anything behind it, or if it is longer than a signature can be.
    """
    reader = Reader(data)
    length = reader.number(2, field="signature length")
    if not 1 <= length <= SIGNATURE_BYTES_MAX:
        raise MalformedMessage(f"signature length must be 1 to {SIGNATURE_BYTES_MAX}, got {length}")
    signature = reader.take(length, field="signature")
    reader.finish(field="message")
    return signature
