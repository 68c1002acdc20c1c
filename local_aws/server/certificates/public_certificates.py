"""The certificates that Amazon issues, made when somebody asks for one; nobody trusts their authority."""

import functools
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from local_aws.server.certificates.certificate_files import PrivateKey
from local_aws.server.certificates.records import Record

_CURVES = {"EC_prime256v1": ec.SECP256R1, "EC_secp384r1": ec.SECP384R1}
_RSA_BITS = 2048


def files_of(record: Record) -> Record:
    """Let a certificate have its files, and return it.

    Args:
        record: One that was issued or imported.
    """
    if "_pem_body" not in record:
        key = _new_key(record["KeyAlgorithm"])
        authority_key, authority = _authority()
        names = x509.SubjectAlternativeName([x509.DNSName(each) for each in record["SubjectAlternativeNames"]])
        certificate = (
            _builder(record["DomainName"], authority.subject, key)
            .serial_number(int(record["Serial"].replace(":", ""), 16) or 1)
            .not_valid_before(datetime.fromtimestamp(record["NotBefore"], UTC))
            .not_valid_after(datetime.fromtimestamp(record["NotAfter"], UTC))
            .add_extension(names, critical=False)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .sign(authority_key, hashes.SHA256())
        )
        record |= {
            "_pem_body": certificate.public_bytes(Encoding.PEM).decode(),
            "_pem_chain": authority.public_bytes(Encoding.PEM).decode(),
            "_private_key": key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode(),
        }
    return record


@functools.cache
def _authority() -> tuple[PrivateKey, x509.Certificate]:
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = "Embedded AWS public authority"
    builder = _builder(name, _name(name), key).serial_number(x509.random_serial_number())
    dated = builder.not_valid_before(now - timedelta(days=2)).not_valid_after(now + timedelta(days=3650))
    constraints = x509.BasicConstraints(ca=True, path_length=0)
    return key, dated.add_extension(constraints, critical=True).sign(key, hashes.SHA256())


def _builder(subject: str, issuer: x509.Name, key: PrivateKey) -> x509.CertificateBuilder:
    return x509.CertificateBuilder().subject_name(_name(subject)).issuer_name(issuer).public_key(key.public_key())


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _new_key(algorithm: str) -> PrivateKey:
    if algorithm in _CURVES:
        return ec.generate_private_key(_CURVES[algorithm]())
    return rsa.generate_private_key(public_exponent=65537, key_size=_RSA_BITS)
