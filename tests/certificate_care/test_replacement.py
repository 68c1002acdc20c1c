import json

import pytest
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID
from hypothesis import given, settings
from hypothesis import strategies as st

from certificate_care.certificate_facts import Placed
from certificate_care.errors import CertificateRefused
from certificate_care.replacement import check_replacement
from tests.support.made_certificates import NAMES, Template, made
from tests.support.reimported_certificate import acm_refuses
from tests.support.wrong_certificates import RIGHT_REPLACEMENTS, WRONG_REPLACEMENTS, replacement

KEYS = (("P-256", "P-256"), ("RSA-2048", "RSA-2048"), ("P-256", "P-384"))
USAGES = (
    "digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
    "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
)  # fmt: skip
PURPOSES = (ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH, ExtendedKeyUsageOID.CODE_SIGNING)


def certificate_in(value: str) -> x509.Certificate:
    return x509.load_pem_x509_certificate(json.loads(value)["certificate"].encode())


@pytest.mark.parametrize("wrong", WRONG_REPLACEMENTS)
def test_refuses_what_acm_does_not_take_over_the_one_in_service(wrong: str) -> None:
    *both, reason = WRONG_REPLACEMENTS[wrong]
    served, new = map(certificate_in, replacement(*both))

    with pytest.raises(CertificateRefused) as refused:
        check_replacement(Placed(new, "certificate"), served=served)

    said = str(refused.value)
    assert said.startswith(f"certificate (CN={NAMES[0]}) must have the ")
    assert reason in said
    assert said.endswith(("needs another ImportedCertificate", "another ImportedCertificate takes it"))


@pytest.mark.parametrize("right", RIGHT_REPLACEMENTS)
def test_takes_what_acm_takes(right: str) -> None:
    served, new = map(certificate_in, replacement(*RIGHT_REPLACEMENTS[right]))

    check_replacement(Placed(new, "certificate"), served=served)
    assert not acm_refuses(new, over=served)


def certificate(key: str, usages: frozenset[str], purposes: frozenset[x509.ObjectIdentifier]) -> x509.Certificate:
    if "key_agreement" not in usages:
        usages -= {"encipher_only", "decipher_only"}
    template = Template.leaf(*NAMES, key=key, usages=usages or None, purposes=sorted(purposes, key=repr))
    return made(template).certificate


def test_names_what_is_missing_as_the_standard_does() -> None:
    served = certificate("RSA-2048", frozenset(USAGES), frozenset())
    new = certificate("RSA-2048", frozenset(["digital_signature"]), frozenset())

    with pytest.raises(CertificateRefused) as refused:
        check_replacement(Placed(new, "certificate"), served=served)
    assert str(refused.value).partition("without ")[2].partition(":")[0].split(", ") == [
        "cRLSign", "dataEncipherment", "decipherOnly", "encipherOnly", "keyAgreement", "keyCertSign", "keyEncipherment",
        "nonRepudiation",
    ]  # fmt: skip


@given(
    st.sampled_from(KEYS),
    st.frozensets(st.sampled_from(USAGES)),
    st.frozensets(st.sampled_from(USAGES), max_size=2),
    st.frozensets(st.sampled_from(PURPOSES)),
    st.frozensets(st.sampled_from(PURPOSES), max_size=1),
)
@settings(max_examples=150, deadline=None)
def test_refuses_exactly_what_the_rules_of_acm_refuse(
    keys: tuple[str, str],
    usages: frozenset[str],
    other_usages: frozenset[str],
    purposes: frozenset[x509.ObjectIdentifier],
    other_purposes: frozenset[x509.ObjectIdentifier],
) -> None:
    served = certificate(keys[0], usages, purposes)
    new = certificate(keys[1], usages ^ other_usages, purposes ^ other_purposes)

    try:
        check_replacement(Placed(new, "certificate"), served=served)
    except CertificateRefused:
        assert acm_refuses(new, over=served)
    else:
        assert not acm_refuses(new, over=served)
