from typing import Any

import aws_cdk as cdk
import pytest

from constructs_lib.certificates.key_choice import (
    ISSUED_BY_ACM,
    check_region_of_targets,
    choose_key_algorithm,
    read_targets,
)
from constructs_lib.errors import ConfigurationError
from constructs_lib.wiring.certificate_facts import KeyAlgorithm
from constructs_lib.wiring.certificate_targets import Target


@pytest.mark.parametrize("target", Target)
def test_untold_every_target_gets_a_key_that_it_takes(target: Target) -> None:
    chosen = choose_key_algorithm(None, [target])
    assert target.takes(chosen)
    takes_ecdsa = target.takes(KeyAlgorithm.ECDSA_P256)
    assert chosen is (KeyAlgorithm.ECDSA_P256 if takes_ecdsa else KeyAlgorithm.RSA_2048)


def test_untold_and_for_no_target_in_particular_the_key_is_p256() -> None:
    assert choose_key_algorithm(None, ()) is KeyAlgorithm.ECDSA_P256


@pytest.mark.parametrize("target", Target)
def test_every_target_takes_rsa_2048(target: Target) -> None:
    assert target.takes(KeyAlgorithm.RSA_2048)


@pytest.mark.parametrize("algorithm", ISSUED_BY_ACM)
def test_what_acm_issues_can_be_asked_for(algorithm: KeyAlgorithm) -> None:
    assert choose_key_algorithm(algorithm, [Target.APPLICATION_LOAD_BALANCER]) is algorithm


@pytest.mark.parametrize("given", [KeyAlgorithm.RSA_4096, KeyAlgorithm.ECDSA_P521, "RSA_1024", "RSA_2048"])
def test_refuses_what_acm_does_not_issue(given: Any) -> None:
    with pytest.raises(
        ConfigurationError, match=r"^key_algorithm must be one that ACM issues, of KeyAlgorithm.RSA_2048"
    ):
        choose_key_algorithm(given, ())


def test_refuses_a_key_that_a_target_does_not_take() -> None:
    with pytest.raises(
        ConfigurationError, match=r"one that a CloudFront distribution takes, got KeyAlgorithm.ECDSA_P384"
    ):
        choose_key_algorithm(KeyAlgorithm.ECDSA_P384, [Target.APPLICATION_LOAD_BALANCER, Target.CLOUDFRONT])


@pytest.mark.parametrize("given", ["cloudfront", Target.CLOUDFRONT, ["cloudfront"]], ids=["text", "one", "texts"])
def test_refuses_targets_that_are_none(given: Any) -> None:
    with pytest.raises(ConfigurationError, match=r"^targets must be a list of (members of )?Target, got"):
        read_targets(given)


@pytest.mark.parametrize("target", [Target.CLOUDFRONT, Target.COGNITO, Target.EDGE_OPTIMIZED_API])
def test_refuses_another_region_for_what_takes_those_of_us_east_1(target: Target) -> None:
    stack = cdk.Stack(cdk.App(), "Shop", env=cdk.Environment(region="eu-central-1"))
    with pytest.raises(
        ConfigurationError, match=f"^scope must be in us-east-1, whose certificates {target.called} takes"
    ):
        check_region_of_targets(stack, [target])
    check_region_of_targets(cdk.Stack(cdk.App(), "Edge", env=cdk.Environment(region="us-east-1")), [target])
    check_region_of_targets(cdk.Stack(cdk.App(), "Anywhere"), [target])
