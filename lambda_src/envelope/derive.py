"""From a data key to the key of one message and the commitment to it: HKDF, written out."""

import hmac
from dataclasses import dataclass, field

from envelope.limits import COMMITMENT_BYTES
from envelope.suites import AlgorithmSuite

_FIRST_BLOCK = b"\x01"


@dataclass(frozen=True, slots=True)
class MessageKeys:
    """What one message is encrypted with.

    Attributes:
        message_key: The AES key of the header tag and of every frame. Its `repr` hides it.
        commitment: The value in the header that no other data key yields; empty where a suite does not commit.
    """

    message_key: bytes = field(repr=False)
    commitment: bytes = field(repr=False)


def message_keys(data_key: bytearray, *, message_id: bytes, suite: AlgorithmSuite) -> MessageKeys:
    """Derive the keys of one message (transitive requirements, "HKDF"; algorithm suites, "KDF Inputs").

    One extraction serves both keys, and each is no longer than one hash, so that HKDF is three HMACs. The
    standard library does them in half the time that two `HKDF` objects of `cryptography` need.

    Python's `hmac` returns `bytes`, which cannot be wiped: the derived key and the value it was expanded from
    stay in freed memory until it is used again.

    Args:
        data_key: The plaintext data key.
        message_id: What makes the keys of two messages different even under one data key.
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
    hash_name = suite.hash_name
    if hash_name is None:
        return MessageKeys(message_key=bytes(data_key), commitment=b"")
    suite_id = suite.suite_id.to_bytes(2)
    if suite.commits:
        extracted = hmac.digest(message_id, data_key, hash_name)
        return MessageKeys(
            message_key=hmac.digest(extracted, suite_id + b"DERIVEKEY" + _FIRST_BLOCK, hash_name)[: suite.key_bytes],
            # Without the suite id, unlike the line above: algorithm suites, "Commit Key".
            commitment=hmac.digest(extracted, b"COMMITKEY" + _FIRST_BLOCK, hash_name)[:COMMITMENT_BYTES],
        )
    # Format 1: no salt, which for HMAC is the same as the zeros that RFC 5869 asks for; the message id is in the info.
    extracted = hmac.digest(b"", data_key, hash_name)
    derived = hmac.digest(extracted, suite_id + message_id + _FIRST_BLOCK, hash_name)
    return MessageKeys(message_key=derived[: suite.key_bytes], commitment=b"")
