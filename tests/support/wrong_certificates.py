"""What must not go into service: what a secret holds, by what is wrong, each with a piece of the reason."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID

from tests.support.encrypted_keys import pbkdf2, pem, scrypt, unknown_derivation
from tests.support.imports_in_memory import secret_text
from tests.support.made_certificates import (
    NAMES,
    NOW,
    PKCS1_OR_SEC1,
    Lineage,
    Made,
    Template,
    made,
    resigned,
    weakly_signed,
)

Wrong = tuple[Callable[[], str], str]
_DAY = timedelta(days=1)
SHA1, MD5 = hashes.SHA1(), hashes.MD5()  # noqa: S303  # what must be refused
_UNKNOWN = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.3.6.1.4.1.55555.1"), b"\x05\x00")


def _good() -> Lineage:
    return Lineage.of()


def _leaf(**changed: Any) -> str:
    return secret_text(_good().with_leaf(**changed))


def _authority(**changed: Any) -> str:
    return secret_text(_good().with_authority(**changed))


def _chain(*chain: Made, lineage: Lineage | None = None) -> str:
    return secret_text(lineage or _good(), certificate_chain="".join(each.pem for each in chain))


def _over(weak: hashes.HashAlgorithm) -> str:
    root = made(Template.authority("RSA root", key="RSA-2048/root"))
    leaf = weakly_signed(Template.leaf(*NAMES), by=root, hash_algorithm=weak)
    return secret_text(replace(_good(), leaf=leaf, intermediate=root))


def _weak_authority() -> str:
    root = made(Template.authority("RSA root", key="RSA-2048/root"))
    weak = Template.authority("Intermediate", key="P-256/intermediate")
    lineage = _good().with_leaf(by=weakly_signed(weak, by=root, hash_algorithm=SHA1))
    return _chain(lineage.intermediate, root, lineage=lineage)


def _version_2() -> str:
    root = made(Template.authority("RSA root", key="RSA-2048/root"))
    leaf = made(Template.leaf(*NAMES), by=root)
    head, tail = b"\xa0\x03\x02\x01\x02\x02", b"\xa0\x03\x02\x01\x01\x02"
    signed = resigned(leaf, head, tail, by=root, hash_algorithm=hashes.SHA256())
    return secret_text(replace(_good(), leaf=leaf, intermediate=root), certificate=signed)


def _too_deep() -> str:
    good = _good()
    further = made(Template.authority("Further", key="P-256/further"), by=good.intermediate)
    return _chain(further, good.intermediate, lineage=good.with_leaf(by=further))


def _same_name_other_key() -> str:
    return _chain(made(Template.authority("Intermediate", key="P-256/impostor"), by=_good().root))


def _without_middle() -> str:
    good = _good()
    further = made(Template.authority("Further", key="P-256/further"), by=made(Template.authority("Lost")))
    return _chain(further, good.root, lineage=good.with_leaf(by=further))


def _signed_by_itself() -> str:
    return secret_text(replace(_good(), leaf=made(Template.leaf(*NAMES))), certificate_chain="")


def _nameless_issuer() -> str:
    root = made(Template.authority("", key="P-256/root"))
    return secret_text(_good().with_leaf(by=root))


WRONG_VALUES: Mapping[str, Wrong] = {
    "no JSON": (lambda: "-----BEGIN", "secret must be a JSON object"),
    "JSON that is no object": (lambda: "[]", "secret must be a JSON object"),
    "too deep JSON": (lambda: "[" * 100_000, "secret must be a JSON object"),
    "no certificate": (lambda: secret_text(_good(), certificate=None), "got no certificate"),
    "no private key": (lambda: secret_text(_good(), private_key=" "), "got no private_key"),
    "a certificate that is a number": (
        lambda: secret_text(_good(), certificate=1),
        "certificate must be a text, got int",
    ),
    "a passphrase that is a list": (lambda: secret_text(_good(), passphrase=[]), "passphrase must be a text, got list"),
    "a certificate not in PEM": (
        lambda: secret_text(_good(), certificate="MIIB"),
        "certificate must hold certificates in",
    ),
    "a cut certificate": (
        lambda: secret_text(_good(), certificate=_good().leaf.pem[:-40]),
        "certificate must hold certificates in PEM",
    ),
    "a whole chain as certificate": (
        lambda: secret_text(_good(), certificate=_good().leaf.pem + _good().intermediate.pem),
        "certificate must be one certificate, got 2: put the others into certificate_chain",
    ),
    "a key as certificate": (
        lambda: secret_text(_good(), certificate=_good().leaf.key_pem()),
        "certificate must hold certificates only",
    ),
    "a key in the chain": (
        lambda: secret_text(_good(), certificate_chain=_good().intermediate.pem + _good().leaf.key_pem()),
        "certificate_chain must hold certificates only, got a private key",
    ),
    "a request in the chain": (
        lambda: secret_text(_good(), certificate_chain=_good().root.pem.replace("CERTIFICATE", "CERTIFICATE REQUEST")),
        "certificate_chain must hold certificates in PEM",
    ),
    "a large certificate": (
        lambda: _leaf(names=[*NAMES, *(f"{number:04}.shop.example.com" for number in range(1200))]),
        "certificate must be at most 32768 bytes",
    ),
    "version 2": (_version_2, "certificate must hold certificates in PEM"),
    "the key of another certificate": (
        lambda: secret_text(_good(), key=_good().intermediate),
        "private_key must be the key of certificate",
    ),
    "the key of another algorithm": (
        lambda: secret_text(_good(), key=made(Template.leaf("a", key="RSA-2048"))),
        "private_key must be the key of",
    ),
    "no key as key": (
        lambda: secret_text(_good(), private_key=_good().leaf.pem),
        "private_key must be a private key in",
    ),
    "an encrypted key without passphrase": (
        lambda: secret_text(_good(), private_key=_good().leaf.key_pem(passphrase="open it")),
        "private_key must come with passphrase",
    ),
    "an old encrypted key without passphrase": (
        lambda: secret_text(_good(), private_key=_good().leaf.key_pem(passphrase="open it", form=PKCS1_OR_SEC1)),
        "private_key must come with passphrase",
    ),
    "an encrypted key with another passphrase": (
        lambda: secret_text(_good(), private_key=_good().leaf.key_pem(passphrase="open it"), passphrase="open that"),
        "passphrase must open private_key",
    ),
    "an encrypted key that takes hours to open": (
        lambda: secret_text(_good(), private_key=pem(pbkdf2(2**31 - 1)), passphrase="open it"),
        "private_key must be encrypted with 1 to 10000000 iterations, got 2147483647",
    ),
    "an encrypted key that takes all memory to open": (
        lambda: secret_text(_good(), private_key=pem(scrypt(2**30)), passphrase="open it"),
        "private_key must be encrypted by scrypt in at most 67108864 bytes, got 128 * 1073741824 * 8 * 1",
    ),
    "an encrypted key that nobody knows how to open": (
        lambda: secret_text(_good(), private_key=pem(unknown_derivation()), passphrase="open it"),
        "or by PBES1 with SHA-1 and 3DES, got PBES2 with 1.2.3.4",
    ),
}
"""What is wrong with the secret, its files or its key."""

WRONG_LEAVES: Mapping[str, Wrong] = {
    "RSA with 1024 bits": (lambda: _leaf(key="RSA-1024"), "got RSA_1024"),
    "Ed25519": (lambda: _leaf(key="Ed25519"), "got Ed25519"),
    "an unusual curve": (lambda: _leaf(key="secp256k1"), "got secp256k1"),
    "a signature over SHA-1": (lambda: _over(SHA1), "must be signed over sha256, sha384, sha512, got sha1"),
    "a signature over MD5": (lambda: _over(MD5), "must be signed over sha256, sha384, sha512, got md5"),
    "a signature by Ed25519": (
        lambda: _authority(key="Ed25519/authority"),
        "certificate (CN=shop.example.com) must be signed over",
    ),
    "expired": (
        lambda: _leaf(not_after=NOW - _DAY),
        "certificate (CN=shop.example.com) must be valid now, got one that expired on 2026-11-21T12:00:00Z",
    ),
    "not yet valid": (lambda: _leaf(not_before=NOW + _DAY), "got one that is not valid before 2026-11-23T12:00:00Z"),
    "six days left": (lambda: _leaf(not_after=NOW + 6 * _DAY), "must be valid for 7 days more"),
    "an authority": (
        lambda: _leaf(is_authority=True, usages=("digital_signature", "key_cert_sign")),
        "got an authority's",
    ),
    "no extended key usage": (lambda: _leaf(purposes=()), "serverAuth among its extended key usages, got none"),
    "for clients": (lambda: _leaf(purposes=[ExtendedKeyUsageOID.CLIENT_AUTH]), "got 1.3.6.1.5.5.7.3.2"),
    "no digital signature": (lambda: _leaf(usages=("key_encipherment",)), "must allow digitalSignature"),
    "only a common name": (lambda: _leaf(names=()), "certificate must cover shop.example.com, *.shop.example.com"),
    "only the wildcard": (
        lambda: _leaf(names=["*.shop.example.com"]),
        "must cover shop.example.com among its alternative names, got *.shop.example.com",
    ),
    "a wildcard higher up": (lambda: _leaf(names=["*.example.com"]), "certificate must cover *.shop.example.com among"),
    "another name": (lambda: _leaf(names=["shop.example.org"]), "got shop.example.org"),
    "an endless OCSP address": (
        lambda: _leaf(
            further=[
                (
                    x509.AuthorityInformationAccess([
                        x509.AccessDescription(
                            AuthorityInformationAccessOID.OCSP,
                            x509.UniformResourceIdentifier("http://ocsp/" + "a" * 1000),
                        )
                    ]),
                    False,
                )
            ]
        ),
        "must have an OCSP URL of at most 1000 characters",
    ),
    "an unknown critical extension": (lambda: _leaf(further=[(_UNKNOWN, True)]), "as a client does"),
    "an issuer without a name": (_nameless_issuer, "must name its issuer"),
}
"""What is wrong with the server's certificate."""

