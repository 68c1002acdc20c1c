from typing import Any

import pytest

from constructs_lib.adoption.access import AccessChange, access_changes, access_of_callers, callers_of
from constructs_lib.adoption.written_policy import Condition
from tests.support.key_statements import ACCOUNT, READER, allow, deny
from tests.support.written_policies import written

BY_NAME: dict[str, Any] = {"ArnEquals": {"aws:PrincipalArn": READER}}
VIA: dict[str, Any] = {"StringEquals": {"kms:ViaService": "s3"}}
PATTERN = "arn:aws:iam::111122223333:role/data/*"


def _change(caller: str, lost: Any = (), won: Any = (), kept: Any = (), other: Any = ()) -> AccessChange:
    return AccessChange(caller, frozenset(lost), frozenset(won), frozenset(kept), frozenset(other))


@pytest.mark.parametrize(
    ("principal", "condition", "callers"),
    [
        (READER, {}, {READER}),
        (ACCOUNT, {}, {ACCOUNT}),
        (ACCOUNT, BY_NAME, {READER}),
        ("*", BY_NAME, {READER}),
        ("*", {"StringEquals": {"kms:CallerAccount": "111122223333"}}, {"everybody"}),
        (ACCOUNT, {"ArnLike": {"AWS:principalarn": [READER, PATTERN]}}, {READER, PATTERN}),
        (ACCOUNT, {"ArnNotEquals": {"aws:PrincipalArn": READER}}, {ACCOUNT}),
        ([ACCOUNT, PATTERN[:-1] + "A"], BY_NAME, {READER, PATTERN[:-1] + "A"}),
        ({"Service": "sns.amazonaws.com"}, VIA, {"sns.amazonaws.com"}),
    ],
)
def test_a_statement_means_those_whom_its_conditions_name(
    principal: Any, condition: dict[str, Any], callers: set[str]
) -> None:
    (statement,) = written(allow(principal, "kms:Decrypt", **condition))

    assert callers_of(statement) == callers


def test_access_is_what_all_statements_allow_each_under_its_demands() -> None:
    found = access_of_callers(
        written(allow(READER, "kms:Decrypt"), allow(ACCOUNT, "kms:Decrypt", "kms:Encrypt", **BY_NAME, **VIA))
    )

    via = frozenset({Condition("StringEquals", "kms:ViaService", ("s3",))})
    assert found == {
        READER: {"kms:Decrypt": frozenset({frozenset(), via}), "kms:Encrypt": frozenset({via})},
    }


def test_a_denial_and_a_statement_about_another_key_give_nothing() -> None:
    elsewhere = {**allow(READER, "kms:Decrypt"), "Resource": "arn:aws:kms:eu-west-1:1:key/2"}

    assert access_of_callers(written(deny(READER, "kms:Decrypt"), elsewhere)) == {}


def test_being_named_by_name_instead_is_no_change_of_access() -> None:
    today = written(allow(READER, "kms:Decrypt"))

    assert access_changes(today, written(allow(ACCOUNT, "kms:Decrypt", **BY_NAME))) == ()


def test_what_a_caller_loses_and_wins_is_told_apart() -> None:
    today = written(allow(READER, "kms:Decrypt", "kms:Encrypt"), allow(ACCOUNT, "kms:Encrypt"))
    after = written(allow(READER, "kms:DescribeKey", "kms:Encrypt"))

    assert access_changes(today, after) == (
        _change(READER, lost={"kms:Decrypt"}, won={"kms:DescribeKey"}, kept={"kms:Encrypt"}),
        _change(ACCOUNT, lost={"kms:Encrypt"}),
    )


def test_other_conditions_are_a_change_in_either_direction() -> None:
    free, bound = written(allow(READER, "kms:Decrypt")), written(allow(READER, "kms:Decrypt", **VIA))
    expected = (_change(READER, kept={"kms:Decrypt"}, other={"kms:Decrypt"}),)

    assert access_changes(free, bound) == expected
    assert access_changes(bound, free) == expected


def test_whoever_fits_a_pattern_has_what_the_pattern_has() -> None:
    today = written(allow(READER, "kms:Decrypt"))
    after = written(allow(ACCOUNT, "kms:Decrypt", ArnLike={"aws:PrincipalArn": PATTERN}))

    assert access_changes(today, after) == (_change(PATTERN, won={"kms:Decrypt"}),)
