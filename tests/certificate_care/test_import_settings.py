import pytest

from certificate_care.errors import Misconfigured
from certificate_care.import_settings import ALGORITHMS, VARIABLES, Settings
from tests.support.fake_secrets_manager import SECRET_ARN

TOLD = {"SECRET_ARN": SECRET_ARN, "DOMAIN_NAMES": "shop.example.com"}
EVERYTHING = {
    "SECRET_ARN": SECRET_ARN,
    "DOMAIN_NAMES": "example.com,*.xn--bcher-kva.example",
    "KEY_ALGORITHMS": "RSA_2048,EC_prime256v1",
    "LEAST_DAYS_LEFT": "30",
    "TRUST_ANCHORS": "trust_anchors.pem",
}


def test_reads_everything_that_can_be_told() -> None:
    assert tuple(EVERYTHING) == VARIABLES
    assert Settings.of(EVERYTHING) == Settings(
        SECRET_ARN,
        ("example.com", "*.xn--bcher-kva.example"),
        ("RSA_2048", "EC_prime256v1"),
        30,
        "trust_anchors.pem",
    )


def test_takes_any_root_and_algorithm_and_seven_days_where_nothing_is_told() -> None:
    assert Settings.of(TOLD) == Settings(SECRET_ARN, ("shop.example.com",), ALGORITHMS, 7, None)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("SECRET_ARN", ""),
        ("SECRET_ARN", "shop/token"),
        ("DOMAIN_NAMES", ""),
        ("DOMAIN_NAMES", "example.com,"),
        ("DOMAIN_NAMES", "example.com, shop.example.com"),
        ("DOMAIN_NAMES", "Example.com"),
        ("DOMAIN_NAMES", "shop.*.example.com"),
        ("DOMAIN_NAMES", "localhost"),
        ("DOMAIN_NAMES", "bücher.example"),
        ("KEY_ALGORITHMS", ""),
        ("KEY_ALGORITHMS", "RSA_1024"),
        ("LEAST_DAYS_LEFT", "366"),
        ("LEAST_DAYS_LEFT", "-1"),
        ("LEAST_DAYS_LEFT", "\u0667"),
        ("TRUST_ANCHORS", ""),
        ("TRUST_ANCHORS", "../anchors.pem"),
        ("TRUST_ANCHORS", "/etc/passwd"),
    ],
)
def test_refuses_what_a_variable_may_not_say(variable: str, value: str) -> None:
    with pytest.raises(Misconfigured, match=f"^{variable} must be "):
        Settings.of({**TOLD, variable: value})


@pytest.mark.parametrize("variable", TOLD)
def test_refuses_to_start_without_what_must_be_told(variable: str) -> None:
    with pytest.raises(Misconfigured, match=f"^{variable} must be "):
        Settings.of({name: value for name, value in TOLD.items() if name != variable})
