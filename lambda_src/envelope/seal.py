"""AES-GCM over header and frames: the only room where bytes become trusted."""

import hmac
from collections.abc import Iterator
from contextlib import contextmanager

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from envelope.errors import NotAuthentic
from envelope.frames import pieces_to_open, pieces_to_seal, plaintext_length
from envelope.header import Header, UnverifiedHeader
from envelope.limits import NONCE_BYTES

# message-header, "Header Authentication", version 2: the nonce is zero and not stored. Frames count from one, so
# no frame has this nonce.
_HEADER_NONCE = bytes(NONCE_BYTES)


class MessageCipher:
    """The key of one message, ready for use.

    Attributes: none. The key is inside and does not come out.
    """

    __slots__ = ("_aead",)

    def __init__(self, message_key: bytes) -> None:
        """Prepare the key; once for each message, since that costs more than a small frame.

        Args:
            message_key: The derived key, which no other message has.
        """
        self._aead = AESGCM(message_key)

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
            suite=claimed.suite,
            message_id=claimed.message_id,
            context=claimed.context,
            encrypted_data_keys=claimed.encrypted_data_keys,
            frame_length=claimed.frame_length,
            length=claimed.length,
        )

    def seal_frames(self, plaintext: memoryview, body: memoryview, *, message_id: bytes, frame_length: int) -> None:
        """Encrypt plaintext into the frames of a message body.

        Args:
            plaintext: What to encrypt.
            body: Where the frames go: exactly `frames.body_length` bytes.
            message_id: The message id.
            frame_length: Plaintext bytes of a regular frame.
        """
        encrypt_into = self._aead.encrypt_into
        pieces = pieces_to_seal(plaintext, body, message_id=message_id, frame_length=frame_length)
        for nonce, content, associated_data, sealed in pieces:
            encrypt_into(nonce, content, associated_data, sealed)

    def open_frames(self, body: memoryview, *, header: Header) -> bytearray:
        """Decrypt the body of a message, all of it or nothing.

        Args:
            body: Everything between header and footer.
            header: Its verified header.

        Returns:
            The plaintext, after the last frame was found genuine and at the end.

        Raises:
            NotAuthentic: If a frame was changed.
            MalformedMessage: If the frames are not exactly one body.
            LimitExceeded: If a frame is larger than one AES-GCM operation may be.
        """
        plaintext = bytearray(plaintext_length(len(body), frame_length=header.frame_length))
        decrypt_into = self._aead.decrypt_into
        pieces = pieces_to_open(
            body, memoryview(plaintext), message_id=header.message_id, frame_length=header.frame_length
        )
        with _wiped_on_failure(plaintext):
            for nonce, sealed, associated_data, content in pieces:
                decrypt_into(nonce, sealed, associated_data, content)
        return plaintext


@contextmanager
def _wiped_on_failure(plaintext: bytearray) -> Iterator[None]:
    try:
        yield
    except BaseException as error:
        # AES-GCM decrypts first and compares tags last: what is in the buffer now may be anybody's.
        plaintext[:] = bytes(len(plaintext))
        if isinstance(error, InvalidTag):
            # Without its cause, as above.
            raise NotAuthentic from None
        raise
