"""What ACM refuses of a certificate that is imported over another one, read from the bytes of both.

https://docs.aws.amazon.com/acm/latest/userguide/import-reimport.html
https://docs.aws.amazon.com/acm/latest/userguide/import-certificate-prerequisites.html
"""

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, ExtensionOID

_KEY_ENCIPHERMENT = 2  # https://www.rfc-editor.org/rfc/rfc5280#section-4.2.1.3


def acm_refuses(new: x509.Certificate, *, over: x509.Certificate) -> bool:
    """Whether ACM refuses a certificate over another one."""
    if _kind_of_key(new) != _kind_of_key(over):
        return True
    may_go = {_KEY_ENCIPHERMENT} if _kind_of_key(new)[0] == "EC" else set()
    had, has = _usages(over), _usages(new)
    purposes_had, purposes_have = _purposes(over), _purposes(new)
    return (
        bool(has and not had)
        or bool(had - has - may_go)
        or bool(purposes_have and not purposes_had)
        or bool(purposes_had - purposes_have - {ExtendedKeyUsageOID.CLIENT_AUTH})
    )


def _kind_of_key(certificate: x509.Certificate) -> tuple[str, int]:
    key = certificate.public_key()
    assert isinstance(key, rsa.RSAPublicKey | ec.EllipticCurvePublicKey)
    return ("RSA" if isinstance(key, rsa.RSAPublicKey) else "EC", key.key_size)


def _usages(certificate: x509.Certificate) -> set[int]:
    for each in certificate.extensions:
        if each.oid == ExtensionOID.KEY_USAGE:
            _tag, _length, _unused, *octets = each.value.public_bytes()
            return {8 * at + bit for at, octet in enumerate(octets) for bit in range(8) if octet >> (7 - bit) & 1}
    return set()


def _purposes(certificate: x509.Certificate) -> set[x509.ObjectIdentifier]:
    for each in certificate.extensions:
        if isinstance(each.value, x509.ExtendedKeyUsage):
            return set(each.value)
    return set()
