"""Certificates that the tests make: authorities, leaves, and every way in which one can be wrong."""

import base64
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey
PublicKey = rsa.RSAPublicKey | ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey

NAMES = ("shop.example.com", "*.shop.example.com")
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
PKCS8 = serialization.PrivateFormat.PKCS8
PKCS1_OR_SEC1 = serialization.PrivateFormat.TraditionalOpenSSL
# Object identifiers 1.2.840.113549.1.1.x in DER: RSA over a hash, https://www.rfc-editor.org/rfc/rfc8017#appendix-A.2.4
_RSA_WITH = {
    name: bytes.fromhex("06092a864886f70d0101") + bytes([last])
    for name, last in {"md5": 4, "sha1": 5, "sha256": 11}.items()
}
_CURVES = {"P-256": ec.SECP256R1(), "P-384": ec.SECP384R1(), "P-521": ec.SECP521R1(), "secp256k1": ec.SECP256K1()}


@cache
def key_of(name: str) -> Key:
    """A key pair, made once: `RSA-2048`, `P-256`, `Ed25519`; what stands behind a slash makes it another one."""
    kind = name.partition("/")[0]
    if kind == "Ed25519":
        return ed25519.Ed25519PrivateKey.generate()
    if kind.startswith("RSA-"):
        return rsa.generate_private_key(public_exponent=65537, key_size=int(kind.removeprefix("RSA-")))
    return ec.generate_private_key(_CURVES[kind])


def rsa_public_key(bits: int) -> rsa.RSAPublicKey:
    """A public key of that size, to which nobody has the private one: finding primes would take seconds."""
    return rsa.RSAPublicNumbers(65537, (1 << bits) - 1).public_key()


@dataclass(frozen=True, kw_only=True)
class Template:
    """What a certificate says; `replace` changes one thing of it."""

    subject: str
    key: str | Key | PublicKey = "P-256"
    names: Sequence[str] = ()
    addresses: Sequence[x509.GeneralName] = ()
    not_before: datetime = NOW - timedelta(days=10)
    not_after: datetime = NOW + timedelta(days=80)
    is_authority: bool | None = False
    path_length: int | None = None
    usages: Iterable[str] | None = ("digital_signature",)
    purposes: Sequence[x509.ObjectIdentifier] = (ExtendedKeyUsageOID.SERVER_AUTH,)
    further: Sequence[tuple[x509.ExtensionType, bool]] = ()
    hash_algorithm: hashes.SHA256 | hashes.SHA384 | hashes.SHA512 = field(default_factory=hashes.SHA256)
    has_key_identifiers: bool = True
    serial_number: int | None = None

    @classmethod
    def authority(cls, subject: str, **changed: Any) -> Self:
        """An authority that may sign everything, for ten years."""
        said: dict[str, Any] = {
            "subject": subject,
            "not_after": NOW + timedelta(days=3650),
            "is_authority": True,
            "usages": ("key_cert_sign", "crl_sign"),
            "purposes": (),
        }
        return cls(**{**said, **changed})

    @classmethod
    def leaf(cls, *names: str, **changed: Any) -> Self:
        """A server's certificate, for 90 days."""
        return cls(**{"subject": names[0] if names else "", "names": names, **changed})


@dataclass(frozen=True)
class Made:
    """A certificate with its private key."""

    certificate: x509.Certificate
    key: Key | None = field(repr=False)

    @property
    def pem(self) -> str:
        """The certificate in PEM."""
        return self.certificate.public_bytes(serialization.Encoding.PEM).decode()

    def key_pem(self, *, passphrase: str | None = None, form: serialization.PrivateFormat = PKCS8) -> str:
        """The private key in PEM, encrypted if there is a passphrase."""
        assert self.key is not None
        encryption = (
            serialization.NoEncryption()
            if passphrase is None
            else serialization.BestAvailableEncryption(passphrase.encode())
        )
        return self.key.private_bytes(serialization.Encoding.PEM, form, encryption).decode()


