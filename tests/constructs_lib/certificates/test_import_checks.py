from typing import Any

import aws_cdk as cdk
import pytest

from constructs_lib.certificates.import_checks import ImportChecks, read_import_checks
from constructs_lib.errors import ConfigurationError
from constructs_lib.wiring.certificate_facts import KeyAlgorithm
from constructs_lib.wiring.certificate_targets import Target

SECRET_ARN = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:shop-AbCdEf"
ANCHOR = "-----BEGIN CERTIFICATE-----\nMAMCAQc=\n-----END CERTIFICATE-----\n"
OTHER_ANCHOR = ANCHOR.replace("MAMCAQc=", "MAMCAQg=")


def read(**told: Any) -> ImportChecks:
    usual = {
        "domain_names": ["shop.example.com"],
        "targets": (),
        "trust_anchors": (),
        "least_days_left": cdk.Duration.days(7),
    }
    return read_import_checks(**{**usual, **told})


def test_untold_every_algorithm_and_every_root_will_do() -> None:
    checks = read()

    assert checks.variables(SECRET_ARN) == {
        "SECRET_ARN": SECRET_ARN,
        "DOMAIN_NAMES": "shop.example.com",
        "LEAST_DAYS_LEFT": "7",
    }
    assert checks.files == ()


def test_the_function_is_told_names_as_they_are_in_certificates() -> None:
    checks = read(domain_names=["Shop.Example.com", "*.bücher.example"])

    assert checks.domain_names == ("shop.example.com", "*.xn--bcher-kva.example")
    assert checks.variables(SECRET_ARN)["DOMAIN_NAMES"] == "shop.example.com,*.xn--bcher-kva.example"


def test_only_what_every_target_takes_is_taken() -> None:
    checks = read(targets=[Target.APPLICATION_LOAD_BALANCER, Target.CLOUDFRONT])

    assert checks.key_algorithms is not None
    assert set(checks.key_algorithms) == {each for each in KeyAlgorithm if Target.CLOUDFRONT.takes(each)}
    assert checks.variables(SECRET_ARN)["KEY_ALGORITHMS"] == "RSA_2048,RSA_3072,RSA_4096,EC_prime256v1"


def test_a_target_that_takes_all_narrows_nothing() -> None:
    assert read(targets=[Target.APPLICATION_LOAD_BALANCER]).key_algorithms is None


def test_trust_anchors_are_a_file_beside_the_code_and_their_digest_is_what_cloudformation_compares() -> None:
    one, two = read(trust_anchors=[ANCHOR]), read(trust_anchors=[ANCHOR, OTHER_ANCHOR])

    assert two.files == (("trust_anchors.pem", ANCHOR + OTHER_ANCHOR),)
    assert one.variables(SECRET_ARN) == two.variables(SECRET_ARN)
    assert one.variables(SECRET_ARN)["TRUST_ANCHORS"] == "trust_anchors.pem"
    digests = [each.told(SECRET_ARN)["TRUST_ANCHORS"] for each in (one, two)]
    assert [len(set(digests)), {len(each) for each in digests}] == [2, {64}]


def test_whoever_changes_a_demand_changes_what_cloudformation_compares() -> None:
    told = [
        each.told(SECRET_ARN)
        for each in (
            read(),
            read(domain_names=["shop.example.org"]),
            read(targets=[Target.CLOUDFRONT]),
            read(least_days_left=cdk.Duration.days(8)),
            read(trust_anchors=[ANCHOR]),
        )
    ]

    assert len({tuple(sorted(each.items())) for each in told}) == len(told)
    assert read().told(SECRET_ARN) != read().told(SECRET_ARN.replace("shop", "other"))


@pytest.mark.parametrize("days", [1, 365])
def test_the_days_left_have_limits_that_are_taken(days: int) -> None:
    assert read(least_days_left=cdk.Duration.days(days)).least_days_left == days


@pytest.mark.parametrize(
    ("told", "message"),
    [
        (
            {"least_days_left": cdk.Duration.days(0)},
            "least_days_left must be a Duration of 1 to 365 whole days, got",
        ),
        (
            {"least_days_left": cdk.Duration.days(366)},
            "least_days_left must be a Duration of 1 to 365 whole days, got 366 days",
        ),
        (
            {"least_days_left": cdk.Duration.hours(36)},
            "least_days_left must be a Duration of 1 to 365 whole days, got 1 day 12 hours",
        ),
        ({"least_days_left": 7}, "least_days_left must be a Duration of 1 to 365 whole days, got 7"),
        ({"targets": "a load balancer"}, "targets must be a list of Target, got 'a load balancer'"),
        ({"targets": Target.CLOUDFRONT}, "targets must be a list of Target, got a Target"),
        ({"targets": ["CLOUDFRONT"]}, "targets must be a list of members of Target, got 'CLOUDFRONT'"),
        ({"trust_anchors": ["root.pem"]}, "trust_anchors[0] must be one certificate in PEM"),
        ({"domain_names": []}, "domain_names must"),
        ({"domain_names": ["co.uk"]}, "domain_names"),
        (
            {"domain_names": [f"{'a' * 60}{number}.example.com" for number in range(50)]},
            "domain_names must have at most 3000 characters together, got 3739",
        ),
    ],
    ids=["no days", "years", "hours", "number", "text", "one", "name", "anchor", "nobody", "suffix", "long"],
)
def test_refuses_what_is_no_demand(told: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        read(**told)

    assert str(refused.value).startswith(message)
