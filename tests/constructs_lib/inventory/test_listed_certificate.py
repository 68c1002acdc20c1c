"""What is told of a certificate can be compared and put in order."""

from constructs_lib.inventory.listed_certificate import CertificateUse, ListedCertificate, Origin, Permitted


def test_people_are_in_order_by_name() -> None:
    assert sorted([Permitted("B"), Permitted("A", ("Bool a:b true",)), Permitted("A")]) == [
        Permitted("A"),
        Permitted("A", ("Bool a:b true",)),
        Permitted("B"),
    ]


def test_what_is_not_told_of_a_certificate_is_empty() -> None:
    found = ListedCertificate(path="App/Cert", origin=Origin.REQUESTED)

    assert (found.uses, found.permitted, found.is_exportable) == ((), {}, False)
    assert CertificateUse("App/Site", "CloudFront distribution").domain_names == ()
