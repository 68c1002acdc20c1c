"""From a data key to the key of one message and the commitment to it: HKDF, written out."""

import hashlib
import hmac
from typing import Final, NamedTuple, NoReturn

from envelope.format.suites import AlgorithmSuite
from envelope.limits import COMMITMENT_BYTES, DATA_KEY_BYTES

_FIRST_BLOCK = b"\x01"
_MESSAGE_INFO = b"DERIVEKEY" + _FIRST_BLOCK
_COMMIT_INFO = b"COMMITKEY" + _FIRST_BLOCK

# RFC 2104: a key shorter than a block of the hash is filled up with zeros and combined with one byte, over and over.
_INNER: Final = bytes(byte ^ 0x36 for byte in range(256))
_OUTER: Final = bytes(byte ^ 0x5C for byte in range(256))
_INNER_FILL: Final = b"\x36" * 128  # a block of SHA-512
_OUTER_FILL: Final = b"\x5c" * 128


class MessageKeys(NamedTuple):
    """What one message is encrypted with. It hides that in its `repr` and refuses to be pickled.

    Attributes:
        message_key: The AES key of the header tag and of every frame.
        commitment: The value in the header that no other data key yields; empty where a suite does not commit.
    """

    message_key: bytes
    commitment: bytes

    def __repr__(self) -> str:
        """Hide the keys."""
        return f"{type(self).__name__}()"

    def __reduce__(self) -> NoReturn:
        """Refuse to be pickled or copied.

        Raises:
            TypeError: Always.
        """
        raise TypeError("message keys must not be copied or pickled")


def message_keys(data_key: bytearray, *, message_id: bytes, suite: AlgorithmSuite) -> MessageKeys:
    """Derive the keys of one message (transitive requirements, "HKDF"; algorithm suites, "KDF Inputs").

    One extraction serves both keys, and each is no longer than one hash, so that HKDF is three HMACs. For a record of
    1 KiB they take more time than its encryption. So they are composed of their hashes here, where `hmac.digest` would
    take a third longer and `HKDF` objects of `cryptography` twice as long.

    Python's `hashlib` returns `bytes`, which cannot be wiped: the derived key and the value it was expanded from
    stay in freed memory until it is used again.

    Args:
        data_key: The plaintext data key.
        message_id: What makes the keys of two messages different even under one data key.
        suite: Its id is part of the message key's derivation.

    Returns:
        Message key and commitment.

    Examples:
        >>> from envelope.format.suites import COMMITTING
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
        return _committing(data_key, message_id, suite_id + _MESSAGE_INFO)
    # Format 1: no salt, which for HMAC is the same as the zeros that RFC 5869 asks for; the message id is in the info.
    extracted = hmac.digest(b"", data_key, hash_name)
    derived = hmac.digest(extracted, suite_id + message_id + _FIRST_BLOCK, hash_name)
    return MessageKeys(message_key=derived[: suite.key_bytes], commitment=b"")


def _committing(data_key: bytearray, message_id: bytes, info: bytes) -> MessageKeys:
    sha512 = hashlib.sha512
    inner = sha512(message_id.translate(_INNER) + _INNER_FILL[len(message_id) :] + data_key).digest()
    extracted = sha512(message_id.translate(_OUTER) + _OUTER_FILL[len(message_id) :] + inner).digest()
    # Both keys are expanded from this one value: of either hash, what it begins with is hashed once.
    message_inner = sha512(extracted.translate(_INNER) + _INNER_FILL[len(extracted) :])
    message_outer = sha512(extracted.translate(_OUTER) + _OUTER_FILL[len(extracted) :])
    commitment_inner, commitment_outer = message_inner.copy(), message_outer.copy()
    message_inner.update(info)
    message_outer.update(message_inner.digest())
    # Without the suite id, unlike the message key: algorithm suites, "Commit Key".
    commitment_inner.update(_COMMIT_INFO)
    commitment_outer.update(commitment_inner.digest())
    return MessageKeys(message_outer.digest()[:DATA_KEY_BYTES], commitment_outer.digest()[:COMMITMENT_BYTES])
