"""Base64 in requests and answers: bounded before it is decoded, and in one spelling only."""

import binascii

from envelope.errors import InvalidRequest, LimitExceeded


def from_base64(text: object, *, field: str, most: int) -> bytes:
    """Decode what a request holds.

    Args:
        text: What came.
        field: What an error calls it.
        most: How many bytes it may stand for.

    Returns:
        The bytes.

    Raises:
        InvalidRequest: If it is not canonical base64: a string, with padding, without line breaks.
        LimitExceeded: If it stands for more bytes; nothing is decoded then.

    Examples:
        >>> from_base64("dGV4dA==", field="plaintext", most=4)
        b'text'
    """
    if not isinstance(text, str):
        raise InvalidRequest(f"{field} must be a base64 string, got {type(text).__name__}")
    if len(text) > _base64_length(most):
        raise LimitExceeded(f"{field} must be at most {most} bytes, got {len(text)} bytes of base64")
    try:
        data = binascii.a2b_base64(text, strict_mode=True)
    except ValueError as error:
        raise InvalidRequest(f"{field} must be canonical base64, got something else") from error
    # Strict mode takes line breaks' absence and padding seriously, but not the unused bits before the padding.
    if len(text) != _base64_length(len(data)) or not text.endswith(to_base64(data[len(data) // 3 * 3 :])):
        raise InvalidRequest(f"{field} must be canonical base64, got something else")
    return data


def to_base64(data: bytes | bytearray) -> str:
    """Encode what an answer holds.

    Args:
        data: The bytes.

    Returns:
        The text, in one line.
    """
    return binascii.b2a_base64(data, newline=False).decode("ascii")


def _base64_length(length: int) -> int:
    return (length + 2) // 3 * 4
