import json
from pathlib import Path
from typing import Any

import pytest

from constructs_lib.guardrails.deployed_stack import DeployedStack, may_be_one, read_stack


def write(folder: Path, artifact: dict[str, Any], **further: Any) -> str:
    """Write a manifest with one stack, a manifest of nothing else, and further files; return the template's path."""
    other = {"type": "cdk:asset-manifest", "properties": {"file": "S.assets.json"}}
    stack = {"type": "aws:cloudformation:stack", **artifact}
    (folder / "manifest.json").write_text(json.dumps({"artifacts": {"S.assets": other, "Id": stack}}))
    for name, content in further.items():
        (folder / f"S.{name}.json").write_text(json.dumps(content))
    return str(folder / "S.template.json")


@pytest.mark.parametrize(
    ("artifact", "expected"),
    [
        ({}, ("Id", "Id", "", "")),
        ({"environment": "aws://111122223333/eu-west-1"}, ("Id", "Id", "111122223333", "eu-west-1")),
        ({"environment": "aws://unknown-account/eu-west-1"}, ("Id", "Id", "", "eu-west-1")),
        ({"environment": "aws://unknown-account/unknown-region"}, ("Id", "Id", "", "")),
        ({"displayName": "Beta/Keys (Named)"}, ("Id", "Beta/Keys", "", "")),
    ],
)
def test_the_manifest_says_where_a_stack_goes(
    artifact: dict[str, Any], expected: tuple[str, str, str, str], tmp_path: Path
) -> None:
    path = write(tmp_path, {"properties": {"templateFile": "S.template.json"}, **artifact})

    assert read_stack(path) == (DeployedStack(str(tmp_path), *expected), {})


def test_a_stack_may_have_another_name_than_its_artifact(tmp_path: Path) -> None:
    path = write(tmp_path, {"properties": {"templateFile": "S.template.json", "stackName": "Named"}})

    assert read_stack(path)[0].name == "Named"


@pytest.mark.parametrize("role", ["arn:${AWS::Partition}:iam::111122223333:role/deployer", None])
def test_the_role_that_deploys_is_the_one_that_the_synthesizer_names(role: str | None, tmp_path: Path) -> None:
    properties = {"templateFile": "S.template.json", "cloudFormationExecutionRoleArn": role}

    assert read_stack(write(tmp_path, {"properties": properties}))[0].deployer == (role or "")


def test_a_template_of_no_stack_is_known_by_its_folder(tmp_path: Path) -> None:
    path = write(tmp_path, {"properties": {"templateFile": "Other.template.json"}})

    assert read_stack(path) == (DeployedStack(str(tmp_path)), {})


def test_nested_templates_are_listed_with_their_assets_by_every_synthesizer(tmp_path: Path) -> None:
    asset = {"path": "L.nested.template.json", "sourceHash": "hash-l"}
    entries = [
        {"type": "aws:cdk:asset", "data": asset},
        {"type": "aws:cdk:asset", "data": {"path": "asset.zip", "sourceHash": "x"}},
        {"type": "aws:cdk:logicalId", "data": "Role"},
    ]
    within = {"path": "O.nested.template.json", "sourceHash": "hash-o"}
    path = write(
        tmp_path,
        {
            "properties": {"templateFile": "S.template.json"},
            "metadata": {"/S/Older": [{"type": "aws:cdk:asset", "data": within}]},
            "additionalMetadataFile": "S.metadata.json",
        },
        metadata={"/S": entries},
        assets={
            "files": {
                "hash-n": {"source": {"path": "N.nested.template.json"}},
                "zip": {"source": {"path": "a.zip"}},
                "made": {"source": {"executable": ["make"]}},
            }
        },
    )

    found = {Path(nested).name: asset for nested, asset in read_stack(path)[1].items()}
    assert found == {
        "N.nested.template.json": "hash-n",
        "L.nested.template.json": "hash-l",
        "O.nested.template.json": "hash-o",
    }


def test_what_is_unknown_may_be_anything() -> None:
    assert may_be_one("", "a")
    assert may_be_one("a", "")
    assert may_be_one("a", "a")
    assert not may_be_one("a", "b")
    stack = DeployedStack(account="111122223333")
    assert stack.may_be_in("111122223333", "eu-west-1")
    assert not stack.may_be_in("222222222222", "eu-west-1")
