"""AES-GCM over header and frames: the only room where bytes become trusted."""

import hmac
from collections import deque
from itertools import islice
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import GCM

from envelope.errors import NotAuthentic
from envelope.format.frames import BLOCK_HEAD_BYTES, block_bound_to, final_to_open, final_to_seal
from envelope.format.header import Header, UnverifiedHeader
from envelope.format.only_frame import ONLY_HEAD_BYTES, ONLY_NONCE, only_bound_to
from envelope.format.regular_frames import RegularFrames
from envelope.format.wire import Bytes
from envelope.limits import NONCE_BYTES

# message-header, "Header Authentication", version 2: the nonce is zero and not stored. Frames count from one, so
# no frame has this nonce.
_HEADER_NONCE = bytes(NONCE_BYTES)

BLOCK_SLACK_BYTES: Final = 15
"""By how much a buffer must be longer than what is decrypted into it piece by piece: a block of AES but one byte."""


class MessageCipher:
    """The key of one message, ready for use.

    Attributes: none. The key is inside and does not come out.
    """

    __slots__ = ("_aead", "_key")

    def __init__(self, message_key: bytes) -> None:
        """Prepare the key; once for each message, since that costs more than a small frame.

        Args:
            message_key: The derived key, which no other message has.
        """
        self._aead = AESGCM(message_key)
        self._key = message_key

    def seal_header(self, body: bytes) -> bytes:
        """Authenticate a header.

        Args:
            body: Its bytes.

        Returns:
            The tag.
        """
        return self._aead.encrypt(_HEADER_NONCE, b"", body)

    def verify_header(self, claimed: UnverifiedHeader, *, commitment: bytes, required: bytes = b"") -> Header:
        """Find out whether a header is genuine.

        Args:
            claimed: The header as it came.
            commitment: What the data key yields.
            required: The serialised encryption context that the message is bound to and that its header does not
                have (message header, "Authentication Tag"). Default: none.

        Returns:
            The header, to be trusted.

        Raises:
            NotAuthentic: If the data key is not the one that the message was written with, or if the header was
                changed.
        """
        # The commitment comes first. A tag can be made to fit two keys, and then the same message would decrypt
        # to two plaintexts; the commitment cannot.
        if not hmac.compare_digest(claimed.commitment, commitment):
            raise NotAuthentic
        try:
            self._aead.decrypt(claimed.nonce, claimed.tag, claimed.body + required)
        except InvalidTag:
            # Without its cause: the caller of the function must not learn which check refused.
            raise NotAuthentic from None
        return Header(
            claimed.suite,
            claimed.message_id,
            claimed.context,
            claimed.encrypted_data_keys,
            claimed.frame_length,
            claimed.length,
        )

    def seal_only(self, plaintext: Bytes, *, message_id: bytes) -> bytes:
        """Encrypt what fits into one frame.

        Args:
            plaintext: What to encrypt.
            message_id: The message id.

        Returns:
            Ciphertext and tag, which come behind `only_frame.only_head`.
        """
        return self._aead.encrypt(ONLY_NONCE, plaintext, only_bound_to(message_id, length=len(plaintext)))

    def open_only(self, frame: memoryview, plaintext: bytearray, *, message_id: bytes) -> None:
        """Decrypt the only frame of a message; when this raises, what was decrypted must be wiped.

        Args:
            frame: The frame, which `only_frame.is_only_frame` knows.
            plaintext: Where its plaintext goes, exactly as long as it.
            message_id: The message id.

        Raises:
            NotAuthentic: If the frame was changed.
        """
        bound = only_bound_to(message_id, length=len(plaintext))
        try:
            self._aead.decrypt_into(ONLY_NONCE, frame[ONLY_HEAD_BYTES:], bound, plaintext)
        except InvalidTag:
            raise NotAuthentic from None

    def seal_regular(self, frames: RegularFrames, *, first: int, count: int) -> None:
        """Encrypt regular frames.

        Args:
            frames: The frames, of which the heads were written never or by this method only.
            first: The sequence number of the first one.
            count: How many of them.
        """
        frames.write_numbers(first, count)
        nonces = islice(frames.nonces, count)
        # The loop is in C; in Python it would take a tenth of the time that frames of 4 KiB need.
        deque(map(self._aead.encrypt_into, nonces, frames.contents, frames.associated_data, frames.sealed), maxlen=0)

    def seal_final(self, plaintext: memoryview, frame: memoryview, *, message_id: bytes, sequence: int) -> None:
        """Encrypt the final frame.

        Args:
            plaintext: What to encrypt.
            frame: Where the frame goes, exactly as long as it.
            message_id: The message id.
            sequence: The number of frames in the message.
        """
        self._aead.encrypt_into(*final_to_seal(plaintext, frame, message_id=message_id, sequence=sequence))

    def open_regular(self, frames: RegularFrames, *, count: int) -> None:
        """Decrypt regular frames; when this raises, what was decrypted must be wiped.

        Args:
            frames: The frames, after `in_order` has bound them to their numbers.
            count: How many of them.

        Raises:
            NotAuthentic: If a frame was changed.
        """
        nonces = islice(frames.nonces, count)
        try:
            deque(
                map(self._aead.decrypt_into, nonces, frames.sealed, frames.associated_data, frames.contents), maxlen=0
            )
        except InvalidTag:
            raise NotAuthentic from None

    def open_final(self, frame: memoryview, plaintext: memoryview, *, message_id: bytes, sequence: int) -> None:
        """Decrypt the final frame; when this raises, what was decrypted must be wiped.

        Args:
            frame: The frame, whose head was parsed, and nothing behind it.
            plaintext: Where its plaintext goes, exactly as long as it.
            message_id: The message id.
            sequence: The number of frames in the message.

        Raises:
            NotAuthentic: If the frame was changed.
        """
        try:
            self._aead.decrypt_into(*final_to_open(frame, plaintext, message_id=message_id, sequence=sequence))
        except InvalidTag:
            raise NotAuthentic from None

    def open_block(self, body: memoryview, plaintext: memoryview, *, message_id: bytes) -> None:
        """Decrypt a body without frames at once; when this raises, what was decrypted must be wiped.

        Args:
            body: The body, whose head was parsed, and nothing behind it.
            plaintext: Where the plaintext goes, exactly as long as it.
            message_id: The message id, which the block is bound to.

        Raises:
            NotAuthentic: If the block was changed.
        """
        bound = block_bound_to(message_id, length=len(plaintext))
        try:
            self._aead.decrypt_into(body[:NONCE_BYTES], body[BLOCK_HEAD_BYTES:], bound, plaintext)
        except InvalidTag:
            raise NotAuthentic from None

    def begin_block(self, head: memoryview, *, message_id: bytes, length: int) -> "BlockOpening":
        """Begin to decrypt a body without frames, piece by piece.

        Args:
            head: The beginning of the body, which was parsed.
            message_id: The message id, which the block is bound to.
            length: Plaintext bytes of the block.

        Returns:
            What takes the block piece by piece.
        """
        cipher = Cipher(AES(self._key), GCM(bytes(head[:NONCE_BYTES])))
        return BlockOpening(cipher, associated_data=block_bound_to(message_id, length=length))


class BlockOpening:
    """Decrypts the one block of a message without frames, of which nothing is known to be genuine before its end."""

    __slots__ = ("_decryptor",)

    def __init__(self, cipher: Cipher[GCM], *, associated_data: bytes) -> None:
        """Begin.

        Args:
            cipher: Key and nonce.
            associated_data: What the block is bound to.
        """
        self._decryptor = cipher.decryptor()
        self._decryptor.authenticate_additional_data(associated_data)

    def update(self, sealed: memoryview, plaintext: memoryview) -> None:
        """Decrypt the next piece. The result may be anybody's until `finish` has returned.

        Args:
            sealed: Ciphertext.
            plaintext: Where the plaintext goes: `BLOCK_SLACK_BYTES` longer than the ciphertext.
        """
        self._decryptor.update_into(sealed, plaintext)

    def finish(self, tag: memoryview) -> None:
        """Find out whether the block was genuine; when this raises, what was decrypted must be wiped.

        Args:
            tag: What follows the ciphertext.

        Raises:
            NotAuthentic: If the block was changed.
        """
        try:
            self._decryptor.finalize_with_tag(bytes(tag))
        except InvalidTag:
            raise NotAuthentic from None
