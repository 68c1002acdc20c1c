"""How much work it is to open an encrypted private key: the key itself says so, before anybody tries.

A number in it has whoever opens it work for hours: https://www.rfc-editor.org/rfc/rfc8018#section-4.2
"""

import base64
import re
from typing import Final

from cryptography import x509
from cryptography.hazmat import asn1

from certificate_care.errors import CertificateRefused

MOST_ITERATIONS: Final = 10_000_000
"""Of PBKDF2 or PBES1: some seconds. OWASP recommends 600000 with SHA-256.

https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html
"""

MOST_SCRYPT_MEMORY: Final = 64 * 1024 * 1024
"""Bytes that scrypt fills, all its lanes together.

https://www.rfc-editor.org/rfc/rfc7914#section-2
"""

_LABEL: Final = "ENCRYPTED PRIVATE KEY"
_PEM: Final = re.compile(rf"-----BEGIN {_LABEL}-----([A-Za-z0-9+/=\s]+)-----END {_LABEL}-----", re.ASCII)
_PBES1: Final = "1.2.840.113549.1.12.1.3"
_PBES2: Final = "1.2.840.113549.1.5.13"
_PBKDF2: Final = "1.2.840.113549.1.5.12"
_SCRYPT: Final = "1.3.6.1.4.1.11591.4.11"
_KNOWN: Final = "by PBES2 with PBKDF2 or scrypt, or by PBES1 with SHA-1 and 3DES"
_SCRYPT_BLOCK: Final = 128
_LARGEST_SAID: Final = 64


@asn1.sequence
class _Algorithm:
    name: x509.ObjectIdentifier
    parameters: asn1.TLV


@asn1.sequence
class _EncryptedKey:
    algorithm: _Algorithm
    encrypted: bytes


@asn1.sequence
class _Pbes1:
    salt: bytes
    iterations: int


@asn1.sequence
class _Pbes2:
    derivation: _Algorithm
    scheme: _Algorithm


@asn1.sequence
class _PseudoRandom:
    name: x509.ObjectIdentifier
    parameters: asn1.Null | None


@asn1.sequence
class _Pbkdf2:
    salt: bytes
    iterations: int
    length: int | None
    pseudo_random: _PseudoRandom | None


@asn1.sequence
class _Scrypt:
    salt: bytes
    cost: int
    block_size: int
    lanes: int
    length: int | None


def encrypted_der(text: str) -> bytes | None:
    """Take an encrypted key by PKCS #8 out of its PEM.

    Args:
        text: A private key in PEM.

    Returns:
        It in DER; None if it is not of that kind.

    Raises:
        CertificateRefused: If it says that it is and cannot be read.
    """
    if _LABEL not in text:
        return None
    found = _PEM.search(text)
    try:
        der = base64.b64decode("".join(found[1].split()), validate=True) if found else b""
    except ValueError:
        der = b""
    if not der:
        # Raised out here, where nothing is being handled that was told the key.
        raise CertificateRefused(f"private_key must hold an {_LABEL} in PEM where it says so, got something else")
    return der


def check_derivation(der: bytes) -> None:
    """Refuse an encrypted key that takes too much work to open, or nobody knows how much.

    Args:
        der: The key by PKCS #8.

    Raises:
        CertificateRefused: If it is such a one. The text holds nothing of the key.
    """
    try:
        algorithm = asn1.decode_der(_EncryptedKey, der).algorithm
        if algorithm.name.dotted_string == _PBES1:
            said = _too_many(algorithm.parameters.parse(_Pbes1).iterations)
        elif algorithm.name.dotted_string == _PBES2:
            said = _too_much(algorithm.parameters.parse(_Pbes2).derivation)
        else:
            said = f"{_KNOWN}, got {algorithm.name.dotted_string}"
    except ValueError:
        said = f"{_KNOWN}, got something else"
    if said:
        raise CertificateRefused(f"private_key must be encrypted {said}")


def _too_much(derivation: _Algorithm) -> str:
    if derivation.name.dotted_string == _PBKDF2:
        return _too_many(derivation.parameters.parse(_Pbkdf2).iterations)
    if derivation.name.dotted_string != _SCRYPT:
        return f"{_KNOWN}, got PBES2 with {derivation.name.dotted_string}"
    scrypt = derivation.parameters.parse(_Scrypt)
    factors = (scrypt.cost, scrypt.block_size, scrypt.lanes)
    memory = _SCRYPT_BLOCK * scrypt.cost * scrypt.block_size * scrypt.lanes
    if min(factors) > 0 and memory <= MOST_SCRYPT_MEMORY:
        return ""
    return f"by scrypt in at most {MOST_SCRYPT_MEMORY} bytes, got {' * '.join(map(_spoken, (_SCRYPT_BLOCK, *factors)))}"


def _too_many(iterations: int) -> str:
    if 1 <= iterations <= MOST_ITERATIONS:
        return ""
    return f"with 1 to {MOST_ITERATIONS} iterations, got {_spoken(iterations)}"


def _spoken(number: int) -> str:
    # Python writes no number of thousands of digits.
    bits = number.bit_length()
    return str(number) if bits <= _LARGEST_SAID else f"a number of {bits} bits"
