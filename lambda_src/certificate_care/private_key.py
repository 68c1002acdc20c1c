"""The private key: opened, found to belong to the certificate, and written as ACM takes it."""

from typing import Final

from cryptography import x509
from cryptography.exceptions import InternalError, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_private_key,
    load_pem_private_key,
)

from certificate_care.errors import CertificateRefused
from certificate_care.key_derivation import check_derivation, encrypted_der

LARGEST_KEY: Final = 5_120
"""Bytes of PEM that ACM takes.

https://docs.aws.amazon.com/acm/latest/userguide/import-certificate-prerequisites.html
"""

_FORM: Final = "a private key in PEM (PKCS #8, PKCS #1 or SEC 1)"


def open_key(text: str, passphrase: str | None, *, certificate: x509.Certificate) -> bytes:
    """Open the private key of a certificate.

    Args:
        text: In PEM, maybe encrypted.
        passphrase: Opens it. One that is not needed is passed over.
        certificate: Whose key it must be.

    Returns:
        It in PEM by PKCS #8, not encrypted: ACM takes no other.

    Raises:
        CertificateRefused: If it is something else, cannot be opened, or belongs to another certificate.
    """
    key = _opened(text, passphrase)
    if _public_bytes(key) != certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo):
        raise CertificateRefused(
            "private_key must be the key of certificate, got the key of another one: put both of the same request"
        )
    written = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    if len(written) > LARGEST_KEY:
        raise CertificateRefused(f"private_key must be at most {LARGEST_KEY} bytes, got {len(written)}")
    return written


def _opened(text: str, passphrase: str | None) -> PrivateKeyTypes:
    der = encrypted_der(text)
    if der is not None:
        check_derivation(der)
    # What the library raises is not chained to: it was told the key.
    said = f"private_key must be {_FORM}, got something else"
    for password in (None, passphrase):
        try:
            given = password.encode() if password else None
            # What was checked is what is opened, however much else the text holds.
            return load_pem_private_key(text.encode(), given) if der is None else load_der_private_key(der, given)
        except TypeError:
            said = (
                "private_key must come with passphrase if it is encrypted, got none: "
                "add that field, or put the key without encryption"
            )
        except ValueError:
            if password is not None:
                said = "passphrase must open private_key, got another one, or a damaged key"
            break
        except (UnsupportedAlgorithm, InternalError):
            said = f"private_key must be {_FORM} of a known algorithm, got another one"
            break
    raise CertificateRefused(said)


def _public_bytes(key: PrivateKeyTypes) -> bytes:
    return key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
