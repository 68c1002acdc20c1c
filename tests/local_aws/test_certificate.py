from datetime import timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.x509.oid import ExtensionOID

from local_aws.certificate import make_certificate


def test_the_certificate_is_for_this_machine_alone_and_signed_by_its_authority(tmp_path: Path) -> None:
    files = make_certificate(tmp_path)
    certificate = x509.load_pem_x509_certificate(files.certificate.read_bytes())
    authority = x509.load_pem_x509_certificate(files.authority.read_bytes())
    names = certificate.extensions.get_extension_for_oid(ExtensionOID.SUBJECT_ALTERNATIVE_NAME).value

    certificate.verify_directly_issued_by(authority)
    assert (
        str(names)
        == "<SubjectAlternativeName(<GeneralNames([<DNSName(value='localhost')>, <IPAddress(value=127.0.0.1)>])>)>"
    )
    assert certificate.not_valid_after_utc - certificate.not_valid_before_utc < timedelta(days=3)


def test_the_private_key_is_private_and_that_of_the_authority_is_nowhere(tmp_path: Path) -> None:
    files = make_certificate(tmp_path)
    key = load_pem_private_key(files.private_key.read_bytes(), password=None)
    certificate = x509.load_pem_x509_certificate(files.certificate.read_bytes())

    assert key.public_key() == certificate.public_key()
    assert files.private_key.stat().st_mode & 0o077 == 0
    assert {path.name for path in tmp_path.iterdir()} == {"authority.pem", "certificate.pem", "private-key.pem"}


def test_no_two_lives_share_an_authority(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()

    first, second = make_certificate(tmp_path / "a"), make_certificate(tmp_path / "b")

    assert first.authority.read_bytes() != second.authority.read_bytes()