WRONG_CHAINS: Mapping[str, Wrong] = {
    "no chain": (
        lambda: secret_text(_good(), certificate_chain=None),
        "certificate_chain must lead from certificate (CN",
    ),
    "signed by itself": (_signed_by_itself, "got a self-signed one"),
    "root before intermediate": (
        lambda: _chain(_good().root, _good().intermediate),
        "got certificate_chain[1] (CN=Root) after certificate (CN=shop.example.com), which certificate_chain[2] signed",
    ),
    "the certificate itself": (
        lambda: _chain(_good().leaf, _good().intermediate),
        "certificate_chain[1] (CN=shop.example.com) must be an authority that comes once, got the certificate itself",
    ),
    "twice the same": (
        lambda: _chain(_good().intermediate, _good().intermediate),
        "got certificate_chain[1] again: take it out",
    ),
    "no intermediate": (
        lambda: _chain(_good().root),
        "got no certificate of CN=Intermediate after certificate (CN=shop",
    ),
    "nothing in the middle": (_without_middle, "got no certificate of CN=Lost after certificate_chain[1] (CN=Further)"),
    "one of the same name": (
        _same_name_other_key,
        "must be signed by certificate_chain[1] (CN=Intermediate), got another",
    ),
    "something above the root": (
        lambda: _chain(_good().intermediate, _good().root, made(Template.authority("Above"))),
        "certificate_chain[2] (CN=Root) must be the last, since it is a root",
    ),
    "an expired authority": (
        lambda: _authority(not_after=NOW - _DAY),
        "certificate_chain[1] (CN=Intermediate) must be valid now, got one that",
    ),
    "an authority of tomorrow": (
        lambda: _authority(not_before=NOW + _DAY),
        "certificate_chain[1] (CN=Intermediate) must be valid now",
    ),
    "an authority that ends before": (
        lambda: _authority(not_after=NOW + 6 * _DAY),
        "certificate_chain[1] (CN=Intermediate) must be valid for 7 days",
    ),
    "an authority that is none": (lambda: _authority(is_authority=False), "basic constraints do not say so"),
    "an authority that says nothing": (lambda: _authority(is_authority=None), "basic constraints do not say so"),
    "an authority that may not sign": (lambda: _authority(usages=("crl_sign",)), "must allow keyCertSign"),
    "too many authorities": (
        _too_deep,
        "certificate_chain[2] (CN=Intermediate) must allow 1 authorities below it, got path length 0",
    ),
    "an authority with a weak key": (lambda: _authority(key="RSA-1024/authority"), "RSA with 2048 bits or more"),
    "an authority signed over SHA-1": (_weak_authority, "certificate_chain[1] (CN=Intermediate) must be signed over"),
    "an authority for other names": (
        lambda: _authority(further=[(x509.NameConstraints([x509.DNSName("example.org")], None), True)]),
        "certificate must verify for shop.example.com as a client does, got: validation failed",
    ),
}
"""What is wrong with those that signed it."""

