"""Messages built field by field, so that a test can get exactly one of them wrong.

Written from the message format and on other primitives than `envelope` (HKDF objects, one-shot AES-GCM), so that a
message which both agree on is right for two reasons.
"""

from dataclasses import dataclass, replace
from typing import Any, Self

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA512
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

DATA_KEY = bytes(range(100, 132))
MESSAGE_ID = bytes(range(200, 232))
FINAL_MARK = b"\xff\xff\xff\xff"


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
    message_format: int = 2
    suite_id: int = 0x0478
    message_id: bytes = MESSAGE_ID
    context_pairs: tuple[tuple[bytes, bytes], ...] = ((b"purpose", b"test"),)
    context_bytes: bytes | None = None
    encrypted_data_keys: tuple[tuple[bytes, bytes, bytes], ...] = ((b"known", b"key", b"wrapped"),)
    encrypted_data_key_count: int | None = None
    content_type: int = 2
    written_frame_length: int | None = None
    commitment: bytes | None = None
    header_tag: bytes | None = None
    frames: tuple[Frame, ...] | None = None
    unframed_length: int | None = None
    suffix: bytes = b""

    def but(self, **changes: Any) -> Self:
        """Change some parts."""
        return replace(self, **changes)

    def derived(self, info: bytes) -> bytes:
        """Derive a key from the data key."""
        return HKDF(algorithm=SHA512(), length=32, salt=self.message_id, info=info).derive(self.data_key)

    @property
    def cipher(self) -> AESGCM:
        """The cipher of this message."""
        return AESGCM(self.derived(self.suite_id.to_bytes(2) + b"DERIVEKEY"))

    def header_body(self) -> bytes:
        """Write the header without its tag."""
        context = self.context_bytes
        if context is None:
            pairs = b"".join(_sized(key) + _sized(value) for key, value in self.context_pairs)
            context = len(self.context_pairs).to_bytes(2) + pairs if self.context_pairs else b""
        keys = self.encrypted_data_keys
        count = len(keys) if self.encrypted_data_key_count is None else self.encrypted_data_key_count
        frame_length = self.frame_length if self.content_type == 2 else 0
        if self.written_frame_length is not None:
            frame_length = self.written_frame_length
        return b"".join([
            self.message_format.to_bytes(1),
            self.suite_id.to_bytes(2),
            self.message_id,
            _sized(context),
            count.to_bytes(2),
            *(_sized(part) for key in keys for part in key),
            self.content_type.to_bytes(1),
            frame_length.to_bytes(4),
            self.derived(b"COMMITKEY") if self.commitment is None else self.commitment,
        ])

    def header(self) -> bytes:
        """Write the header."""
        body = self.header_body()
        return body + (self.cipher.encrypt(bytes(12), b"", body) if self.header_tag is None else self.header_tag)

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
            bound = self.message_id + b"AWSKMSEncryptionClient Single Block" + (1).to_bytes(4)
            nonce = bytes(11) + b"\x01"
            sealed = self.cipher.encrypt(nonce, self.plaintext, bound + len(self.plaintext).to_bytes(8))
            return nonce + length.to_bytes(8) + sealed
        frames = self.good_frames() if self.frames is None else self.frames
        return b"".join(frame.build(self.cipher, self.message_id) for frame in frames)

    def build(self) -> bytes:
        """Write the message."""
        return self.header() + self.body() + self.suffix
