import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtensionOID

from certificate_care.certificate_files import der_of, pem_of, read_certificate, read_certificates
from certificate_care.errors import CertificateRefused
from tests.support.made_certificates import Lineage, Template, made, resigned


@pytest.fixture
def lineage() -> Lineage:
    return Lineage.of()


def test_reads_and_writes_certificates_in_their_order(lineage: Lineage) -> None:
    text = lineage.intermediate.pem + lineage.root.pem

    found = read_certificates("certificate_chain", text)

    assert found == (lineage.intermediate.certificate, lineage.root.certificate)
    assert pem_of(found).decode() == text
    assert der_of(found) == tuple(each.public_bytes(Encoding.DER) for each in found)


def test_reads_nothing_from_nothing() -> None:
    assert read_certificates("certificate_chain", "") == ()
    assert pem_of(()) == b""


@pytest.mark.parametrize("line_end", ["\n", "\r\n"], ids=repr)
def test_passes_over_what_stands_between_certificates(lineage: Lineage, line_end: str) -> None:
    text = f"subject=CN = shop\n{lineage.leaf.pem}\n\nBag Attributes\n".replace("\n", line_end)

    assert read_certificate(text) == lineage.leaf.certificate


@pytest.mark.parametrize("count", [0, 2])
def test_refuses_another_number_than_one_certificate(lineage: Lineage, count: int) -> None:
    with pytest.raises(CertificateRefused, match=f"certificate must be one certificate, got {count}: put the others"):
        read_certificate(lineage.leaf.pem * count)


@pytest.mark.parametrize("text", ["MIIB", " ", "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n"])
def test_refuses_what_is_no_certificate_and_names_the_field(text: str) -> None:
    with pytest.raises(CertificateRefused, match=r"^the field must hold certificates in PEM .*, got something else$"):
        read_certificates("the field", text)


def test_refuses_a_private_key_before_anything_else(lineage: Lineage) -> None:
    with pytest.raises(CertificateRefused, match=r"^the field must hold certificates only, got a private key$"):
        read_certificates("the field", "MIIB" + lineage.leaf.key_pem())


def test_says_where_a_certificate_stands_whose_extensions_cannot_be_read(lineage: Lineage) -> None:
    broken = made(
        Template.leaf(further=[(x509.UnrecognizedExtension(ExtensionOID.SUBJECT_ALTERNATIVE_NAME, b"\x05"), False)])
    )

    with pytest.raises(
        CertificateRefused,
        match=r"^the field must hold X.509 certificates of known algorithms, got another one at position 2$",
    ):
        read_certificates("the field", lineage.leaf.pem + broken.pem)


def test_reads_an_old_root_with_serial_number_0() -> None:
    root = made(Template.authority("Old root", key="RSA-2048/root", serial_number=1))
    version = b"\xa0\x03\x02\x01\x02"
    old = resigned(root, version + b"\x02\x01\x01", version + b"\x02\x01\x00", by=root, hash_algorithm=hashes.SHA256())

    assert len(read_certificates("certificate_chain", old)) == 1