def made(template: Template, *, by: Made | None = None) -> Made:
    """Make a certificate, signed by another one or by itself."""
    named = key_of(template.key) if isinstance(template.key, str) else template.key
    key = (
        named if isinstance(named, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey) else None
    )
    public = named if key is None else key.public_key()
    assert not isinstance(public, Key)
    signing = by.key if by is not None else key
    assert signing is not None
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, template.subject)] if template.subject else [])
    builder = (
        x509
        .CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject if by is None else by.certificate.subject)
        .public_key(public)
        .serial_number(template.serial_number or x509.random_serial_number())
        .not_valid_before(template.not_before)
        .not_valid_after(template.not_after)
    )
    for extension, critical in _extensions(template, public, signing.public_key()):
        builder = builder.add_extension(extension, critical)
    if isinstance(signing, ed25519.Ed25519PrivateKey):
        return Made(builder.sign(signing, None), key)
    return Made(builder.sign(signing, template.hash_algorithm), key)


def _extensions(template: Template, public: PublicKey, signers: PublicKey) -> Iterable[tuple[x509.ExtensionType, bool]]:
    if template.names or template.addresses:
        yield x509.SubjectAlternativeName([*map(x509.DNSName, template.names), *template.addresses]), False
    if template.is_authority is not None:
        yield x509.BasicConstraints(template.is_authority, template.path_length), True
    if template.usages is not None:
        told = set(template.usages)
        usages = {
            name: name in told
            for name in (
                "digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
                "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
            )
        }  # fmt: skip
        yield x509.KeyUsage(**usages), True
    if template.purposes:
        yield x509.ExtendedKeyUsage(template.purposes), False
    if template.has_key_identifiers:
        yield x509.SubjectKeyIdentifier.from_public_key(public), False
        yield x509.AuthorityKeyIdentifier.from_issuer_public_key(signers), False
    yield from template.further


def resigned(certificate: Made, old: bytes, new: bytes, *, by: Made, hash_algorithm: hashes.HashAlgorithm) -> str:
    """Write one in PEM that the library would not make: other bytes of the same length, signed by RSA with any hash."""
    assert isinstance(by.key, rsa.RSAPrivateKey)
    assert len(old) == len(new)
    assert old in certificate.certificate.tbs_certificate_bytes
    signed = certificate.certificate.tbs_certificate_bytes.replace(old, new)
    signature = by.key.sign(signed, padding.PKCS1v15(), hash_algorithm)
    algorithm = _tagged(0x30, _RSA_WITH[hash_algorithm.name] + b"\x05\x00")
    whole = _tagged(0x30, signed + algorithm + _tagged(0x03, b"\x00" + signature))
    body = base64.encodebytes(whole).decode()
    return f"-----BEGIN CERTIFICATE-----\n{body}-----END CERTIFICATE-----\n"


def weakly_signed(template: Template, *, by: Made, hash_algorithm: hashes.HashAlgorithm) -> Made:
    """Make one with a signature over a hash that nobody should use any more, by an authority with an RSA key."""
    strong = made(template, by=by)
    old, new = _RSA_WITH["sha256"], _RSA_WITH[hash_algorithm.name]
    pem = resigned(strong, old, new, by=by, hash_algorithm=hash_algorithm)
    return Made(x509.load_pem_x509_certificate(pem.encode()), strong.key)


def _tagged(tag: int, content: bytes) -> bytes:
    length = len(content)
    size = (length.bit_length() + 7) // 8
    return bytes([tag, *([length] if length < 128 else [128 + size, *length.to_bytes(size)])]) + content


@dataclass(frozen=True)
class Lineage:
    """A root, the intermediate that it signed, and the leaf that this signed."""

    root: Made
    intermediate: Made
    leaf: Made

    @classmethod
    @cache
    def of(cls, key: str = "P-256") -> "Lineage":
        """Make one whose leaf and intermediate have keys of a kind."""
        root = made(Template.authority("Root", key=f"{key}/root"))
        intermediate = made(Template.authority("Intermediate", key=f"{key}/intermediate", path_length=0), by=root)
        return cls(root, intermediate, made(Template.leaf(*NAMES, key=key), by=intermediate))

    def with_leaf(self, *, by: Made | None = None, **changed: Any) -> "Lineage":
        """Make the same with another leaf, maybe signed by another authority, which is the intermediate then."""
        signer = by or self.intermediate
        leaf = made(Template.leaf(**{"names": NAMES, "subject": NAMES[0], **changed}), by=signer)
        return replace(self, intermediate=signer, leaf=leaf)

    def with_authority(self, **changed: Any) -> "Lineage":
        """Make the same with another intermediate."""
        authority = made(
            Template.authority("Intermediate", **{"key": "P-256/other intermediate", **changed}), by=self.root
        )
        return self.with_leaf(by=authority)
