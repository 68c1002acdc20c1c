"""A second reader of messages: slow, straight from the specification, and it says which check refused.

It shares no code with `envelope`, so that what both accept is right for two reasons, and what only one of them
accepts is a defect of one of them.
"""

import hmac
from binascii import a2b_base64
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from tests.support.cursor import Cursor, Short
from tests.support.plain_header import PUBLIC_KEY, Pairs, PlainHeader, Refused, WrappedKey, encoded, parse_header
from tests.support.suite_facts import SuiteFacts

FINAL_MARK = 0xFFFFFFFF
Unwrap = Callable[[Sequence[WrappedKey], bytes], bytes | None]
"""From encrypted data keys and the whole encoded context to a data key, or to nothing."""


@dataclass(frozen=True)
class PlainFrame:
    """One frame, or the one block of a message without frames."""

    stage: str
    sequence: int
    label: bytes
    nonce: bytes
    sealed: bytes
    content_at: int
    end: int
    final: bool

    def bound(self, message_id: bytes) -> bytes:
        """The associated data (message-body-aad)."""
        length = len(self.sealed) - 16
        label = b"AWSKMSEncryptionClient " + self.label
        return message_id + label + self.sequence.to_bytes(4) + length.to_bytes(8)


def frames_of(message: bytes, header: PlainHeader) -> Iterator[PlainFrame]:
    """Find the frames, one after the other."""
    cursor = Cursor(message, header.length)
    if header.frame_length == 0:
        yield _block(cursor)
        return
    sequence, final = 0, False
    while not final:
        sequence += 1
        frame = _frame(cursor, header, sequence)
        final = frame.final
        yield frame


def read(message: bytes, *, unwrap: Unwrap, required: Pairs = ()) -> bytes:
    """Read a message, all of it or nothing."""
    header = parse_header(message)
    pairs = tuple(sorted((*header.pairs, *required)))
    data_key = unwrap(header.encrypted_data_keys, encoded(pairs))
    if data_key is None or len(data_key) != header.facts.key_bytes:
        raise Refused("data key")
    message_key, commitment = derived(header.facts, header.message_id, data_key)
    if not hmac.compare_digest(commitment, header.commitment):
        raise Refused("commitment")
    cipher = AESGCM(message_key)
    _decrypt(cipher, "header tag", header.nonce, header.tag, header.body + encoded(tuple(sorted(required))))
    plaintext, end = b"", header.length
    try:
        for frame in frames_of(message, header):
            plaintext += _decrypt(cipher, frame.stage, frame.nonce, frame.sealed, frame.bound(header.message_id))
            end = frame.end
        if header.facts.curve is not None:
            end = _verified(message, header, end)
        _demand_the_end(message, end)
    except Refused as refusal:
        refusal.before = plaintext
        raise
    return plaintext


def read_part(message: bytes, *, data_key: bytes, first: int, last: int) -> bytes:
    """Read frames alone, wherever they should lie; a frame that is not there or not genuine refuses the part."""
    header = parse_header(message)
    length = header.frame_length
    cipher = AESGCM(derived(header.facts, header.message_id, data_key[: header.facts.key_bytes])[0])
    part = b""
    for place in range(first // length, last // length + 1):
        frame = _frame(Cursor(message, header.length + place * (length + 32)), header, place + 1)
        part += _decrypt(cipher, frame.stage, frame.nonce, frame.sealed, frame.bound(header.message_id))
        if frame.final:
            break
    return part[first % length : last - first // length * length + 1]


def derived(facts: SuiteFacts, message_id: bytes, data_key: bytes) -> tuple[bytes, bytes]:
    """Derive message key and commitment; the latter is empty where there is none."""
    if facts.derivation is None:
        return data_key, b""
    suite = facts.suite_id.to_bytes(2)
    if facts.message_format == 1:
        info = suite + message_id
        return HKDF(algorithm=facts.derivation, length=facts.key_bytes, salt=None, info=info).derive(data_key), b""

    def expand(info: bytes) -> bytes:
        assert facts.derivation is not None
        return HKDF(algorithm=facts.derivation, length=32, salt=message_id, info=info).derive(data_key)

    return expand(suite + b"DERIVEKEY"), expand(b"COMMITKEY")


def _frame(cursor: Cursor, header: PlainHeader, expected: int) -> PlainFrame:
    stage = f"frame {expected}"
    try:
        sequence = cursor.number(4)
        final = sequence == FINAL_MARK
        if final:
            stage = "final frame"
            sequence = cursor.number(4)
        nonce = cursor.take(12)
        length = cursor.number(4) if final else header.frame_length
        start = cursor.position
        if sequence != expected or length > header.frame_length:
            raise Refused(stage)
        sealed = cursor.take(length + 16)
    except Short:
        raise Refused(stage) from None
    label = b"Final Frame" if final else b"Frame"
    return PlainFrame(stage, sequence, label, nonce, sealed, start, cursor.position, final)


def _block(cursor: Cursor) -> PlainFrame:
    try:
        nonce, length = cursor.take(12), cursor.number(8)
        start = cursor.position
        sealed = cursor.take(length + 16)
    except Short:
        raise Refused("final frame") from None
    return PlainFrame("final frame", 1, b"Single Block", nonce, sealed, start, cursor.position, True)  # noqa: FBT003


def _verified(message: bytes, header: PlainHeader, end: int) -> int:
    assert header.facts.curve is not None
    assert header.facts.signature_hash is not None
    cursor = Cursor(message, end)
    try:
        signature = cursor.sized()
        point = a2b_base64(dict(header.pairs)[PUBLIC_KEY], strict_mode=True)
        key = ec.EllipticCurvePublicKey.from_encoded_point(header.facts.curve, point)
        key.verify(signature, message[:end], ec.ECDSA(header.facts.signature_hash))
    except (Short, ValueError, InvalidSignature):
        raise Refused("footer") from None
    return cursor.position


def _decrypt(cipher: AESGCM, stage: str, nonce: bytes, sealed: bytes, bound: bytes) -> bytes:
    try:
        return cipher.decrypt(nonce, sealed, bound)
    except InvalidTag:
        raise Refused(stage) from None


def _demand_the_end(message: bytes, end: int) -> None:
    if end != len(message):
        raise Refused("trailing")
