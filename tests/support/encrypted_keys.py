"""Encrypted private keys by PKCS #8 that say of themselves how they are opened, whether or not anything is inside.

https://www.rfc-editor.org/rfc/rfc8018#appendix-A
"""

import base64
from typing import Final

from cryptography.hazmat.primitives import padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

PBES1: Final = "1.2.840.113549.1.12.1.3"
PBES1_RC2: Final = "1.2.840.113549.1.12.1.6"
_PBES2, _PBKDF2, _SCRYPT = "1.2.840.113549.1.5.13", "1.2.840.113549.1.5.12", "1.3.6.1.4.1.11591.4.11"
_HMAC_SHA256, _AES_256_CBC = "1.2.840.113549.2.9", "2.16.840.1.101.3.4.1.42"
_SALT, _IV, _NOTHING = bytes(16), bytes(16), bytes(48)


def pem(der: bytes) -> str:
    """Write an encrypted key in PEM."""
    body = base64.encodebytes(der).decode()
    return f"-----BEGIN ENCRYPTED PRIVATE KEY-----\n{body}-----END ENCRYPTED PRIVATE KEY-----\n"


def pbkdf2(iterations: int) -> bytes:
    """A key that says that it is opened by PBKDF2; nothing is inside."""
    pseudo_random = _sequence(_name(_HMAC_SHA256), _tlv(5))
    return pbes2(_sequence(_name(_PBKDF2), _sequence(_octets(_SALT), _number(iterations), pseudo_random)))


def scrypt(cost: int, block_size: int = 8, lanes: int = 1, *, inside: bytes = b"", passphrase: bytes = b"") -> bytes:
    """A key that says that it is opened by scrypt, encrypted so if something is to be inside."""
    numbers = (_number(each) for each in (cost, block_size, lanes))
    derivation = _sequence(_name(_SCRYPT), _sequence(_octets(_SALT), *numbers))
    if not inside:
        return pbes2(derivation)
    key = Scrypt(_SALT, 32, cost, block_size, lanes).derive(passphrase)
    padder, encryptor = padding.PKCS7(128).padder(), Cipher(algorithms.AES(key), modes.CBC(_IV)).encryptor()
    return pbes2(derivation, encryptor.update(padder.update(inside) + padder.finalize()) + encryptor.finalize())


def unknown_derivation() -> bytes:
    """A key whose derivation nobody knows."""
    return pbes2(_sequence(_name("1.2.3.4"), _sequence()))


def pbes1(iterations: int, algorithm: str = PBES1) -> bytes:
    """A key that says that it is opened as it was in PKCS #12; nothing is inside."""
    return _key(algorithm, _sequence(_octets(bytes(8)), _number(iterations)), _NOTHING)


def pbes2(derivation: bytes, encrypted: bytes = _NOTHING) -> bytes:
    """A key by PBES2 with any derivation."""
    return _key(_PBES2, _sequence(derivation, _sequence(_name(_AES_256_CBC), _octets(_IV))), encrypted)


def _key(algorithm: str, parameters: bytes, encrypted: bytes) -> bytes:
    return _sequence(_sequence(_name(algorithm), parameters), _octets(encrypted))


def _tlv(tag: int, content: bytes = b"") -> bytes:
    size = len(content)
    if size < 0x80:
        return bytes([tag, size]) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + content


def _sequence(*parts: bytes) -> bytes:
    return _tlv(0x30, b"".join(parts))


def _octets(content: bytes) -> bytes:
    return _tlv(4, content)


def _number(number: int) -> bytes:
    return _tlv(2, number.to_bytes(number.bit_length() // 8 + 1, "big", signed=True))


def _name(dotted: str) -> bytes:
    first, second, *further = map(int, dotted.split("."))
    written = b""
    for arc in (40 * first + second, *further):
        septets = [arc & 0x7F]
        while arc := arc >> 7:
            septets.insert(0, arc & 0x7F | 0x80)
        written += bytes(septets)
    return _tlv(6, written)
