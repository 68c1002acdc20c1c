from typing import Any

import pytest

from constructs_lib.guardrails.template_values import Located, Reference, as_json, as_list, flat, parts_of_sub


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("plain", "plain"),
        ({"Ref": "AWS::Region"}, "${AWS::Region}"),
        ({"Fn::Join": ["-", ["a", {"Ref": "B"}, {"Fn::Join": ["", ["c", "d"]]}]]}, "a-${B}-cd"),
        ({"Fn::Sub": "a-${B}"}, "a-${B}"),
        ({"Fn::Sub": ["a-${B}-${!C}", {"B": "b"}]}, "a-b-${C}"),
        ({"Fn::Join": ["", {"Ref": "List"}]}, '${{"Fn::Join": ["", {"Ref": "List"}]}}'),
        (Reference(Located("S", "Key"), "Arn"), "${S#Key.Arn}"),
        ({"Fn::GetAtt": ["A", "Arn"]}, '${{"Fn::GetAtt": ["A", "Arn"]}}'),
        (7, "7"),
    ],
)
def test_a_value_is_written_as_text(value: object, text: str) -> None:
    assert flat(value) == text


def test_one_value_or_several_are_a_list() -> None:
    assert [as_list(value) for value in (None, "x", ["x", "y"])] == [[], ["x"], ["x", "y"]]


def test_a_condition_is_a_list_of_what_both_branches_have() -> None:
    nothing = {"Ref": "AWS::NoValue"}

    assert as_list(["a", {"Fn::If": ["C", "b", {"Fn::If": ["D", nothing, ["c", "d"]]}]}]) == ["a", "b", "c", "d"]
    assert as_list(nothing) == []


@pytest.mark.parametrize(
    ("argument", "parts"),
    [
        ("plain", ["plain"]),
        ("${A}", [{"Ref": "A"}]),
        ("x${A}y${B.C.D}", ["x", {"Ref": "A"}, "y", {"Fn::GetAtt": ["B", "C.D"]}]),
        ("${AWS::Region}", [{"Ref": "AWS::Region"}]),
        (["${V}-${A}", {"V": {"Ref": "B"}}], [{"Ref": "B"}, "-", {"Ref": "A"}]),
        ("${!A}", ["${A}"]),
    ],
)
def test_a_substitution_is_put_together_of_parts(argument: object, parts: list[Any]) -> None:
    assert parts_of_sub(argument) == parts


def test_equal_values_are_equal_json() -> None:
    reference = Reference(Located("S", "Key"), "Arn")

    assert as_json({"b": 1, "a": reference}) == as_json({"a": reference, "b": 1}) == '{"a": "${S#Key.Arn}", "b": 1}'
