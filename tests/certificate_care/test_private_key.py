import pytest

from certificate_care.errors import CertificateRefused
from certificate_care.private_key import LARGEST_KEY, open_key
from tests.support.made_certificates import PKCS1_OR_SEC1, PKCS8, Lineage, key_of


@pytest.fixture
def lineage() -> Lineage:
    return Lineage.of()


@pytest.mark.parametrize("form", [PKCS8, PKCS1_OR_SEC1], ids=["PKCS #8", "SEC 1"])
@pytest.mark.parametrize("passphrase", [None, "öffne"], ids=["open", "encrypted"])
def test_writes_every_form_as_pkcs_8_without_encryption(lineage: Lineage, form: object, passphrase: str | None) -> None:
    assert form in {PKCS8, PKCS1_OR_SEC1}
    text = lineage.leaf.key_pem(passphrase=passphrase, form=PKCS8 if form is PKCS8 else PKCS1_OR_SEC1)

    opened = open_key(text, passphrase, certificate=lineage.leaf.certificate)

    assert opened.decode() == lineage.leaf.key_pem()
    assert opened.startswith(b"-----BEGIN PRIVATE KEY-----")
    assert len(opened) <= LARGEST_KEY


def test_reads_parameters_that_stand_before_the_key(lineage: Lineage) -> None:
    parameters = "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n"
    text = parameters + lineage.leaf.key_pem(form=PKCS1_OR_SEC1)

    assert open_key(text, None, certificate=lineage.leaf.certificate).decode() == lineage.leaf.key_pem()


def test_refuses_the_key_of_another_certificate(lineage: Lineage) -> None:
    with pytest.raises(CertificateRefused, match="got the key of another one: put both of the same request"):
        open_key(lineage.leaf.key_pem(), None, certificate=lineage.intermediate.certificate)


@pytest.mark.parametrize(
    ("passphrase", "reason"),
    [(None, "must come with passphrase if it is encrypted, got none"), ("that", "passphrase must open private_key")],
)
def test_refuses_what_it_cannot_open(lineage: Lineage, passphrase: str | None, reason: str) -> None:
    with pytest.raises(CertificateRefused, match=reason) as refused:
        open_key(lineage.leaf.key_pem(passphrase="this"), passphrase, certificate=lineage.leaf.certificate)
    assert refused.value.__context__ is None


@pytest.mark.parametrize("text", ["", "MIIE", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"])
def test_refuses_what_is_no_key_without_showing_it(lineage: Lineage, text: str) -> None:
    with pytest.raises(CertificateRefused) as refused:
        open_key(text, "open", certificate=lineage.leaf.certificate)
    assert (
        str(refused.value) == "private_key must be a private key in PEM (PKCS #8, PKCS #1 or SEC 1), got something else"
    )
    assert refused.value.__context__ is None


def test_tells_two_keys_of_the_same_kind_apart() -> None:
    assert key_of("P-256") is key_of("P-256")
    assert key_of("P-256").public_key() != key_of("P-256/another").public_key()
