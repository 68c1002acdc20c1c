"""What a certificate says of itself before it is deployed."""

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_certificatemanager as acm

from constructs_lib import ConfigurationError
from constructs_lib.serving.told_certificate import ToldCertificate, read_certificate
from constructs_lib.wiring.certificate_facts import KeyAlgorithm
from tests.support.served_app import ACCOUNT, ELSEWHERE_ARN, HOME, StandIn, new_stack


@pytest.fixture(scope="module")
def stack() -> cdk.Stack:
    return new_stack()


def test_one_of_this_library_tells_its_facts(stack: cdk.Stack) -> None:
    given = StandIn(stack, "Own", "a.example.com", "*.b.example.com", key_algorithm=KeyAlgorithm.ECDSA_P384)

    assert read_certificate("certificate", given) == ToldCertificate(
        called="Shop/Own",
        domain_names=("a.example.com", "*.b.example.com"),
        key_algorithm=KeyAlgorithm.ECDSA_P384,
        region=HOME,
        account=ACCOUNT,
    )


def test_one_of_the_cdk_says_what_stands_in_its_template(stack: cdk.Stack) -> None:
    given = acm.Certificate(
        stack,
        "Cdk",
        domain_name="A.example.com",
        subject_alternative_names=["b.example.com"],
        key_algorithm=acm.KeyAlgorithm.EC_PRIME256_V1,
    )

    assert read_certificate("certificate", given) == ToldCertificate(
        called="Shop/Cdk",
        domain_names=("a.example.com", "b.example.com"),
        key_algorithm=KeyAlgorithm.ECDSA_P256,
        region=HOME,
        account=ACCOUNT,
    )


def test_one_of_the_cdk_that_says_no_algorithm_is_rsa_2048(stack: cdk.Stack) -> None:
    given = acm.Certificate(stack, "Untold", domain_name="a.example.com")

    assert read_certificate("certificate", given).key_algorithm is KeyAlgorithm.RSA_2048


def test_names_of_a_parameter_are_not_known(stack: cdk.Stack) -> None:
    name = cdk.CfnParameter(stack, "Name").value_as_string
    given = acm.Certificate(stack, "Token", domain_name=name, validation=acm.CertificateValidation.from_dns())

    assert read_certificate("certificate", given).domain_names is None


def test_of_an_imported_one_its_arn_says_where_it_is(stack: cdk.Stack) -> None:
    """The CDK says the Region of the stack that imports it."""
    given = acm.Certificate.from_certificate_arn(stack, "Imported", ELSEWHERE_ARN)

    assert read_certificate("certificate", given) == ToldCertificate(
        called="Shop/Imported", domain_names=None, key_algorithm=None, region="us-east-1", account=ACCOUNT
    )


def test_of_an_imported_one_whose_arn_is_a_parameter_nothing_is_known(stack: cdk.Stack) -> None:
    arn = cdk.CfnParameter(stack, "Arn").value_as_string
    told = read_certificate("certificate", acm.Certificate.from_certificate_arn(stack, "Later", arn))

    assert (told.region, told.account, told.domain_names) == (None, None, None)


@pytest.mark.parametrize(
    ("given", "got"), [("arn:aws:acm:us-east-1:111122223333:certificate/1", "'arn:aws:acm"), (None, "None")]
)
def test_refuses_what_is_no_certificate(given: Any, got: str) -> None:
    with pytest.raises(ConfigurationError, match=f"certificate must be a certificate, such as .*, got {got}"):
        read_certificate("certificate", given)


def test_refuses_an_arn_of_something_else(stack: cdk.Stack) -> None:
    arn = f"arn:aws:iam::{ACCOUNT}:server-certificate/old"
    given = acm.Certificate.from_certificate_arn(stack, "OfIam", arn)

    with pytest.raises(ConfigurationError, match=r"certificate must have an ARN like arn:aws:acm:.*, got 'arn:aws:iam"):
        read_certificate("certificate", given)


def test_refuses_a_key_of_1024_bits(stack: cdk.Stack) -> None:
    given = acm.Certificate(stack, "Weak", domain_name="a.example.com", key_algorithm=acm.KeyAlgorithm("RSA_1024"))

    with pytest.raises(ConfigurationError, match=r"certificate must have one of the key algorithms .* with RSA_1024"):
        read_certificate("certificate", given)
