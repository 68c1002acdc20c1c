"""Putting every tag of a damaged message right, so that damage gets past the tags and to the checks behind them."""

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tests.support.cursor import Cursor, Short
from tests.support.message_builder import SIGNING_NUMBER
from tests.support.plain_header import PlainHeader, Refused, parse_header
from tests.support.plain_reader import FINAL_MARK, derived


def resealed(message: bytes, *, data_key: bytes) -> bytes:
    """Compute commitment, header tag, frame tags and signature anew, for whatever the fields claim now.

    A message whose header cannot be read comes back as it is.
    """
    try:
        header = parse_header(message)
    except Refused:
        return message
    key, commitment = derived(header.facts, header.message_id, data_key[: header.facts.key_bytes])
    cipher = AESGCM(key)
    body = header.body[: len(header.body) - len(commitment)] + commitment
    stored = header.nonce if header.facts.message_format == 1 else b""
    signed = body + stored + cipher.encrypt(header.nonce, b"", body)
    frames, rest = _frames(message, header, cipher)
    signed += frames
    if header.facts.curve is None or header.facts.signature_hash is None or not rest:
        return signed + rest
    key_pair = ec.derive_private_key(SIGNING_NUMBER, header.facts.curve)
    signature = key_pair.sign(signed, ec.ECDSA(header.facts.signature_hash))
    length = int.from_bytes(rest[:2])
    # What stood behind the old signature stands behind the new one.
    return signed + len(signature).to_bytes(2) + signature + rest[2 + length :]


def _frames(message: bytes, header: PlainHeader, cipher: AESGCM) -> tuple[bytes, bytes]:
    cursor = Cursor(message, header.length)
    done, final = b"", False
    while not final:
        start = cursor.position
        try:
            head, nonce, content, bound, final = _frame(cursor, header)
            cursor.take(16)
        except Short:
            return done, message[start:]
        done += head + cipher.encrypt(nonce, content, bound)
    return done, message[cursor.position :]


def _frame(cursor: Cursor, header: PlainHeader) -> tuple[bytes, bytes, bytes, bytes, bool]:
    """What stands before the ciphertext, nonce, ciphertext, associated data, and whether this is the last."""
    start, block = cursor.position, header.frame_length == 0
    number = 1 if block else cursor.number(4)
    final = block or number == FINAL_MARK
    sequence = cursor.number(4) if final and not block else number
    nonce = cursor.take(12)
    length = cursor.number(8 if block else 4) if final else header.frame_length
    head = cursor.data[start : cursor.position]
    content = cursor.take(length)
    label = b"Single Block" if block else b"Final Frame" if final else b"Frame"
    bound = header.message_id + b"AWSKMSEncryptionClient " + label + sequence.to_bytes(4) + length.to_bytes(8)
    return head, nonce, content, bound, final
