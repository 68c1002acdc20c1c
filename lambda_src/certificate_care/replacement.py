"""Whether ACM takes a certificate over the one in service: it lets change much of it, and not everything.

https://docs.aws.amazon.com/acm/latest/userguide/import-reimport.html
https://docs.aws.amazon.com/acm/latest/userguide/import-certificate-prerequisites.html
"""

from typing import Final

from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from certificate_care.certificate_facts import Placed, key_algorithm, said
from certificate_care.errors import CertificateRefused

# https://www.rfc-editor.org/rfc/rfc5280#section-4.2.1.3
_USAGES: Final = {
    "digital_signature": "digitalSignature",
    "content_commitment": "nonRepudiation",
    "key_encipherment": "keyEncipherment",
    "data_encipherment": "dataEncipherment",
    "key_agreement": "keyAgreement",
    "key_cert_sign": "keyCertSign",
    "crl_sign": "cRLSign",
}
_USAGES_OF_AGREEMENT: Final = {"encipher_only": "encipherOnly", "decipher_only": "decipherOnly"}
# Authorities issue no more for clients, and keys of elliptic curves encipher no keys.
_PURPOSES_THAT_MAY_GO: Final = frozenset({ExtendedKeyUsageOID.CLIENT_AUTH.dotted_string})
_USAGES_THAT_MAY_GO_OF_ELLIPTIC: Final = frozenset({"keyEncipherment"})


def check_replacement(placed: Placed, *, served: x509.Certificate) -> None:
    """Check that a certificate changes nothing of the one in service that ACM keeps as it is.

    Args:
        placed: It.
        served: The one in service, under the ARN that both have.

    Raises:
        CertificateRefused: If it has another type or size of key, lacks values of the key usage or the extended key
            usage, or has the first ones.
    """
    former, new = key_algorithm(served), key_algorithm(placed.certificate)
    if new != former:
        raise CertificateRefused(
            f"{placed.called} must have the key algorithm of the one in service, {former}, got {new}: "
            "another type of key needs another ImportedCertificate"
        )
    may_go = _USAGES_THAT_MAY_GO_OF_ELLIPTIC if new.startswith("EC_") else frozenset[str]()
    _check_kept(placed, "key usage", had=_usages(served), has=_usages(placed.certificate), may_go=may_go)
    had, has = _purposes(served), _purposes(placed.certificate)
    _check_kept(placed, "extended key usage", had=had, has=has, may_go=_PURPOSES_THAT_MAY_GO)


def _check_kept(
    placed: Placed, extension: str, *, had: frozenset[str], has: frozenset[str], may_go: frozenset[str]
) -> None:
    if has and not had:
        got = f"{', '.join(sorted(has))} where there was none"
    elif gone := had - has - may_go:
        got = f"one without {', '.join(sorted(gone))}"
    else:
        return
    raise CertificateRefused(
        f"{placed.called} must have the {extension} of the one in service, got {got}: "
        "another ImportedCertificate takes it"
    )


def _usages(certificate: x509.Certificate) -> frozenset[str]:
    found = said(certificate, x509.KeyUsage)
    if found is None:
        return frozenset()
    # The library refuses to say these two where there is no agreement.
    names = {**_USAGES, **(_USAGES_OF_AGREEMENT if found.key_agreement else {})}
    return frozenset(called for name, called in names.items() if getattr(found, name))


def _purposes(certificate: x509.Certificate) -> frozenset[str]:
    return frozenset(each.dotted_string for each in said(certificate, x509.ExtendedKeyUsage) or ())
