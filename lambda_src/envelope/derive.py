"""From a data key to the key of one message and the commitment to it: HKDF, written out."""

import hmac
from dataclasses import dataclass, field

from envelope.limits import COMMITMENT_BYTES, MESSAGE_KEY_BYTES
from envelope.suites import AlgorithmSuite

_FIRST_BLOCK = b"\x01"


@dataclass(frozen=True, slots=True)
class MessageKeys:
    """What one message is encrypted with.

    Attributes:
        message_key: The AES-256 key of the header tag and of every frame. Its `repr` hides it.
        commitment: The value in the header that no other data key yields.
    """

    message_key: bytes = field(repr=False)
    commitment: bytes = field(repr=False)


def message_keys(data_key: bytearray, *, message_id: bytes, suite: AlgorithmSuite) -> MessageKeys:
    """Derive the keys of one message (transitive requirements, "HKDF").

    One extraction serves both keys, and each is no longer than one hash, so that HKDF is three HMACs. The
    standard library does them in half the time that two `HKDF` objects of `cryptography` need.

    Python's `hmac` returns `bytes`, which cannot be wiped: the derived key and the value it was expanded from
    stay in freed memory until it is used again.

    Args:
        data_key: The plaintext data key.
        message_id: The salt. It makes the keys of two messages different even under one data key.
        suite: Its id is part of the message key's derivation.

    Returns:
        Message key and commitment.

    Examples:
        >>> from envelope.suites import COMMITTING
        >>> keys = message_keys(bytearray(32), message_id=bytes(32), suite=COMMITTING)
        >>> keys
        MessageKeys()
        >>> len(keys.message_key), len(keys.commitment)
        (32, 32)
    """
    extracted = hmac.digest(message_id, data_key, suite.hash_name)
    key_info = suite.suite_id.to_bytes(2) + b"DERIVEKEY"
    return MessageKeys(
        message_key=hmac.digest(extracted, key_info + _FIRST_BLOCK, suite.hash_name)[:MESSAGE_KEY_BYTES],
        # Without the suite id, unlike the line above: algorithm suites, "Commit Key".
        commitment=hmac.digest(extracted, b"COMMITKEY" + _FIRST_BLOCK, suite.hash_name)[:COMMITMENT_BYTES],
    )
