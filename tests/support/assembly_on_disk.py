"""A cloud assembly written by hand: stacks, nested stacks, imports and outputs."""

import json
from pathlib import Path
from typing import Any

from constructs_lib.guardrails.template_values import Located

KEY = {"Type": "AWS::KMS::Key", "Properties": {}}
ROLE = {"Type": "AWS::IAM::Role", "Properties": {}}
ARN = {"Fn::GetAtt": ["Key", "Arn"]}


def nested_stack(asset: str, **parameters: Any) -> dict[str, Any]:
    url = {"Fn::Sub": f"https://s3.${{AWS::Region}}.amazonaws.com/assets/{asset}.json"}
    return {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": url, "Parameters": parameters}}


def write_assembly(folder: Path) -> Path:
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
        (folder / f"{name}.{kind}.json").write_text(json.dumps(template))
    listed = {
        asset: {"source": {"path": f"{name}.nested.template.json"}}
        for each in files.values()
        for name, asset in each.items()
    }
    (folder / "S.assets.json").write_text(json.dumps({"files": {**listed, "other": {"source": {"path": "asset.zip"}}}}))
    stacks = {
        name: {"type": "aws:cloudformation:stack", "properties": {"templateFile": f"{name}.template.json"}}
        for name in ("S", "W")
    }
    (folder / "manifest.json").write_text(json.dumps({"artifacts": stacks}))
    return folder


def place(assembly: Path, name: str, logical_id: str) -> Located:
    """Return where a resource of the assembly is."""
    (path,) = [*assembly.glob(f"{name}.template.json"), *assembly.glob(f"{name}.nested.template.json")]
    return Located(str(path), logical_id)
