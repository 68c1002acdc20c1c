from typing import Any

import pytest

from tests.support.template_cycles import find_cycle, references


def template(**properties: Any) -> dict[str, Any]:
    return {"Resources": {name: {"Type": "T", "Properties": value} for name, value in properties.items()}}


@pytest.mark.parametrize(
    "value",
    [
        {"Ref": "B"},
        {"Fn::GetAtt": ["B", "Arn"]},
        {"Fn::GetAtt": "B.Arn"},
        {"Fn::Sub": "arn:${B}"},
        {"Fn::Sub": "arn:${B.Arn}"},
        {"Fn::Sub": ["arn:${name}", {"name": {"Ref": "B"}}]},
        {"Fn::Join": ["", ["arn:", [{"deep": {"Ref": "B"}}]]]},
    ],
    ids=str,
)
def test_every_way_to_mention_a_resource_is_a_reference(value: Any) -> None:
    assert references(template(A={"Name": value}, B={})) == {"A": {"B"}, "B": set()}


@pytest.mark.parametrize("depends", ["B", ["B"]])
def test_depends_on_is_a_reference(depends: str | list[str]) -> None:
    resources = {"A": {"Type": "T", "DependsOn": depends}, "B": {"Type": "T"}}

    assert references({"Resources": resources})["A"] == {"B"}


@pytest.mark.parametrize("value", ["B", {"Ref": "AWS::Region"}, {"Ref": "Parameter"}, {"Fn::Sub": "${!B}"}], ids=str)
def test_what_names_no_resource_is_no_reference(value: Any) -> None:
    assert references(template(A={"Name": value}, B={})) == {"A": set(), "B": set()}


def test_a_chain_and_a_diamond_are_no_cycle() -> None:
    assert find_cycle(template(A=[{"Ref": "B"}, {"Ref": "C"}], B={"Ref": "D"}, C={"Ref": "D"}, D={})) == []


def test_a_resource_that_waits_for_itself_is_a_cycle() -> None:
    assert find_cycle(template(A={"Ref": "A"})) == ["A", "A"]


def test_a_cycle_is_found_behind_what_leads_to_it() -> None:
    assert find_cycle(template(A={"Ref": "B"}, B={"Ref": "C"}, C={"Fn::GetAtt": ["B", "Arn"]})) == ["B", "C", "B"]
