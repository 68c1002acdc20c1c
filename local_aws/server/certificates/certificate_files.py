"""The certificates and the private key that ImportCertificate is given, read as strictly as ACM reads them.

https://docs.aws.amazon.com/acm/latest/userguide/import-certificate-format.html and
https://repost.aws/knowledge-center/acm-import-troubleshooting, which has the texts of some refusals; AWS does not
document the others.
"""

import base64
import binascii
import re
from typing import TypeAlias

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from local_aws.server.certificates.errors import AcmError, InvalidCertificateError

PrivateKey: TypeAlias = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
_CURVES = {"secp256r1": "EC_prime256v1", "secp384r1": "EC_secp384r1", "secp521r1": "EC_secp521r1"}
_LENGTHS = (1024, 2048, 3072, 4096)
_BLOCK = re.compile(r"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----", re.DOTALL)
_MOST_BYTES = {"Certificate": 32_768, "CertificateChain": 2_097_152, "PrivateKey": 5_120}


def pem_of(field: str, given: object) -> str:
    """Return what a field of the request holds; JSON carries it in Base64.

    Args:
        field: Its name.
        given: Its value.

    Raises:
        AcmError: If it is not Base64.
        InvalidCertificateError: If there is nothing, too much, or nothing that could be PEM.
    """
    try:
        decoded = base64.b64decode(str(given or ""), validate=True)
    except binascii.Error as error:
        raise AcmError("SerializationException", f"{field} is not Base64.") from error
    if not 1 <= len(decoded) <= _MOST_BYTES[field]:
        name = field[0].lower() + field[1:]
        bound = f"less than or equal to {_MOST_BYTES[field]}" if decoded else "greater than or equal to 1"
        text = f"Value at '{name}' failed to satisfy constraint: Member must have length {bound}"
        raise InvalidCertificateError(f"1 validation error detected: {text}")
    return decoded.decode(errors="replace")


def certificate_in(pem: str) -> x509.Certificate:
    """Read the one certificate of the field for it.

    Raises:
        InvalidCertificateError: If it is none, or not the only one.
    """
    if len(_BLOCK.findall(pem)) > 1:
        raise InvalidCertificateError(
            "The certificate field contains more than one certificate. You can specify only one certificate in this "
            "field."
        )
    try:
        return x509.load_pem_x509_certificate(pem.encode())
    except ValueError as error:
        raise InvalidCertificateError(
            "Unable to parse certificate. Please ensure the certificate is in PEM format."
        ) from error


def chain_in(pem: str) -> list[x509.Certificate]:
    """Read the certificates of a chain in the order in which they are given.

    Raises:
        InvalidCertificateError: If there is none, or something else too.
    """
    try:
        found = x509.load_pem_x509_certificates(pem.encode())
    except ValueError as error:
        raise InvalidCertificateError("The certificate chain provided is not in a valid PEM format.") from error
    if _BLOCK.sub("", pem).strip():
        raise InvalidCertificateError("The certificate chain provided is not in a valid PEM format.")
    return found


def private_key_in(pem: str) -> PrivateKey:
    """Read a private key, which must not be encrypted.

    Raises:
        InvalidCertificateError: If it is none of RSA and of elliptic curves.
    """
    try:
        key = load_pem_private_key(pem.encode(), password=None)
    except (ValueError, TypeError) as error:
        raise InvalidCertificateError("The private key is not supported.") from error
    if not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise InvalidCertificateError("The private key is not supported.")
    return key


def algorithm_of(key: PrivateKey) -> str:
    """Return the name that ACM has for the algorithm of a key pair.

    Raises:
        InvalidCertificateError: If ACM takes no such key.
    """
    if isinstance(key, rsa.RSAPrivateKey):
        if key.key_size in _LENGTHS:
            return f"RSA_{key.key_size}"
    elif key.curve.name in _CURVES:
        return _CURVES[key.curve.name]
    raise InvalidCertificateError(f"The private key length {key.key_size} is not supported for key algorithm.")
