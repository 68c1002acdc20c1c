"""What messages are written, and what messages are read: choices that both sides of a bucket must know."""

from enum import Enum


class AlgorithmSuite(Enum):
    """How messages are sealed. Both commit to their data key, so that a message has one plaintext only.

    https://docs.aws.amazon.com/encryption-sdk/latest/developer-guide/supported-algorithms.html
    """

    COMMITTING = "0478"
    """AES-256-GCM with HKDF and key commitment. Who may use the key to decrypt can also have written the message."""
    COMMITTING_SIGNED = "0578"
    """The same with an ECDSA signature over the whole message (P-384), for readers who trust the writers alone.

    Such a message can be released only when all of it is verified, and no range can be read out of it.
    """


class CommitmentPolicy(Enum):
    """Which messages are read. Written are committing ones always.

    https://docs.aws.amazon.com/encryption-sdk/latest/developer-guide/concepts.html#key-commitment
    """

    REQUIRE_ENCRYPT_REQUIRE_DECRYPT = "REQUIRE_ENCRYPT_REQUIRE_DECRYPT"
    """Only messages that commit to their data key."""
    REQUIRE_ENCRYPT_ALLOW_DECRYPT = "REQUIRE_ENCRYPT_ALLOW_DECRYPT"
    """Also messages of AWS Encryption SDKs before 2.0, to migrate them."""
    UNSAFE_ALLOW_WITHOUT_DERIVATION = "UNSAFE_ALLOW_WITHOUT_DERIVATION"
    """Also messages whose data key is used as it is, without HKDF: suites 0x0078, 0x0046 and 0x0014."""
