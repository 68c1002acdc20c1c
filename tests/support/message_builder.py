"""Messages of every suite built field by field, so that a test can get exactly one field wrong.

Written from the message format and on other primitives than `envelope` (HKDF objects, one-shot AES-GCM), so that a
message which both agree on is right for two reasons.
"""

import base64
from dataclasses import dataclass, replace
from typing import Any, Self

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.support.plain_header import PUBLIC_KEY, Pairs, WrappedKey, encoded
from tests.support.plain_reader import derived
from tests.support.suite_facts import FACTS, SuiteFacts

DATA_KEY = bytes(range(100, 132))
MESSAGE_ID = bytes(range(200, 232))
FINAL_MARK = b"\xff\xff\xff\xff"
SIGNING_NUMBER = 4711
"""The private key of every signature here; the signatures are deterministic too (RFC 6979)."""


def _sized(data: bytes) -> bytes:
    return len(data).to_bytes(2) + data


@dataclass(frozen=True)
class Frame:
    """One frame; what is None is what it should be."""

    content: bytes
    sequence: int
    final: bool
    written_sequence: int | None = None
    written_length: int | None = None
    nonce: bytes | None = None
    label: bytes | None = None

    def build(self, cipher: AESGCM, message_id: bytes) -> bytes:
        """Encrypt and write it."""
        number = self.sequence.to_bytes(4)
        nonce = bytes(8) + number if self.nonce is None else self.nonce
        label = self.label or b"AWSKMSEncryptionClient " + (b"Final Frame" if self.final else b"Frame")
        bound = message_id + label + number + len(self.content).to_bytes(8)
        written = (self.sequence if self.written_sequence is None else self.written_sequence).to_bytes(4)
        length = (len(self.content) if self.written_length is None else self.written_length).to_bytes(4)
        head = FINAL_MARK + written + nonce + length if self.final else written + nonce
        return head + cipher.encrypt(nonce, self.content, bound)


@dataclass(frozen=True)
class MessageBuilder:
    """A good message of three frames, and every part of it open to change."""

    plaintext: bytes = b"attack at dawn"
    data_key: bytes = DATA_KEY
    frame_length: int = 5
    suite_id: int = 0x0478
    message_format: int | None = None
    message_type: int = 0x80
    message_id: bytes = MESSAGE_ID
    context_pairs: Pairs = ((b"purpose", b"test"),)
    context_bytes: bytes | None = None
    required_pairs: Pairs = ()
    public_key: bytes | None = None
    signing_number: int = SIGNING_NUMBER
    encrypted_data_keys: tuple[WrappedKey, ...] = ((b"known", b"key", b"wrapped"),)
    encrypted_data_key_count: int | None = None
    content_type: int = 2
    reserved: bytes = bytes(4)
    nonce_length: int = 12
    written_frame_length: int | None = None
    commitment: bytes | None = None
    header_nonce: bytes = bytes(12)
    header_tag: bytes | None = None
    frames: tuple[Frame, ...] | None = None
    unframed_length: int | None = None
    footer: bytes | None = None
    suffix: bytes = b""

    def but(self, **changes: Any) -> Self:
        """Change some parts."""
        return replace(self, **changes)

    @property
    def facts(self) -> SuiteFacts:
        """The suite; one that nobody knows is written like the default one."""
        return FACTS.get(self.suite_id, FACTS[0x0478])

    @property
    def own_id(self) -> bytes:
        """The message id, as long as the format wants it."""
        return self.message_id[: self.facts.message_id_bytes]

    @property
    def own_data_key(self) -> bytes:
        """The data key, as long as the suite wants it."""
        return self.data_key[: self.facts.key_bytes]

    @property
    def cipher(self) -> AESGCM:
        """The cipher of this message."""
        return AESGCM(derived(self.facts, self.own_id, self.own_data_key)[0])

    @property
    def signing_key(self) -> ec.EllipticCurvePrivateKey | None:
        """The key of the signature, if the suite signs."""
        return None if self.facts.curve is None else ec.derive_private_key(self.signing_number, self.facts.curve)

    @property
    def written_pairs(self) -> Pairs:
        """The encryption context of the header, with the verification key if the suite signs."""
        public_key = self.public_key
        if public_key is None and self.signing_key is not None:
            point = self.signing_key.public_key().public_bytes(Encoding.X962, PublicFormat.CompressedPoint)
            public_key = base64.b64encode(point)
        return tuple(sorted((*self.context_pairs, *([(PUBLIC_KEY, public_key)] if public_key else []))))

    @property
    def bound_pairs(self) -> Pairs:
        """The whole encryption context, to which data keys are bound."""
        return tuple(sorted((*self.written_pairs, *self.required_pairs)))

    def header_body(self) -> bytes:
        """Write the header without its tag."""
        facts, keys = self.facts, self.encrypted_data_keys
        context = encoded(self.written_pairs) if self.context_bytes is None else self.context_bytes
        count = len(keys) if self.encrypted_data_key_count is None else self.encrypted_data_key_count
        frame_length = self.frame_length if self.content_type == 2 else 0
        if self.written_frame_length is not None:
            frame_length = self.written_frame_length
        former = facts.message_format == 1
        commitment = derived(facts, self.own_id, self.own_data_key)[1] if self.commitment is None else self.commitment
        version = facts.message_format if self.message_format is None else self.message_format
        return b"".join([
            version.to_bytes(1),
            self.message_type.to_bytes(1) if former else b"",
            self.suite_id.to_bytes(2),
            self.own_id,
            _sized(context),
            count.to_bytes(2),
            *(_sized(part) for key in keys for part in key),
            self.content_type.to_bytes(1),
            self.reserved + self.nonce_length.to_bytes(1) if former else b"",
            frame_length.to_bytes(4),
            commitment,
        ])

    def header(self) -> bytes:
        """Write the header."""
        body = self.header_body()
        bound = body + encoded(tuple(sorted(self.required_pairs)))
        tag = self.cipher.encrypt(self.header_nonce, b"", bound) if self.header_tag is None else self.header_tag
        return body + (self.header_nonce if self.facts.message_format == 1 else b"") + tag

    def good_frames(self) -> tuple[Frame, ...]:
        """Cut the plaintext, with a full final frame where it comes out even."""
        starts = range(0, max(len(self.plaintext), 1), self.frame_length)
        return tuple(
            Frame(self.plaintext[start : start + self.frame_length], number, final=number == len(starts))
            for number, start in enumerate(starts, 1)
        )

    def body(self) -> bytes:
        """Write the body: frames, or one block."""
        if self.content_type == 1:
            length = len(self.plaintext) if self.unframed_length is None else self.unframed_length
            bound = self.own_id + b"AWSKMSEncryptionClient Single Block" + (1).to_bytes(4)
            nonce = bytes(11) + b"\x01"
            sealed = self.cipher.encrypt(nonce, self.plaintext, bound + len(self.plaintext).to_bytes(8))
            return nonce + length.to_bytes(8) + sealed
        frames = self.good_frames() if self.frames is None else self.frames
        return b"".join(frame.build(self.cipher, self.own_id) for frame in frames)

    def signature(self, signed: bytes) -> bytes:
        """Sign header and body; nothing if the suite does not sign."""
        if self.signing_key is None or self.facts.signature_hash is None:
            return b""
        return self.signing_key.sign(signed, ec.ECDSA(self.facts.signature_hash, deterministic_signing=True))

    def build(self) -> bytes:
        """Write the message."""
        signed = self.header() + self.body()
        signature = self.signature(signed)
        footer = (_sized(signature) if signature else b"") if self.footer is None else self.footer
        return signed + footer + self.suffix
