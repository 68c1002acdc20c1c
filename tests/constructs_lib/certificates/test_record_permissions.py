from fnmatch import fnmatchcase

import pytest

from constructs_lib.certificate_actions import RECORD_NAMES
from constructs_lib.certificates.record_permissions import record_statements

HEX = "393a83031f51d460c6a0db6d9722252f"
_, CREATE = record_statements("arn:aws:route53:::hostedzone/Z1", ["shop.example.com", "example.com"], number=2)
STATED = CREATE.to_statement_json()


@pytest.mark.parametrize(
    ("name", "is_allowed"),
    [
        (f"_{HEX}.shop.example.com", True),
        (f"_{HEX}.example.com", True),
        (f"_{HEX}.other.example.com", False),
        (f"_{HEX}.example.com.attacker.net", False),
        (f"{HEX}0.example.com", False),
        ("_acme-challenge.shop.example.com", False),
        ("_dmarc.example.com", False),
        ("www.example.com", False),
        ("example.com", False),
    ],
)
def test_names_are_those_of_acms_records_and_no_others(name: str, *, is_allowed: bool) -> None:
    patterns = STATED["Condition"]["ForAllValues:StringLike"][RECORD_NAMES]
    assert any(fnmatchcase(name, each) for each in patterns) is is_allowed


def test_a_change_that_says_none_of_these_is_not_allowed_for_want_of_values() -> None:
    lists = {key for operator, each in STATED["Condition"].items() if operator.startswith("ForAll") for key in each}
    assert set(STATED["Condition"]["Null"]) == lists
    assert set(STATED["Condition"]["Null"].values()) == {"false"}


def test_statements_about_several_zones_have_different_names() -> None:
    assert STATED["Sid"] == "CreateRecords2"
