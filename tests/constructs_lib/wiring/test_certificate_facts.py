import aws_cdk as cdk
import pytest
from aws_cdk import aws_certificatemanager as acm

from constructs_lib.wiring.certificate_facts import CertificateFacts, KeyAlgorithm, Renewal, TellsCertificate


def test_an_algorithm_is_one_of_acm_and_none_is_weak() -> None:
    known = [getattr(acm.KeyAlgorithm, name) for name in dir(acm.KeyAlgorithm) if name.isupper()]

    assert {each.value for each in KeyAlgorithm} == {each.name for each in known} - {"RSA_1024"}


def test_a_certificate_of_the_cdk_tells_nothing() -> None:
    arn = "arn:aws:acm:eu-west-1:111122223333:certificate/00000000-0000-0000-0000-000000000000"
    given = acm.Certificate.from_certificate_arn(cdk.Stack(cdk.App(), "Shop"), "Certificate", arn)

    assert not isinstance(given, TellsCertificate)


@pytest.mark.parametrize("renewal", Renewal)
def test_facts_say_who_renews(renewal: Renewal) -> None:
    facts = CertificateFacts(domain_names=("example.com",), key_algorithm=None, renewal=renewal, region=None)

    assert (facts.renewal, facts.importer) == (renewal, None)
    assert renewal.value
