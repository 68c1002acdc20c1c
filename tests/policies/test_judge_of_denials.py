"""The judge decides a Deny as AWS documents: absent condition keys, numbers, several names, callers without a name."""

from typing import Any

import pytest

from tests.support.policy_judge import ALLOW_EVERYTHING, Caller, KmsKey

KEY = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
ACCOUNT = "arn:aws:iam::111122223333:root"
READER = "arn:aws:iam::111122223333:role/data/Reader"
OTHER = READER.replace("Reader", "Other")
DAYS = "kms:RotationPeriodInDays"
FLAG = "kms:BypassPolicyLockoutSafetyCheck"
SERVICE = "sns.amazonaws.com"


def _denied(condition: dict[str, Any], context: dict[str, Any], caller: Caller | None = None) -> bool:
    everything = {"Effect": "Allow", "Principal": {"AWS": ACCOUNT, "Service": SERVICE}, "Action": "kms:*"}
    deny = {"Effect": "Deny", "Principal": "*", "Action": "kms:Decrypt", "Condition": condition}
    key = KmsKey(KEY, {"Statement": [{**each, "Resource": "*"} for each in (everything, deny)]})
    asks = caller or Caller(READER, (ALLOW_EVERYTHING,))
    assert key.allows(asks, "kms:Encrypt", context)
    return not key.allows(asks, "kms:Decrypt", context)


# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
@pytest.mark.parametrize(
    ("operator", "of_89", "of_90", "of_91", "of_nothing"),
    [
        ("NumericLessThan", True, False, False, False),
        ("NumericLessThanEquals", True, True, False, False),
        ("NumericGreaterThan", False, False, True, False),
        ("NumericGreaterThanEquals", False, True, True, False),
        ("NumericEquals", False, True, False, False),
        ("NumericNotEquals", True, False, True, True),
        ("NumericLessThanIfExists", True, False, False, True),
        ("NumericGreaterThanIfExists", False, False, True, True),
    ],
)
def test_numbers_are_compared_and_an_absent_one_is_not_a_number(  # a row of a table
    operator: str, *, of_89: bool, of_90: bool, of_91: bool, of_nothing: bool
) -> None:
    condition = {operator: {DAYS: "90"}}

    found = [_denied(condition, {DAYS: value}) for value in ("89", "90", "91")]

    assert [*found, _denied(condition, {})] == [of_89, of_90, of_91, of_nothing]


def test_numbers_are_not_compared_as_text() -> None:
    assert _denied({"NumericLessThan": {DAYS: "90"}}, {DAYS: "9"})
    assert _denied({"NumericLessThan": {DAYS: "100"}}, {DAYS: "90"})
    assert _denied({"NumericLessThan": {DAYS: "90"}}, {DAYS: "0"})


@pytest.mark.parametrize(
    ("condition", "of_true", "of_false", "of_nothing"),
    [
        ({"Bool": {FLAG: "true"}}, True, False, False),
        ({"Bool": {FLAG: "false"}}, False, True, False),
        ({"BoolIfExists": {FLAG: "true"}}, True, False, True),
        ({"Null": {FLAG: "true"}}, False, False, True),
        ({"Null": {FLAG: "false"}}, True, True, False),
    ],
)
def test_a_truth_value_that_is_absent_is_neither(
    condition: dict[str, Any], *, of_true: bool, of_false: bool, of_nothing: bool
) -> None:
    found = [_denied(condition, context) for context in ({FLAG: "true"}, {FLAG: "false"}, {})]

    assert found == [of_true, of_false, of_nothing]


@pytest.mark.parametrize("operator", ["ArnNotEquals", "ArnNotLike"])
def test_several_names_are_all_spared(operator: str) -> None:
    condition = {operator: {"aws:PrincipalArn": [READER, OTHER]}}

    assert not _denied(condition, {})
    assert not _denied(condition, {}, Caller(OTHER, (ALLOW_EVERYTHING,)))
    assert _denied(condition, {}, Caller(OTHER + "s", (ALLOW_EVERYTHING,)))
    assert _denied(condition, {}, Caller(ACCOUNT))


def test_names_and_patterns_side_by_side_are_both_spared_only_by_both() -> None:
    condition = {
        "ArnNotEquals": {"aws:PrincipalArn": OTHER},
        "ArnNotLike": {"aws:PrincipalArn": READER.replace("Reader", "Rea*")},
    }

    assert not _denied(condition, {})
    assert not _denied(condition, {}, Caller(OTHER, (ALLOW_EVERYTHING,)))
    assert _denied(condition, {}, Caller(READER.replace("Reader", "Writer"), (ALLOW_EVERYTHING,)))


def test_a_service_has_no_name_so_that_it_is_not_spared() -> None:
    service = Caller(service=SERVICE)

    assert _denied({"ArnNotEquals": {"aws:PrincipalArn": READER}}, {}, service)
    assert not _denied({"ForAnyValue:ArnNotEquals": {"aws:PrincipalArn": READER}}, {}, service)
    assert not _denied({"ArnEquals": {"aws:PrincipalArn": READER}}, {}, service)
