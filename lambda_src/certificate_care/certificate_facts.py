"""What one certificate says of itself, and what of that a server's certificate and an authority's must say."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypeVar

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID

from certificate_care.errors import CertificateRefused

HASHES: Final = ("sha256", "sha384", "sha512")
"""Hashes that a signature may be over: SHA-1 and MD5 can be forged.

https://cabforum.org/working-groups/server/baseline-requirements/requirements/ (7.1.3.2)
"""

_CURVES: Final = {"secp256r1": "EC_prime256v1", "secp384r1": "EC_secp384r1", "secp521r1": "EC_secp521r1"}
_SMALLEST_RSA: Final = 2048
_LONGEST_OCSP_URL: Final = 1000  # https://docs.aws.amazon.com/acm/latest/APIReference/API_ImportCertificate.html
_LONGEST_SUBJECT: Final = 100

_Extension = TypeVar("_Extension", bound=x509.ExtensionType)


@dataclass(frozen=True, slots=True)
class Placed:
    """A certificate and where it stands.

    Attributes:
        certificate: It.
        place: For texts, such as `certificate` or `certificate_chain[2]`, counted from 1.
    """

    certificate: x509.Certificate
    place: str

    @property
    def called(self) -> str:
        """Its place and subject, for texts."""
        return f"{self.place} ({spoken(self.certificate.subject)})"


def spoken(name: x509.Name) -> str:
    """Return a name for texts: short, and nothing but what can be printed.

    Args:
        name: Of a subject or issuer.
    """
    text = "".join(each if each.isprintable() else "?" for each in name.rfc4514_string())
    return text[:_LONGEST_SUBJECT] or "no name"


def key_algorithm(certificate: x509.Certificate) -> str:
    """Return the algorithm of the key pair, by ACM's name if it has one.

    Args:
        certificate: Whose.
    """
    key = certificate.public_key()
    if isinstance(key, rsa.RSAPublicKey):
        return f"RSA_{key.key_size}"
    if isinstance(key, ec.EllipticCurvePublicKey):
        return _CURVES.get(key.curve.name, key.curve.name)
    return type(key).__name__.removesuffix("PublicKey")


def said(certificate: x509.Certificate, kind: type[_Extension]) -> _Extension | None:
    """Return what an extension says.

    Args:
        certificate: Whose.
        kind: Which extension.

    Returns:
        It; None if there is none.
    """
    try:
        return certificate.extensions.get_extension_for_class(kind).value
    except x509.ExtensionNotFound:
        return None


def dns_names(certificate: x509.Certificate) -> tuple[str, ...]:
    """Return the DNS names of the subject's alternative names. The common name does not count.

    https://www.rfc-editor.org/rfc/rfc9525#section-2

    Args:
        certificate: Whose.
    """
    try:
        found = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except x509.ExtensionNotFound:
        return ()
    return tuple(each.lower() for each in found.value.get_values_for_type(x509.DNSName))


def check_dates(placed: Placed, *, now: datetime, least_left: timedelta) -> None:
    """Check that a certificate is of the version that has extensions, is valid, and stays so for a while.

    Args:
        placed: It.
        now: The time.
        least_left: How long it must still be valid.

    Raises:
        CertificateRefused: If it is not.
    """
    found = placed.certificate
    if found.version is not x509.Version.v3:
        raise CertificateRefused(f"{placed.called} must be X.509 version 3, got version 1")
    begins, ends = found.not_valid_before_utc, found.not_valid_after_utc
    if now < begins:
        raise CertificateRefused(f"{placed.called} must be valid now, got one that is not valid before {begins:%FT%TZ}")
    if now > ends:
        raise CertificateRefused(
            f"{placed.called} must be valid now, got one that expired on {ends:%FT%TZ}: put the one that replaced it"
        )
    if ends - now < least_left:
        raise CertificateRefused(
            f"{placed.called} must be valid for {least_left.days} days more, got one that expires on {ends:%FT%TZ}"
        )


def check_signature(placed: Placed) -> None:
    """Check that the signature on a certificate is over a hash that cannot be forged.

    Args:
        placed: It.

    Raises:
        CertificateRefused: If it is over another one, or over none that has a name.
    """
    found = placed.certificate
    try:
        hash_algorithm = found.signature_hash_algorithm
    except UnsupportedAlgorithm:
        hash_algorithm = None
    named = hash_algorithm.name if hash_algorithm else found.signature_algorithm_oid.dotted_string
    if named not in HASHES:
        raise CertificateRefused(f"{placed.called} must be signed over {', '.join(HASHES)}, got {named}")


def check_server(placed: Placed, *, algorithms: tuple[str, ...]) -> None:
    """Check what the certificate of a server must say.

    Args:
        placed: It.
        algorithms: Key algorithms to take, by ACM's names.

    Raises:
        CertificateRefused: If it says something else.
    """
    found, called = placed.certificate, placed.called
    if (algorithm := key_algorithm(found)) not in algorithms:
        raise CertificateRefused(f"the key of {called} must be {' or '.join(algorithms)}, got {algorithm}")
    if not found.issuer.rdns:
        raise CertificateRefused(f"{called} must name its issuer, got none")
    if (constraints := said(found, x509.BasicConstraints)) and constraints.ca:
        raise CertificateRefused(f"{called} must be a server's, got an authority's: put the one that it signed")
    usage = said(found, x509.KeyUsage)
    if usage and not usage.digital_signature:
        raise CertificateRefused(f"{called} must allow digitalSignature in its key usage, got one that does not")
    purposes = said(found, x509.ExtendedKeyUsage)
    if purposes is None or ExtendedKeyUsageOID.SERVER_AUTH not in purposes:
        got = "none" if purposes is None else ", ".join(each.dotted_string for each in purposes)
        raise CertificateRefused(f"{called} must have serverAuth among its extended key usages, got {got}")
    for each in said(found, x509.AuthorityInformationAccess) or ():
        is_ocsp = each.access_method == AuthorityInformationAccessOID.OCSP
        if is_ocsp and len(str(each.access_location.value)) > _LONGEST_OCSP_URL:
            raise CertificateRefused(f"{called} must have an OCSP URL of at most {_LONGEST_OCSP_URL} characters")


def check_authority(placed: Placed, *, below: int) -> None:
    """Check what the certificate of an authority must say.

    Args:
        placed: It.
        below: How many authorities stand between it and the server's certificate.

    Raises:
        CertificateRefused: If it may not sign, or not for so many below it, or its key is weak.
    """
    found, called = placed.certificate, placed.called
    constraints, usage = said(found, x509.BasicConstraints), said(found, x509.KeyUsage)
    if constraints is None or not constraints.ca:
        raise CertificateRefused(f"{called} must be an authority's, got one whose basic constraints do not say so")
    if usage and not usage.key_cert_sign:
        raise CertificateRefused(f"{called} must allow keyCertSign in its key usage, got one that does not")
    if constraints.path_length is not None and below > constraints.path_length:
        raise CertificateRefused(
            f"{called} must allow {below} authorities below it, got path length {constraints.path_length}"
        )
    algorithm = key_algorithm(found)
    kind, _, size = algorithm.partition("_")
    if algorithm not in _CURVES.values() and not (kind == "RSA" and int(size) >= _SMALLEST_RSA):
        raise CertificateRefused(
            f"the key of {called} must be RSA with {_SMALLEST_RSA} bits or more, P-256, P-384 or P-521, got {algorithm}"
        )
