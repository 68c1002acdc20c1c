"""Templates written by hand: which resource a value means, through imports, outputs, parameters and nested stacks."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from constructs_lib.guardrails.cloud_templates import CloudTemplates, Located, as_list, flat

if TYPE_CHECKING:
    from collections.abc import Mapping

KEY = {"Type": "AWS::KMS::Key", "Properties": {}}
ROLE = {"Type": "AWS::IAM::Role", "Properties": {}}
ARN = {"Fn::GetAtt": ["Key", "Arn"]}


def nested_stack(asset: str, **parameters: Any) -> dict[str, Any]:
    url = {"Fn::Sub": f"https://s3.${{AWS::Region}}.amazonaws.com/assets/{asset}.json"}
    return {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": url, "Parameters": parameters}}


@pytest.fixture
def assembly(tmp_path: Path) -> Path:
    """Write two stacks, S with two nested ones, N and M, of which M holds another, and W that imports from S."""
    templates = {
        "S": {
            "Resources": {
                "Key": KEY,
                "N": nested_stack("asset-n", Given=ARN, Chosen="plain"),
                "M": nested_stack("asset-m"),
            },
            "Outputs": {
                "Exported": {"Value": ARN, "Export": {"Name": "S:Key"}},
                "Joined": {"Value": ARN, "Export": {"Name": {"Fn::Join": ["", ["S", ":", "Arn"]]}}},
                "Weak": {"Value": ARN},
                "FromNested": {"Value": {"Fn::GetAtt": ["M", "Outputs.RoleArn"]}, "Export": {"Name": "S:Role"}},
            },
        },
        "N": {"Parameters": {"Given": {"Type": "String"}}, "Resources": {"Role": ROLE}},
        "M": {
            "Resources": {"Role": ROLE, "D": nested_stack("asset-d", Role={"Ref": "Role"})},
            "Outputs": {"RoleArn": {"Value": {"Fn::GetAtt": "Role.Arn"}}},
        },
        "D": {"Parameters": {"Role": {"Type": "String"}}, "Resources": {}},
        "W": {"Resources": {"Key": ROLE}},
    }
    files = {"S": {"N": "asset-n", "M": "asset-m"}, "M": {"D": "asset-d"}}
    nested = {"N", "M", "D"}
    for name, template in templates.items():
        kind = "nested.template" if name in nested else "template"
        (tmp_path / f"{name}.{kind}.json").write_text(json.dumps(template))
    listed = {
        asset: {"source": {"path": f"{name}.nested.template.json"}}
        for each in files.values()
        for name, asset in each.items()
    }
    (tmp_path / "S.assets.json").write_text(
        json.dumps({"files": {**listed, "other": {"source": {"path": "asset.zip"}}}})
    )
    return tmp_path


@pytest.fixture
def templates(assembly: Path) -> CloudTemplates:
    return CloudTemplates.read([str(assembly / "S.template.json"), str(assembly / "W.template.json")])


def place(assembly: Path, name: str, logical_id: str) -> Located:
    (path,) = [*assembly.glob(f"{name}.template.json"), *assembly.glob(f"{name}.nested.template.json")]
    return Located(str(path), logical_id)


@pytest.mark.parametrize(
    ("stack", "value", "found"),
    [
        ("S", ARN, ("S", "Key")),
        ("S", {"Fn::GetAtt": "Key.Arn"}, ("S", "Key")),
        ("S", {"Ref": "Key"}, ("S", "Key")),
        ("S", {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":key/", {"Ref": "Key"}]]}, ("S", "Key")),
        ("S", [{"Ref": "AWS::Region"}, {"Ref": "Key"}], ("S", "Key")),
        ("S", {"Fn::Select": [0, [{"Ref": "Key"}]]}, ("S", "Key")),
        ("W", {"Ref": "Key"}, ("W", "Key")),
        ("W", {"Fn::ImportValue": "S:Key"}, ("S", "Key")),
        ("W", {"Fn::ImportValue": {"Fn::Join": ["", ["S", ":", "Arn"]]}}, ("S", "Key")),
        ("W", {"Fn::GetStackOutput": {"StackName": "S", "OutputName": "Weak"}}, ("S", "Key")),
        ("W", {"Fn::ImportValue": "S:Role"}, ("M", "Role")),
        ("N", {"Ref": "Given"}, ("S", "Key")),
        ("D", {"Ref": "Role"}, ("M", "Role")),
        ("S", {"Fn::GetAtt": ["M", "Outputs.RoleArn"]}, ("M", "Role")),
        ("N", {"Ref": "Chosen"}, None),
        ("N", {"Ref": "Unknown"}, None),
        ("S", {"Fn::GetAtt": ["M", "Outputs.Unknown"]}, None),
        ("W", {"Fn::ImportValue": "S:Unknown"}, None),
        ("W", {"Fn::GetStackOutput": {"StackName": "S", "OutputName": "Unknown"}}, None),
        ("S", {"Ref": "AWS::Region"}, None),
        ("S", {"Fn::GetAtt": ["Unknown", "Arn"]}, None),
        ("S", "arn:aws:kms:eu-west-1:111122223333:key/1", None),
        ("S", {}, None),
        ("S", None, None),
    ],
)
def test_a_value_means_a_resource_wherever_it_is_defined(
    stack: str, value: object, found: tuple[str, str] | None, templates: CloudTemplates, assembly: Path
) -> None:
    path = place(assembly, stack, "").template

    assert templates.find(path, value) == (None if found is None else place(assembly, *found))


def test_nested_templates_are_read_beside_those_that_were_named(templates: CloudTemplates, assembly: Path) -> None:
    assert {Path(path).name.split(".")[0] for path in templates.by_path} >= {"S", "N", "M", "W"}
    assert templates.resource(place(assembly, "N", "Role")) == ROLE


def test_resources_are_found_by_type_everywhere(templates: CloudTemplates, assembly: Path) -> None:
    keys = [where for where, _ in templates.resources("AWS::KMS::Key")]
    roles = {where for where, _ in templates.resources("AWS::IAM::Role", "AWS::IAM::User")}

    assert keys == [place(assembly, "S", "Key")]
    assert {place(assembly, "N", "Role"), place(assembly, "M", "Role"), place(assembly, "W", "Key")} <= roles


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("plain", "plain"),
        ({"Ref": "AWS::Region"}, "${AWS::Region}"),
        ({"Fn::Join": ["-", ["a", {"Ref": "B"}, {"Fn::Join": ["", ["c", "d"]]}]]}, "a-${B}-cd"),
        ({"Fn::Sub": "a-${B}"}, "a-${B}"),
        ({"Fn::GetAtt": ["A", "Arn"]}, '${{"Fn::GetAtt": ["A", "Arn"]}}'),
        (7, "7"),
    ],
)
def test_a_value_is_written_as_text(value: object, text: str) -> None:
    assert flat(value) == text


def test_one_value_or_several_are_a_list() -> None:
    values: Mapping[str, Any] = {"none": None, "one": "x", "several": ["x", "y"]}

    assert [as_list(value) for value in values.values()] == [[], ["x"], ["x", "y"]]
