"""The key derivation of the newer keyrings: NIST SP 800-108, counter mode, HMAC."""

import hmac
from itertools import count


def counter_derivation(key: bytes, *, label: bytes, salt: bytes, length: int, hash_name: str) -> bytes:
    """Derive `length` bytes; the label and the salt stand between a counter and the length in bits."""
    derived = b""
    for number in count(1):
        if len(derived) >= length:
            break
        block = number.to_bytes(4) + label + b"\x00" + salt + (8 * length).to_bytes(4)
        derived += hmac.digest(key, block, hash_name)
    return derived[:length]
