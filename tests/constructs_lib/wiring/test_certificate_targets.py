"""Which service takes which certificate."""

import pytest

from constructs_lib.wiring.certificate_facts import KeyAlgorithm
from constructs_lib.wiring.certificate_targets import Target

P256, P384, P521 = KeyAlgorithm.ECDSA_P256, KeyAlgorithm.ECDSA_P384, KeyAlgorithm.ECDSA_P521
RSA_2048, RSA_3072, RSA_4096 = KeyAlgorithm.RSA_2048, KeyAlgorithm.RSA_3072, KeyAlgorithm.RSA_4096
EVERY = {P256, P384, P521, RSA_2048, RSA_3072, RSA_4096}


@pytest.mark.parametrize(
    ("target", "taken"),
    [
        (Target.APPLICATION_LOAD_BALANCER, EVERY),
        (Target.NETWORK_LOAD_BALANCER, EVERY - {RSA_4096}),
        (Target.REST_API, EVERY),
        (Target.HTTP_API, EVERY),
        (Target.EDGE_OPTIMIZED_API, {P256, RSA_2048}),
        (Target.CLOUDFRONT, {P256, RSA_2048, RSA_3072, RSA_4096}),
        (Target.COGNITO, {P256, RSA_2048, RSA_3072, RSA_4096}),
    ],
    ids=lambda value: value.name if isinstance(value, Target) else "",
)
def test_each_service_takes_these_key_algorithms(target: Target, taken: set[KeyAlgorithm]) -> None:
    assert {algorithm for algorithm in KeyAlgorithm if target.takes(algorithm)} == taken


def test_every_service_takes_what_certificates_have_by_default() -> None:
    assert all(target.takes(P256) and target.takes(RSA_2048) for target in Target)


def test_what_cloudfront_delivers_takes_certificates_of_one_region() -> None:
    assert {target.name: target.only_in for target in Target if target.only_in} == {
        "EDGE_OPTIMIZED_API": "us-east-1",
        "CLOUDFRONT": "us-east-1",
        "COGNITO": "us-east-1",
    }


def test_texts_name_a_service_with_its_article() -> None:
    assert all(target.called.startswith(("a ", "an ")) for target in Target)