_KEY = "must have the key algorithm of the one in service, "
_USAGE, _PURPOSE = "must have the key usage of the one in service", "must have the extended key usage of the one in"
_ENCIPHERS = ("digital_signature", "key_encipherment")
_SERVER, _CLIENT = ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH

WRONG_REPLACEMENTS: Mapping[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    "another curve": (
        {},
        {"key": "P-384"},
        f"{_KEY}EC_prime256v1, got EC_secp384r1: another type of key needs another",
    ),
    "another type of key": ({}, {"key": "RSA-2048"}, f"{_KEY}EC_prime256v1, got RSA_2048: another type of key needs"),
    "a key usage less": (
        {"usages": ("digital_signature", "content_commitment", "key_agreement", "decipher_only")},
        {},
        f"{_USAGE}, got one without decipherOnly, keyAgreement, nonRepudiation: another ImportedCertificate takes it",
    ),
    "a key usage less of RSA": (
        {"key": "RSA-2048", "usages": _ENCIPHERS},
        {"key": "RSA-2048"},
        f"{_USAGE}, got one without keyEncipherment",
    ),
    "no key usage any more": ({}, {"usages": None}, f"{_USAGE}, got one without digitalSignature"),
    "a key usage where there was none": ({"usages": None}, {}, f"{_USAGE}, got digitalSignature where there was none"),
    "an extended key usage less": (
        {"purposes": (_SERVER, ExtendedKeyUsageOID.CODE_SIGNING)},
        {"purposes": (_SERVER, _CLIENT)},
        f"{_PURPOSE} service, got one without 1.3.6.1.5.5.7.3.3: another ImportedCertificate takes it",
    ),
}
"""What a certificate must not change of the one in service: what that one says, what it says itself, and the reason.

https://docs.aws.amazon.com/acm/latest/userguide/import-reimport.html
"""

