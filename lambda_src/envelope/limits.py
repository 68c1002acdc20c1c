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

DECRYPTS_OF_KEY_MAX: Final = 2
"""Encrypted data keys of one message that one KMS key is asked to decrypt.

A writer has one of each key. A second try is left for a message that holds a damaged one beside it; more of them would
only let a forged message cost more calls.
"""

FOOTER_LENGTH_BYTES: Final = 2
"""Bytes of the length before a signature (message footer)."""

SIGNATURE_BYTES_MAX: Final = 104
"""Longest DER signature of ECDSA with P-384: two numbers of 49 bytes, each with its tag and length, in a sequence."""

HEADER_BYTES_MAX: Final = 128 * 1024
"""Largest header that a reader takes: the largest context, and five encrypted data keys as KMS makes them twice over.

The format has no limit but those of its length fields, with which a header can claim to be 12 GiB long.
"""

HEADER_BYTES_USUAL: Final = 8 * 1024
"""What is read first, in one piece, to find a header: nearly all are shorter."""

FRAME_BYTES_DEFAULT: Final = 64 * 1024
"""Plaintext in one frame when we write: the length at which other SDKs read fastest, 0.05 % overhead."""

FRAME_BYTES_MAX: Final = 2**31 - 1
"""Plaintext in one frame: what `cryptography` and the Python SDK can take in one piece."""

FRAME_LENGTH_MAX: Final = 2**32 - 1
"""What the frame length field of a header can say."""

UNFRAMED_BYTES_MAX: Final = 2**36 - 32
"""Plaintext in a message without frames: what AES-GCM can take under one nonce."""

READ_FRAME_BYTES_MAX: Final = 64 * 1024 * 1024
"""Plaintext in one frame of a message that is read as a stream; other SDKs are slow from 1 MiB on.

The length is known, and refused, before memory is taken for a frame, and only once the header was found genuine.
"""

BATCH_BYTES: Final = 384 * 1024
"""Plaintext that a stream works on at a time, if its frames are not longer: what the caches next to one core hold."""

RANGE_FETCH_BYTES: Final = 2 * 1024 * 1024
"""Bytes of a message that are fetched at a time for a range of it, unless one frame is longer."""

SHORT_STREAM_BYTES: Final = 80 * 1024
"""What is read of a stream first: if it ends there, it needs no more memory than it is long."""

BATCH_FRAMES_MAX: Final = 1024
"""Frames that a stream works on at a time, however small they are."""

SEQUENCE_BYTES: Final = 4

SEQUENCE_MAX: Final = 2**32 - 1
"""Frames in one message. After the last number comes zero, which is the nonce of the header tag."""

FINAL_FRAME_MARK: Final = 2**32 - 1
"""What a final frame has where a regular one has its sequence number."""

KMS_CIPHERTEXT_BYTES_MAX: Final = 6144
"""Largest `CiphertextBlob` that KMS Decrypt takes (KMS API reference, Decrypt)."""

BATCH_KMS_CALLS_MAX: Final = 1000
"""Calls of KMS for all records of one invocation.

Each record can need a data key of its own, and a forged message costs up to two calls of each key, five in all: the
6 MB of one request could hold messages for many thousand, and a batch could use up the account's quota of KMS.
"""

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

OBJECT_METADATA_BYTES_MAX: Final = 2 * 1024
"""User-defined metadata of an object, names and values together (S3 user guide, "Working with object metadata")."""

SEQUENCER_DIGITS_MAX: Final = 32
"""Hexadecimal digits that say in which order objects arrived.

S3 documents no length; the example in the S3 user guide ("EventBridge event message structure") has 18.
"""

OBJECT_KEY_BYTES_MAX: Final = 1024
"""Key of an object, in UTF-8 (S3 user guide, "Naming Amazon S3 objects")."""

PARTS_MAX: Final = 10_000
"""Parts of a multipart upload (S3 user guide, "Multipart upload limits")."""

OBJECT_BYTES_MAX: Final = PARTS_MAX * 5 * 1024**3
"""Largest object: as many parts as there can be, of 5 GiB each. S3 calls that 50 TB (API reference, CopyObject)."""

PART_BYTES_DEFAULT: Final = 8 * 1024 * 1024
"""One part of an upload, and the length from which an object is uploaded in parts: S3's floor is 5 MiB."""

PART_MEMORY_BYTES: Final = 40 * 1024 * 1024
"""Memory for parts: one that is filled while the others are sent. Default parts are four at once."""

PARTS_AT_ONCE_MAX: Final = 4
"""Parts that are sent at the same time."""

OBJECT_BYTES_PER_SECOND: Final = 32 * 1024 * 1024
"""How fast an object is assumed to go through a function, to decide whether there is time for it.

An assumption, not a measurement of AWS. Cryptography is no part of it: that is faster by more than an order of
magnitude.
"""

OBJECT_START_SECONDS: Final = 2.0
"""Time for what does not depend on the length of an object: KMS, the first byte, the end of an upload."""

OBJECT_RESERVE_SECONDS: Final = 10.0
"""Time that is kept to take an unfinished upload back. A function that is stopped by Lambda cannot do it any more."""

RANGE_RESERVE_SECONDS: Final = 1.0
"""Time that is kept to answer with a range of an object, or to say that it could not be read."""

OBJECT_STALL_SECONDS: Final = 8
"""How long S3 may say nothing while an object is read or written: less than the time that is kept.

So a call that hangs has failed while there is time left to take the upload back.
"""

CACHE_SECONDS_MAX: Final = 60 * 60
"""Age of a cached data key, at most: it works for so long after the permission to use its KMS key is gone."""

CACHE_MESSAGES_MAX: Final = 2**32
"""Messages under one cached data key, at most (caching CMM, "Limit Messages")."""

CACHE_BYTES_MAX: Final = 2**63 - 1
"""Plaintext under one cached data key, at most (caching CMM, "Limit Bytes")."""

CACHED_DATA_KEYS_MAX: Final = 10_000
"""Data keys in one cache, at most: each comes with an encryption context and encrypted data keys."""
