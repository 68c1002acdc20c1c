"""The header, for a reader that is not ours: straight from the specification, field by field.

It shares no code with `envelope`, so that what both accept is right for two reasons, and what only one of them accepts
is a defect of one of them.
"""

from dataclasses import dataclass

from tests.support.cursor import Cursor, Short
from tests.support.suite_facts import FACTS, SuiteFacts

PUBLIC_KEY = b"aws-crypto-public-key"
Pairs = tuple[tuple[bytes, bytes], ...]
WrappedKey = tuple[bytes, bytes, bytes]


class Refused(Exception):  # noqa: N818  # it is what the reader says, and no failure of a test
    """The message is refused; `stage` says by which check, `before` what the frames before it hold."""

    def __init__(self, stage: str) -> None:
        """Say where."""
        super().__init__(stage)
        self.stage = stage
        self.before = b""


@dataclass(frozen=True)
class PlainHeader:
    """The fields of a header."""

    facts: SuiteFacts
    message_id: bytes
    pairs: Pairs
    encrypted_data_keys: tuple[WrappedKey, ...]
    frame_length: int
    commitment: bytes
    body: bytes
    nonce: bytes
    tag: bytes
    length: int


def parse_header(message: bytes) -> PlainHeader:
    """Read the fields of a header and believe nothing."""
    try:
        return _parse_header(Cursor(message))
    except Short:
        raise Refused("parse") from None


def encoded(pairs: Pairs) -> bytes:
    """Write an encryption context."""
    if not pairs:
        return b""
    fields = (part for pair in pairs for part in pair)
    return len(pairs).to_bytes(2) + b"".join(len(field).to_bytes(2) + field for field in fields)


def _parse_header(cursor: Cursor) -> PlainHeader:
    version = cursor.number(1)
    if version == 1:
        _demand(cursor.number(1) == 0x80)
    facts = FACTS.get(cursor.number(2))
    if facts is None or facts.message_format != version:
        raise Refused("parse")
    message_id = cursor.take(facts.message_id_bytes)
    pairs = _parse_pairs(cursor.take(cursor.number(2)))
    _demand((PUBLIC_KEY in dict(pairs)) == (facts.curve is not None))
    count = cursor.number(2)
    _demand(1 <= count <= 5)
    keys = tuple((cursor.sized(), cursor.sized(), cursor.sized()) for _ in range(count))
    content_type = cursor.number(1)
    _demand(content_type in {1, 2})
    if version == 1:
        _demand(cursor.take(5) == b"\x00\x00\x00\x00\x0c")
    frame_length = cursor.number(4)
    _demand((frame_length == 0) == (content_type == 1))
    commitment = cursor.take(32) if version == 2 else b""
    body = cursor.data[: cursor.position]
    nonce = cursor.take(12) if version == 1 else bytes(12)
    tag = cursor.take(16)
    return PlainHeader(facts, message_id, pairs, keys, frame_length, commitment, body, nonce, tag, cursor.position)


def _parse_pairs(data: bytes) -> Pairs:
    if not data:
        return ()
    cursor = Cursor(data)
    count = cursor.number(2)
    pairs = tuple((cursor.sized(), cursor.sized()) for _ in range(count))
    keys = [key for key, _ in pairs]
    own = [key for key in keys if key != PUBLIC_KEY]
    _demand(count > 0 and cursor.position == len(data) and len(keys) == len(set(keys)))
    _demand(own == sorted(own) and not any(key.startswith(b"aws-crypto-") for key in own))
    try:
        for field in (part for pair in pairs for part in pair):
            field.decode()
    except UnicodeDecodeError:
        raise Refused("parse") from None
    return pairs


def _demand(truth: bool) -> None:  # noqa: FBT001  # it is a condition
    if not truth:
        raise Refused("parse")