RIGHT_REPLACEMENTS: Mapping[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "another key of the same type": ({}, {"key": "P-256/another"}),
    "further names": ({}, {"names": [*NAMES, "more.example.com"]}),
    "a key usage more": ({}, {"usages": (*_ENCIPHERS, "key_agreement", "encipher_only")}),
    "an extended key usage more": ({}, {"purposes": (_SERVER, _CLIENT)}),
    "no key encipherment of an elliptic curve": ({"usages": _ENCIPHERS}, {}),
    "not for clients any more": ({"purposes": (_SERVER, _CLIENT)}, {}),
    "no key usage at all": ({"usages": None}, {"usages": None, "key": "P-256/another"}),
}
"""What a certificate may change of the one in service: what that one says, and what it says itself."""


def replacement(served: dict[str, Any], new: dict[str, Any]) -> tuple[str, str]:
    """What the secret holds of each of two certificates."""
    return _leaf(**served), _leaf(not_before=NOW - _DAY, **new)


WRONG: Mapping[str, Wrong] = {**WRONG_VALUES, **WRONG_LEAVES, **WRONG_CHAINS}


def secrets_of(value: str) -> list[str]:
    """What of a value must be in no text: the lines of its private key, and its passphrase."""
    try:
        fields = json.loads(value)
    except (ValueError, RecursionError):
        return []
    if not isinstance(fields, dict):
        return []
    key, passphrase = fields.get("private_key"), fields.get("passphrase")
    lines = [each for each in str(key).splitlines() if "-----" not in each and len(each) > 16]
    return [*lines, *([passphrase] if isinstance(passphrase, str) else [])]
