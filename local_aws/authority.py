"""An authority of one's own that signs server certificates, for one life of the embedded AWS."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

_CLOCK_TOLERANCE: Final = timedelta(minutes=5)


@dataclass(frozen=True, kw_only=True)
class Signed:
    """What a server needs, in PEM.

    Attributes:
        certificate: Its certificate.
        chain: Who signed it.
        private_key: Its private key.
    """

    certificate: str
    chain: str
    private_key: str = field(repr=False)


class Authority:
    """Signs server certificates with a key that is forgotten when the program ends.

    Attributes:
        certificate: In PEM, for clients to trust.
    """

    certificate: str

    def __init__(self, name: str, *, lifetime: timedelta) -> None:
        """Make a key and sign itself.

        Args:
            name: Its common name.
            lifetime: How long it is valid.
        """
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _name(name)
        end = datetime.now(UTC) + lifetime
        self._certificate = (
            _builder(self._name, self._name, self._key.public_key(), end)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_only(signs_certificates=True), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(self._key.public_key()), critical=False)
            .sign(self._key, hashes.SHA256())
        )
        self.certificate = _pem(self._certificate)

    def sign(self, *names: str, lifetime: timedelta, addresses: Sequence[str] = ()) -> Signed:
        """Make a key pair for a server and sign a certificate for it.

        Args:
            names: Domain names; the first is its common name.
            lifetime: How long it is valid; what is negative has expired.
            addresses: IPv4 addresses.
        """
        key = ec.generate_private_key(ec.SECP256R1())
        found = [x509.DNSName(name) for name in names] + [x509.IPAddress(IPv4Address(each)) for each in addresses]
        issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())
        certificate = (
            _builder(_name(names[0]), self._name, key.public_key(), datetime.now(UTC) + lifetime)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_only(signs_certificates=False), critical=True)
            .add_extension(x509.SubjectAlternativeName(found), critical=False)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(issuer, critical=False)
            .sign(self._key, hashes.SHA256())
        )
        private_key = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
        return Signed(certificate=_pem(certificate), chain=self.certificate, private_key=private_key)


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, end: datetime
) -> x509.CertificateBuilder:
    return (
        x509
        .CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(min(datetime.now(UTC) - _CLOCK_TOLERANCE, end - _CLOCK_TOLERANCE))
        .not_valid_after(end)
    )


def _only(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(Encoding.PEM).decode()
