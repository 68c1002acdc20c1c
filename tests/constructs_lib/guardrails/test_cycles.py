from typing import Any

import pytest

from constructs_lib.guardrails.cycles import cycle_through


def waits(*, by: str, target: str = "Key") -> dict[str, Any]:
    """Give a resource that refers to another in one of the ways that a template has."""
    ways: dict[str, dict[str, Any]] = {
        "ref": {"Properties": {"A": [{"B": {"Ref": target}}]}},
        "get-att": {"Properties": {"A": {"Fn::GetAtt": [target, "Arn"]}}},
        "get-att text": {"Properties": {"A": {"Fn::GetAtt": f"{target}.Arn"}}},
        "sub": {"Properties": {"A": {"Fn::Sub": f"x-${{{target}}}"}}},
        "sub attribute": {"Properties": {"A": {"Fn::Sub": f"x-${{{target}.Arn}}"}}},
        "sub template": {"Properties": {"A": {"Fn::Sub": [f"${{{target}}}", {}]}}},
        "sub variable": {"Properties": {"A": {"Fn::Sub": ["${V}", {"V": {"Ref": target}}]}}},
        "join": {"Properties": {"A": {"Fn::Join": ["", ["x", {"Ref": target}]]}}},
        "if": {"Properties": {"A": {"Fn::If": ["C", {"Ref": target}, "x"]}}},
        "depends on": {"DependsOn": target},
        "depends on several": {"DependsOn": ["Other", target]},
    }
    return ways[by]


WAYS = [
    *("ref", "get-att", "get-att text", "sub", "sub attribute", "sub template", "sub variable", "join", "if"),
    *("depends on", "depends on several"),
]


@pytest.mark.parametrize("back", WAYS)
@pytest.mark.parametrize("there", WAYS)
def test_two_resources_that_wait_for_each_other_are_a_cycle(there: str, back: str) -> None:
    resources = {"Key": waits(by=there, target="Topic"), "Topic": waits(by=back), "Other": {}}

    assert cycle_through(resources, "Key") == ["Key", "Topic", "Key"]


@pytest.mark.parametrize("way", WAYS)
def test_waiting_in_one_direction_is_no_cycle(way: str) -> None:
    assert cycle_through({"Key": {}, "Topic": waits(by=way), "Other": {}}, "Key") == []


def test_a_resource_that_waits_for_itself_is_a_cycle() -> None:
    assert cycle_through({"Key": waits(by="get-att")}, "Key") == ["Key", "Key"]


def test_the_whole_way_round_is_told_in_order() -> None:
    resources: dict[str, Any] = {
        "Key": {"DependsOn": ["Aside", "A"]},
        "A": {"DependsOn": "B"},
        "Aside": {"DependsOn": "Dead"},
        "Dead": {},
        "B": waits(by="sub"),
    }

    assert cycle_through(resources, "Key") == ["Key", "A", "B", "Key"]


def test_a_cycle_elsewhere_is_none_of_the_key() -> None:
    resources = {"Key": {"DependsOn": "A"}, "A": {"DependsOn": "B"}, "B": {"DependsOn": "A"}}

    assert cycle_through(resources, "Key") == []
    assert cycle_through(resources, "A") == ["A", "B", "A"]


@pytest.mark.parametrize(
    "value", [{"Ref": "AWS::Region"}, {"Ref": "Parameter"}, {"Fn::Sub": "${!Key}"}, "Key", 7, None]
)
def test_what_is_no_resource_is_not_waited_for(value: Any) -> None:
    assert cycle_through({"Key": {"Properties": {"A": value}}}, "Key") == []
