from constructs_lib.watching.certificate_event import CertificateEvent


def test_new_certificates_are_not_told_untold() -> None:
    assert set(CertificateEvent) - CertificateEvent.usual() == {CertificateEvent.AVAILABLE}
