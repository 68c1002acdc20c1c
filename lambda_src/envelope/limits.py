"""Every number of the message format and of the services around it, once."""

from typing import Final

MESSAGE_FORMAT: Final = 2
"""The version byte of a message with key commitment (message header, "Version")."""

FORMER_MESSAGE_FORMAT: Final = 1
"""The version byte of messages without key commitment, which are read where the policy says so, and never written."""

FORMER_TYPE: Final = 0x80
"""The type byte that follows the version of a message without key commitment."""

FRAMED: Final = 2
"""Content type of a message in frames (message header, "Content Type")."""

UNFRAMED: Final = 1
"""Content type of a message in one block, which is read and never written."""

UNFRAMED_LENGTH: Final = 0
"""What the frame length says in a message without frames."""

MESSAGE_ID_BYTES: Final = 32
FORMER_MESSAGE_ID_BYTES: Final = 16
DATA_KEY_BYTES: Final = 32
COMMITMENT_BYTES: Final = 32
NONCE_BYTES: Final = 12
TAG_BYTES: Final = 16

CONTEXT_BYTES_MAX: Final = 2**16 - 1
"""Largest serialised encryption context: its length field has two bytes."""

ENCRYPTED_DATA_KEYS_MAX: Final = 5
"""Encrypted data keys that a reader looks at. The format allows 65,535, and each could cost a call to KMS."""

FOOTER_LENGTH_BYTES: Final = 2
"""Bytes of the length before a signature (message footer)."""

SIGNATURE_BYTES_MAX: Final = 104
"""Longest DER signature of ECDSA with P-384: two numbers of 49 bytes, each with its tag and length, in a sequence."""

HEADER_BYTES_MAX: Final = 128 * 1024
"""Largest header that a reader takes: the largest context, and five encrypted data keys as KMS makes them twice over.

The format has no limit but those of its length fields, with which a header can claim to be 12 GiB long.
"""

FRAME_BYTES_DEFAULT: Final = 64 * 1024
"""Plaintext in one frame when we write: the length at which other SDKs read fastest, 0.05 % overhead."""

FRAME_BYTES_MAX: Final = 2**31 - 1
"""Plaintext in one frame: what `cryptography` and the Python SDK can take in one piece."""

FRAME_LENGTH_MAX: Final = 2**32 - 1
"""What the frame length field of a header can say."""

SEQUENCE_MAX: Final = 2**32 - 1
"""Frames in one message. After the last number comes zero, which is the nonce of the header tag."""

FINAL_FRAME_MARK: Final = 2**32 - 1
"""What a final frame has where a regular one has its sequence number."""

KMS_CIPHERTEXT_BYTES_MAX: Final = 6144
"""Largest `CiphertextBlob` that KMS Decrypt takes (KMS API reference, Decrypt)."""

REQUEST_BYTES_MAX: Final = 6 * 1024 * 1024
"""Largest request of a synchronous invocation (Lambda quotas: 6 MB)."""

RESPONSE_BYTES_MAX: Final = 6_291_556
"""Largest response of a synchronous invocation, as Lambda's own error message states it."""

PLAINTEXT_BYTES_MAX: Final = 4 * 1024 * 1024
"""Plaintext in one request.

In base64 that is 5,592,408 bytes. What is left of a request or a response takes the largest header, every frame's
overhead and the largest encryption context, even if JSON writes six bytes for each of its bytes; so whatever was
encrypted can be sent back and decrypted.
"""

MESSAGE_BYTES_MAX: Final = PLAINTEXT_BYTES_MAX + 128 * 1024
"""Message in one request: the largest plaintext with the largest header and all frames."""
