"""Algorithm suites: what the two bytes of a suite id stand for, and which of them a reader accepts."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final

from envelope.errors import InvalidRequest, MalformedMessage
from envelope.limits import FORMER_MESSAGE_FORMAT, MESSAGE_FORMAT

PUBLIC_KEY: Final = "aws-crypto-public-key"
"""The entry of the encryption context in which a signed suite carries its verification key."""


@dataclass(frozen=True, slots=True)
class SignatureScheme:
    """How the footer of a message is signed.

    Attributes:
        curve: The elliptic curve, by its SEC name.
        hash_name: What is signed of the message, as `hashlib` calls it.
        signature_bytes: Length of the signatures that we write, so that the length of a message is known before.
    """

    curve: str
    hash_name: str
    signature_bytes: int


_P384: Final = SignatureScheme(curve="secp384r1", hash_name="sha384", signature_bytes=103)
_P256: Final = SignatureScheme(curve="secp256r1", hash_name="sha256", signature_bytes=71)


@dataclass(frozen=True, slots=True)
class AlgorithmSuite:
    """AES-GCM with tags of 16 bytes, and where its key comes from.

    Attributes:
        suite_id: The number in the header, which is part of the key derivation too.
        message_format: The version of messages that use it: 2 with a commitment to the key, 1 without.
        key_bytes: Length of the data key, and of the key that is derived from it.
        hash_name: The hash of HKDF, as `hashlib` calls it. None: the data key itself encrypts the message.
        signature: How the message is signed. None: not at all.
    """

    suite_id: int
    message_format: int
    key_bytes: int
    hash_name: str | None
    signature: SignatureScheme | None = None

    @property
    def commits(self) -> bool:
        """Whether a message says which data key it was written with, so that no other one opens it."""
        return self.message_format == MESSAGE_FORMAT

    @property
    def name(self) -> str:
        """The suite as documents and error texts name it, for example `0478`."""
        return f"{self.suite_id:04x}"


COMMITTING: Final = AlgorithmSuite(0x0478, MESSAGE_FORMAT, key_bytes=32, hash_name="sha512")
"""Key commitment without signature: what is written if nothing else is asked for."""

COMMITTING_SIGNED: Final = AlgorithmSuite(0x0578, MESSAGE_FORMAT, key_bytes=32, hash_name="sha512", signature=_P384)
"""Key commitment and a signature, for messages whose readers must not be able to write one like it."""

_FORMER: Final = (
    AlgorithmSuite(0x0378, FORMER_MESSAGE_FORMAT, key_bytes=32, hash_name="sha384", signature=_P384),
    AlgorithmSuite(0x0346, FORMER_MESSAGE_FORMAT, key_bytes=24, hash_name="sha384", signature=_P384),
    AlgorithmSuite(0x0214, FORMER_MESSAGE_FORMAT, key_bytes=16, hash_name="sha256", signature=_P256),
    AlgorithmSuite(0x0178, FORMER_MESSAGE_FORMAT, key_bytes=32, hash_name="sha256"),
    AlgorithmSuite(0x0146, FORMER_MESSAGE_FORMAT, key_bytes=24, hash_name="sha256"),
    AlgorithmSuite(0x0114, FORMER_MESSAGE_FORMAT, key_bytes=16, hash_name="sha256"),
    AlgorithmSuite(0x0078, FORMER_MESSAGE_FORMAT, key_bytes=32, hash_name=None),
    AlgorithmSuite(0x0046, FORMER_MESSAGE_FORMAT, key_bytes=24, hash_name=None),
    AlgorithmSuite(0x0014, FORMER_MESSAGE_FORMAT, key_bytes=16, hash_name=None),
)

SUITES: Final[Mapping[int, AlgorithmSuite]] = {
    suite.suite_id: suite for suite in (COMMITTING, COMMITTING_SIGNED, *_FORMER)
}
"""Every suite that was ever published (algorithm suites, "Supported Algorithm Suites")."""


class CommitmentPolicy(Enum):
    """Which messages are read. Those that are written commit to their key, always (commitment policy).

    Without commitment somebody who can choose data keys can write one message that two readers decrypt to two
    different plaintexts. Without key derivation, what encrypts the message is the data key itself, which then has to
    be fresh for each message, and no reader can see whether it was.
    """

    REQUIRE_ENCRYPT_REQUIRE_DECRYPT = "messages that commit to their key"
    """What AWS recommends, and the default everywhere."""

    REQUIRE_ENCRYPT_ALLOW_DECRYPT = "messages that commit to their key, and older ones"
    """For the time in which older messages are migrated: those of format 1 with key derivation are read too."""

    UNSAFE_ALLOW_WITHOUT_DERIVATION = "every message that was ever published"
    """Those of format 1 without key derivation are read too."""

    def admits(self, suite: AlgorithmSuite) -> bool:
        """Say whether messages of a suite are read.

        Args:
            suite: The suite that a header names.

        Returns:
            True if they are.

        Examples:
            >>> CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT.admits(SUITES[0x0178])
            False
            >>> CommitmentPolicy.REQUIRE_ENCRYPT_ALLOW_DECRYPT.admits(SUITES[0x0178])
            True
        """
        if self is CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT:
            return suite.commits
        return suite.hash_name is not None or self is CommitmentPolicy.UNSAFE_ALLOW_WITHOUT_DERIVATION


def suite_with_id(suite_id: int, *, message_format: int, policy: CommitmentPolicy) -> AlgorithmSuite:
    """Find the suite of a message.

    Args:
        suite_id: What the header says.
        message_format: The version that the header begins with.
        policy: Which suites are read.

    Returns:
        The suite.

    Raises:
        MalformedMessage: If there is no such suite in that version, or if the policy does not admit it.

    Examples:
        >>> strict = CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT
        >>> suite_with_id(0x0478, message_format=2, policy=strict) is COMMITTING
        True
    """
    suite = SUITES.get(suite_id)
    if suite is None or suite.message_format != message_format:
        raise MalformedMessage(f"algorithm suite must be one of message format {message_format}, got {suite_id:04x}")
    if not policy.admits(suite):
        raise MalformedMessage(
            f"algorithm suite must be one that the commitment policy {policy.name} reads ({policy.value}), "
            f"got {suite_id:04x}"
        )
    return suite


def check_written(suite: AlgorithmSuite) -> None:
    """Make sure that nothing is written which only older readers take.

    Args:
        suite: The suite of a message that will be written.

    Raises:
        InvalidRequest: If the suite is one that is only read.
    """
    if not suite.commits:
        raise InvalidRequest(f"suite must be one that commits to its key, got {suite.name}")
