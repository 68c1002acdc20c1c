"""Certificates in PEM: from the secret, from the deployed code, and to ACM.

https://docs.aws.amazon.com/acm/latest/userguide/import-certificate-format.html
"""

import warnings
from collections.abc import Sequence
from typing import Final, TypeAlias

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding

from certificate_care.errors import CertificateRefused

LARGEST_CERTIFICATE: Final = 32_768
"""Bytes of PEM that ACM takes. A secret holds too little to reach the 2 MB that it takes of a chain.

https://docs.aws.amazon.com/acm/latest/APIReference/API_ImportCertificate.html
"""

Certificates: TypeAlias = tuple[x509.Certificate, ...]
"""Some certificates in their order."""

_FORM: Final = "in PEM (-----BEGIN CERTIFICATE-----)"


def read_certificate(text: str) -> x509.Certificate:
    """Read the server's certificate.

    Args:
        text: The field of the secret.

    Returns:
        It.

    Raises:
        CertificateRefused: If it is something else, or more than one.
    """
    found = read_certificates("certificate", text)
    if len(found) != 1:
        raise CertificateRefused(
            f"certificate must be one certificate, got {len(found)}: put the others into certificate_chain, in order"
        )
    if len(pem_of(found)) > LARGEST_CERTIFICATE:
        raise CertificateRefused(f"certificate must be at most {LARGEST_CERTIFICATE} bytes, got {len(pem_of(found))}")
    return found[0]


def read_certificates(argument: str, text: str) -> Certificates:
    """Read certificates.

    Args:
        argument: What holds them, for texts.
        text: In PEM; may be empty.

    Returns:
        Them, in their order; each can be understood as a whole.

    Raises:
        CertificateRefused: If there is something else, or a private key among them.
    """
    if not text:
        return ()
    if "PRIVATE KEY-----" in text:
        # What stands there goes to ACM as something that everybody may read.
        raise CertificateRefused(f"{argument} must hold certificates only, got a private key")
    with warnings.catch_warnings():
        # Old roots have serial number 0 or other oddities, of which the library warns and no client complains.
        warnings.simplefilter("ignore")
        return _read(argument, text)


def pem_of(certificates: Sequence[x509.Certificate]) -> bytes:
    """Write certificates in PEM, with nothing else between them.

    Args:
        certificates: In their order.
    """
    return b"".join(each.public_bytes(Encoding.PEM) for each in certificates)


def der_of(certificates: Sequence[x509.Certificate]) -> tuple[bytes, ...]:
    """Return what certificates are the same by.

    Args:
        certificates: In their order.
    """
    return tuple(each.public_bytes(Encoding.DER) for each in certificates)


def _is_readable(certificate: x509.Certificate) -> bool:
    # The library reads these parts when they are asked for.
    try:
        certificate.public_key()
        _ = (certificate.subject, certificate.issuer, certificate.extensions, certificate.not_valid_after_utc)
    except (ValueError, UnsupportedAlgorithm, x509.DuplicateExtension, x509.UnsupportedGeneralNameType):
        return False
    return True


def _read(argument: str, text: str) -> Certificates:
    try:
        found = x509.load_pem_x509_certificates(text.encode())
    except (ValueError, x509.InvalidVersion):
        found = []
    if not found or len(found) != text.count("-----BEGIN "):
        raise CertificateRefused(f"{argument} must hold certificates {_FORM}, got something else")
    for position, each in enumerate(found, start=1):
        if not _is_readable(each):
            raise CertificateRefused(
                f"{argument} must hold X.509 certificates of known algorithms, got another one at position {position}"
            )
    return tuple(found)
