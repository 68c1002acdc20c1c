from typing import Any

import pytest
from ministack.core import iam_evaluator

from local_aws.server.arn_conditions import _is_like, _is_unlike

ROLE = "arn:aws:iam::111122223333:role/team/user"


@pytest.mark.parametrize(
    ("pattern", "matches"),
    [
        (ROLE, True),
        ("arn:aws:iam::111122223333:role/*", True),
        ("arn:*:iam::1111222233??:role/team/*", True),
        ("arn:aws:iam::*:role/team/user", True),
        ("arn:aws:iam::*user", False),
        ("arn:aws:*role/team/user", False),
        ("*", False),
        ("arn:aws:iam::111122223333:role/team/User", False),
        ("arn:aws:iam::444455556666:role/team/user", False),
    ],
)
def test_an_arn_is_compared_part_by_part(pattern: str, *, matches: bool) -> None:
    assert _is_like(ROLE, pattern) is matches
    assert _is_unlike(ROLE, pattern) is not matches


def test_colons_of_a_name_belong_to_its_last_part() -> None:
    group = "arn:aws:logs:eu-central-1:111122223333:log-group:orders:*"

    assert _is_like(group, "arn:aws:logs:*:*:log-group:orders*")
    assert not _is_like(group, "arn:aws:logs:*:log-group:orders:*")


def test_what_is_no_arn_is_like_none() -> None:
    assert not _is_like("administrator", "*")
    assert not _is_like("administrator", ROLE)


def test_the_operators_of_the_engine_are_those_four() -> None:
    operators: dict[str, Any] = iam_evaluator._CONDITION_OPS

    assert {name for name in operators if name.startswith("arn")} == {
        "arnequals", "arnlike", "arnnotequals", "arnnotlike",
    }  # fmt: skip
