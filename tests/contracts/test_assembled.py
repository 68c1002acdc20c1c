import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.assembled import Assembled

KEY = {"Type": "AWS::KMS::Key"}
EXPORTED = {"Value": {"Fn::GetAtt": ["Key", "Arn"]}, "Export": {"Name": "S:KeyArn"}}
NESTED = {
    "Type": "AWS::CloudFormation::Stack",
    "Properties": {"Parameters": {"given": {"Fn::GetAtt": ["Key", "Arn"]}}},
    "Metadata": {"aws:asset:path": "N.nested.template.json"},
}
TEMPLATES: dict[str, Any] = {
    "S": {"Resources": {"Key": KEY, "Nested": NESTED}, "Outputs": {"KeyArn": EXPORTED}},
    "W": {"Resources": {"Role": {"Type": "AWS::IAM::Role", "Properties": {"RoleName": "reader"}}}},
    "N.nested": {
        "Parameters": {"given": {"Type": "String"}},
        "Resources": {"Queue": {"Type": "AWS::SQS::Queue"}},
        "Outputs": {"Url": {"Value": {"Ref": "Queue"}}},
    },
}


@pytest.fixture
def assembled(tmp_path: Path) -> Assembled:
    for name, template in TEMPLATES.items():
        (tmp_path / f"{name}.template.json").write_text(json.dumps(template))
    return Assembled.read(tmp_path)


@pytest.mark.parametrize(
    ("stack", "value", "text"),
    [
        ("S", "plain", "plain"),
        ("S", True, "true"),
        ("S", {"Ref": "AWS::Region"}, "${AWS::Region}"),
        ("S", {"Ref": "Key"}, "${S/Key}"),
        ("S", {"Fn::GetAtt": ["Key", "Arn"]}, "${S/Key.Arn}"),
        ("S", {"Fn::GetAtt": "Key.Arn"}, "${S/Key.Arn}"),
        ("S", {"Fn::Join": ["-", ["a", {"Ref": "Key"}]]}, "a-${S/Key}"),
        ("S", {"Fn::Sub": "a-${Key.Arn}-${AWS::Region}"}, "a-${S/Key.Arn}-${AWS::Region}"),
        ("S", {"Fn::Sub": ["a-${name}", {"name": {"Ref": "Key"}}]}, "a-${S/Key}"),
        ("S", {"Fn::Select": [0, ["a"]]}, '{"Fn::Select": [0, ["a"]]}'),
        ("W", {"Fn::ImportValue": "S:KeyArn"}, "${S/Key.Arn}"),
        ("W", {"Fn::GetStackOutput": {"StackName": "S", "OutputName": "KeyArn"}}, "${S/Key.Arn}"),
        ("N.nested", {"Ref": "given"}, "${S/Key.Arn}"),
        ("S", {"Fn::GetAtt": ["Nested", "Outputs.Url"]}, "${N.nested/Queue}"),
    ],
    ids=str,
)
def test_a_reference_reads_the_same_wherever_it_is_made(
    assembled: Assembled, stack: str, value: Any, text: str
) -> None:
    assert assembled.text(stack, value) == text


def test_resources_are_given_with_their_stack_and_properties(assembled: Assembled) -> None:
    assert list(assembled.resources("AWS::IAM::Role", "AWS::KMS::Key")) == [
        ("S", "Key", {}),
        ("W", "Role", {"RoleName": "reader"}),
    ]


def test_refuses_an_import_that_no_template_exports(assembled: Assembled) -> None:
    with pytest.raises(LookupError, match="export must be one of a template of this assembly, got elsewhere"):
        assembled.text("W", {"Fn::ImportValue": "elsewhere"})
