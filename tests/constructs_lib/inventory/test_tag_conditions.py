"""Conditions on tags that templates decide."""

from typing import Any

import pytest

from constructs_lib.certificate_actions import END_OWN_CERTIFICATE, IMPORT_AGAIN, TAG_REQUESTED_CERTIFICATE
from constructs_lib.guardrails.template_values import Located
from constructs_lib.inventory.named_resource import NamedResource
from constructs_lib.inventory.tag_conditions import needed_tags, undecided
from tests.support.certificate_templates import references_of

OURS, TAG = {"owner": "shop"}, "aws:ResourceTag/owner"
DELETE, REPLACE, ADD_TAGS = END_OWN_CERTIFICATE[0], IMPORT_AGAIN[-1], TAG_REQUESTED_CERTIFICATE[0]


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


@pytest.mark.parametrize(
    ("tags", "whole", "met"),
    [
        ({"owner": "shop"}, True, ()),
        ({"owner": "desk"}, True, None),
        ({}, True, ()),
        ({}, False, ("StringEqualsIfExists aws:ResourceTag/owner shop",)),
    ],
    ids=["the same", "another", "none", "unknown"],
)
def test_a_condition_if_a_tag_exists_is_met_without_it(tags: dict[str, str], *, whole: bool, met: Any) -> None:
    assert left({"StringEqualsIfExists": {TAG: "shop"}}, tags=tags, whole=whole) == met


def test_whether_a_certificate_from_elsewhere_has_a_tag_of_this_library_is_told() -> None:
    name = "aws:ResourceTag/cdk-key-management:certificate"
    statement = {"Condition": {"StringEqualsIfExists": {name: "Shop/Certificate"}}}
    own = NamedResource(places=frozenset((Located("S", "Cert"),)), arn="*")

    assert undecided(references_of(S={}), "S", statement, DELETE, own) == ()
    assert undecided(references_of(S={}), "S", statement, DELETE, NamedResource(arn="*")) == (
        f"StringEqualsIfExists {name} Shop/Certificate",
    )


@pytest.mark.parametrize(
    ("conditions", "met"),
    [
        ({"StringEquals": {"aws:RequestTag/owner": "shop"}}, ()),
        ({"StringLike": {"aws:RequestTag/owner": "d*"}}, None),
        ({"StringEqualsIfExists": {"aws:RequestTag/team": "a"}}, ()),
        ({"StringEquals": {"aws:RequestTag/team": "a"}}, ("StringEquals aws:RequestTag/team a",)),
        ({"ForAllValues:StringEquals": {"aws:TagKeys": ["owner", "team"]}}, ()),
        ({"ForAllValues:StringLike": {"aws:TagKeys": ["team*"]}}, None),
        ({"ForAllValues:StringLike": {"aws:TagKeys": {"Ref": "K"}}}, ("ForAllValues:StringLike aws:TagKeys ${S#K}",)),
        ({"ForAnyValue:StringEquals": {"aws:TagKeys": ["team"]}}, ("ForAnyValue:StringEquals aws:TagKeys team",)),
    ],
)  # fmt: skip
def test_what_somebody_writes_decides_conditions_on_his_request(conditions: Any, met: Any) -> None:
    named = NamedResource(arn="*", has_all_tags=True)

    told = undecided(references_of(S={}), "S", {"Condition": conditions}, ADD_TAGS, named, request={"owner": "shop"})

    assert told == met


@pytest.mark.parametrize(
    ("conditions", "needed"),
    [
        ({}, []),
        ({"StringEquals": {TAG: "shop"}}, []),
        ({"StringEquals": {TAG: ["desk", "till"]}}, [{"owner": "desk"}, {"owner": "till"}]),
        ({"StringEquals": {TAG: "desk", "aws:ResourceTag/team": "a"}}, [{"owner": "desk", "team": "a"}]),
        ({"StringLike": {TAG: "de?k-*"}}, [{"owner": "dexk-x"}]),
        ({"Bool": {"aws:MultiFactorAuthPresent": "true"}}, []),
    ],
)
def test_tags_that_are_missing_are_told_with_each_value_that_would_do(conditions: Any, needed: Any) -> None:
    named = NamedResource(arn="*", tags=OURS, has_all_tags=True)

    assert list(needed_tags(references_of(S={}), "S", {"Condition": conditions}, named)) == needed
