"""A property by its path, through lists and conditions."""

from typing import Any

import pytest

from constructs_lib.guardrails.values_at import values_at


@pytest.mark.parametrize(
    ("properties", "found"),
    [
        ({}, []),
        ({"A": {"B": "x"}}, ["x"]),
        ({"A": [{"B": "x"}, {"B": ["y", "z"]}, {}]}, ["x", "y", "z"]),
        ({"A": {"Fn::If": ["IsProd", {"B": "x"}, {"B": "y"}]}}, ["x", "y"]),
        ({"A": {"B": {"Ref": "AWS::NoValue"}}}, []),
        ({"A": "text"}, []),
    ],
    ids=["absent", "said", "lists", "condition", "no value", "no mapping"],
)
def test_a_property_is_found_by_its_path(properties: dict[str, Any], found: list[str]) -> None:
    assert values_at(properties, "A.B") == found
