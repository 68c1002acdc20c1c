"""Algorithm suites: what the two bytes of a suite id stand for."""

from dataclasses import dataclass
from typing import Final

from envelope.errors import MalformedMessage


@dataclass(frozen=True, slots=True)
class AlgorithmSuite:
    """AES-256-GCM under a key that HKDF makes, with a commitment to that key.

    Attributes:
        suite_id: The number in the header, which is part of the key derivation too.
        hash_name: The hash of HKDF, as `hashlib` calls it.
    """

    suite_id: int
    hash_name: str


COMMITTING: Final = AlgorithmSuite(suite_id=0x0478, hash_name="sha512")
"""Key commitment without signature: what is written, and the only suite that is read."""

SIGNED_SUITE_ID: Final = 0x0578
"""Key commitment and an ECDSA signature: known, so that its refusal can say what it is."""

PUBLIC_KEY: Final = "aws-crypto-public-key"
"""The entry of the encryption context in which a signed suite carries its verification key."""


def suite_with_id(suite_id: int) -> AlgorithmSuite:
    """Find the suite of a message.

    Args:
        suite_id: What the header says.

    Returns:
        The suite.

    Raises:
        MalformedMessage: If it is not the one that this package reads.

    Examples:
        >>> suite_with_id(0x0478) is COMMITTING
        True
    """
    if suite_id == SIGNED_SUITE_ID:
        raise MalformedMessage(
            f"algorithm suite must be {COMMITTING.suite_id:04x}, got {suite_id:04x}: signed messages are not supported"
        )
    if suite_id != COMMITTING.suite_id:
        raise MalformedMessage(f"algorithm suite must be {COMMITTING.suite_id:04x}, got {suite_id:04x}")
    return COMMITTING
