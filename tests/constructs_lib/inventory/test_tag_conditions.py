"""Conditions on tags that templates decide."""

from typing import Any

import pytest

from constructs_lib.certificate_actions import END_OWN_CERTIFICATE, IMPORT_AGAIN
from constructs_lib.inventory.named_resource import NamedResource
from constructs_lib.inventory.tag_conditions import undecided
from tests.support.certificate_templates import references_of

OURS, TAG = {"owner": "shop"}, "aws:ResourceTag/owner"
DELETE, REPLACE = END_OWN_CERTIFICATE[0], IMPORT_AGAIN[-1]


def left(conditions: Any, *, action: str = DELETE, tags: dict[str, str] = OURS, whole: bool = True) -> Any:
    named = NamedResource(arn="*", tags=tags, has_all_tags=whole)
    return undecided(references_of(S={}), "S", {"Condition": conditions}, action, named)


def test_a_statement_without_conditions_is_met() -> None:
    assert left({}) == ()
    assert left(None) == ()


@pytest.mark.parametrize(
    ("operator", "value", "met"),
    [
        ("StringEquals", "shop", ()),
        ("StringEquals", ["desk", "shop"], ()),
        ("StringEquals", "desk", None),
        ("StringEquals", "sh*", None),
        ("StringLike", "sh*", ()),
    ],
)
def test_a_known_tag_decides(operator: str, value: Any, met: Any) -> None:
    assert left({operator: {TAG: value}}) == met


def test_a_tag_that_is_not_there_decides_where_all_are_known() -> None:
    condition = {"StringEquals": {TAG: "shop"}}

    assert left(condition, tags={}) is None
    assert left(condition, tags={}, whole=False) == ("StringEquals aws:ResourceTag/owner shop",)


def test_a_tag_of_this_library_is_there_or_not_whatever_a_stack_is_tagged_with() -> None:
    condition = {"StringEquals": {"aws:ResourceTag/cdk-key-management:certificate": "Shop/Certificate"}}

    assert left(condition, tags={}, whole=False) is None


def test_what_only_the_deployment_knows_is_told() -> None:
    assert left({"StringEquals": {TAG: {"Ref": "Owner"}}}) == ("StringEquals aws:ResourceTag/owner ${S#Owner}",)


def test_other_conditions_are_told() -> None:
    told = ("Bool aws:MultiFactorAuthPresent true", "StringEquals aws:PrincipalTag/team shop or desk")

    assert (
        left({
            "Bool": {"aws:MultiFactorAuthPresent": "true"},
            "StringEquals": {"aws:PrincipalTag/team": ["shop", "desk"]},
        })
        == told
    )


def test_who_may_import_with_a_tag_only_replaces_nothing() -> None:
    condition = {"StringEquals": {"aws:RequestTag/owner": "shop"}}

    assert left(condition, action=REPLACE) is None
    assert left(condition) == ("StringEquals aws:RequestTag/owner shop",)
    assert left({"StringEqualsIfExists": {"aws:RequestTag/owner": "shop"}}, action=REPLACE) is not None
