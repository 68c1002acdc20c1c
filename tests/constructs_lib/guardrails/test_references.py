"""Templates written by hand: which resource a value means, through imports, outputs, parameters and nested stacks."""

import json
from pathlib import Path
from typing import Any

import pytest

from constructs_lib.guardrails.cloud_templates import CloudTemplates
from constructs_lib.guardrails.deployed_stack import DeployedStack
from constructs_lib.guardrails.references import References
from constructs_lib.guardrails.template_values import Located
from tests.support.assembly_on_disk import ARN, KEY, place, write_assembly


@pytest.fixture
def assembly(tmp_path: Path) -> Path:
    return write_assembly(tmp_path)


@pytest.fixture
def templates(assembly: Path) -> CloudTemplates:
    return CloudTemplates.read([str(assembly / "S.template.json"), str(assembly / "W.template.json")])


@pytest.mark.parametrize(
    ("stack", "value", "found"),
    [
        ("S", ARN, ("S", "Key")),
        ("S", {"Fn::GetAtt": "Key.Arn"}, ("S", "Key")),
        ("S", {"Ref": "Key"}, ("S", "Key")),
        ("S", {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":key/", {"Ref": "Key"}]]}, ("S", "Key")),
        ("S", [{"Ref": "AWS::Region"}, {"Ref": "Key"}], ("S", "Key")),
        ("S", {"Fn::Select": [0, [{"Ref": "Key"}]]}, ("S", "Key")),
        ("S", {"Fn::Sub": "${Key.Arn}"}, ("S", "Key")),
        ("S", {"Fn::Sub": "arn:${AWS::Partition}:key/${Key}"}, ("S", "Key")),
        ("S", {"Fn::Sub": ["${V}", {"V": {"Ref": "Key"}}]}, ("S", "Key")),
        ("S", {"Fn::Sub": "${!Key}"}, None),
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

    assert References(templates).meant_by(path, value) == ([] if found is None else [place(assembly, *found)])


def test_both_branches_of_a_condition_are_meant(templates: CloudTemplates, assembly: Path) -> None:
    value = {"Fn::Join": ["", [{"Fn::If": ["C", {"Ref": "N"}, {"Ref": "Key"}]}]]}

    found = References(templates).meant_by(place(assembly, "S", "").template, value)
    assert found == [place(assembly, "S", "N"), place(assembly, "S", "Key")]


def test_one_parameter_has_one_text_in_every_template(templates: CloudTemplates, assembly: Path) -> None:
    references, path = References(templates), place(assembly, "N", "").template

    assert references.text(path, {"Ref": "Chosen"}) == "plain"
    assert references.text(path, {"Ref": "Own"}) == f"${{{path}#Own}}"
    assert references.text(path, {"Ref": "AWS::Region"}) == "${AWS::Region}"


WEAK = {"Fn::GetStackOutput": {"StackName": "Keys", "OutputName": "Key"}}
STRONG = {"Fn::ImportValue": "Keys:Key"}
ONE, TWO, ANY = "111122223333", "222222222222", "unknown-account"


def write_stack(folder: Path, name: str, *, stack_name: str, account: str, region: str) -> str:
    """Add a stack with a key, exported and put out, to the assembly in a folder."""
    folder.mkdir(exist_ok=True)
    path, manifest = folder / f"{name}.template.json", folder / "manifest.json"
    outputs = {"Key": {"Value": ARN, "Export": {"Name": {"Fn::Sub": "${AWS::StackName}:Key"}}}}
    path.write_text(json.dumps({"Resources": {"Key": KEY}, "Outputs": outputs if stack_name == "Keys" else {}}))
    artifacts: dict[str, Any] = json.loads(manifest.read_text())["artifacts"] if manifest.exists() else {}
    artifacts[name] = {
        "type": "aws:cloudformation:stack",
        "environment": f"aws://{account}/{region}",
        "properties": {"templateFile": path.name, "stackName": stack_name},
    }
    manifest.write_text(json.dumps({"artifacts": artifacts}))
    return str(path)


def meant(tmp_path: Path, value: object, *keys: tuple[str, str, str], consumer: tuple[str, str, str]) -> list[Located]:
    """Return what a value means in a consumer, with stacks `Keys` in these folders, accounts and Regions."""
    paths = []
    for number, (folder, account, region) in enumerate([*keys, consumer]):
        stack_name = "W" if number == len(keys) else "Keys"
        name = f"T{number}"
        paths.append(write_stack(tmp_path / folder, name, stack_name=stack_name, account=account, region=region))
    return References(CloudTemplates.read(paths)).meant_by(paths[-1], value)


def key_of(tmp_path: Path, folder: str, number: int) -> list[Located]:
    return [Located(str(tmp_path / folder / f"T{number}.template.json"), "Key")]


@pytest.mark.parametrize("value", [WEAK, STRONG], ids=["weak", "strong"])
@pytest.mark.parametrize(
    ("keys", "consumer", "expected"),
    [
        ([("a", ONE, "eu-west-1"), ("a", ONE, "us-east-1")], ("a", ONE, "us-east-1"), 1),
        ([("a", ONE, "eu-west-1"), ("a", TWO, "eu-west-1")], ("a", TWO, "eu-west-1"), 1),
        ([("a", ONE, "eu-west-1"), ("b", TWO, "eu-west-1")], ("b", TWO, "eu-west-1"), 1),
        ([("a", ANY, "unknown-region"), ("b", ANY, "unknown-region")], ("b", ANY, "unknown-region"), 1),
        ([("a", ONE, "eu-west-1")], ("b", ONE, "eu-west-1"), 0),
        ([("a", ANY, "unknown-region"), ("a", ONE, "eu-west-1")], ("a", ONE, "eu-west-1"), 1),
    ],
    ids=["Regions", "accounts", "Stages", "Stages without environment", "another Stage's", "known before unknown"],
)
def test_an_output_is_that_of_the_consumers_assembly_and_environment(
    value: object, keys: list[tuple[str, str, str]], consumer: tuple[str, str, str], expected: int, tmp_path: Path
) -> None:
    assert meant(tmp_path, value, *keys, consumer=consumer) == key_of(tmp_path, keys[expected][0], expected)


@pytest.mark.parametrize("value", [WEAK, STRONG], ids=["weak", "strong"])
@pytest.mark.parametrize(
    "keys",
    [
        [("a", ONE, "eu-west-1")],
        [("a", TWO, "us-east-1")],
        [("b", ONE, "us-east-1"), ("c", ONE, "us-east-1")],
    ],
    ids=["another Region", "another account", "two that are as near"],
)
def test_an_output_of_another_environment_is_not_meant(
    value: object, keys: list[tuple[str, str, str]], tmp_path: Path
) -> None:
    assert meant(tmp_path, value, *keys, consumer=("a", ONE, "us-east-1")) == []


@pytest.mark.parametrize(
    ("further", "expected"),
    [
        ({"Region": "us-east-1"}, 1),
        ({"Region": {"Ref": "AWS::Region"}}, 0),
        ({"RoleArn": {"Fn::Sub": f"arn:${{AWS::Partition}}:iam::{TWO}:role/Reads"}}, 2),
    ],
    ids=["Region", "own Region", "account"],
)
def test_an_output_is_taken_from_the_region_and_account_that_are_said(
    further: dict[str, Any], expected: int, tmp_path: Path
) -> None:
    keys = [("a", ONE, "eu-west-1"), ("a", ONE, "us-east-1"), ("a", TWO, "eu-west-1")]
    value = {"Fn::GetStackOutput": {**WEAK["Fn::GetStackOutput"], **further}}

    assert meant(tmp_path, value, *keys, consumer=("a", ONE, "eu-west-1")) == key_of(tmp_path, "a", expected)


def test_known_accounts_and_regions_stand_in_the_text(tmp_path: Path) -> None:
    path = write_stack(tmp_path, "T", stack_name="Keys", account=ONE, region="eu-west-1")
    references = References(CloudTemplates.read([path]))

    text = {"Fn::Sub": "${AWS::Partition} ${AWS::AccountId} ${AWS::Region} ${AWS::StackName} ${Key.Arn}"}
    assert references.text(path, text) == f"${{AWS::Partition}} {ONE} eu-west-1 Keys ${{{path}#Key.Arn}}"


def test_a_value_that_the_cdk_carries_into_another_region_means_what_it_was_there() -> None:
    writer = {
        "Type": "Custom::CrossRegionExportWriter",
        "Properties": {"WriterProps": {"region": "us-east-1", "exports": {"/cdk/S/key": ARN}}},
    }
    reader = {
        "Type": "Custom::CrossRegionExportReader",
        "Properties": {"ReaderProps": {"imports": {"/cdk/S/key": "{{resolve:ssm:/cdk/S/key}}", "/other": "x"}}},
    }
    templates = CloudTemplates({"S": {"Resources": {"Key": KEY, "Out": writer}}, "W": {"Resources": {"In": reader}}})
    references = References(templates)

    assert references.meant_by("W", {"Fn::GetAtt": ["In", "/cdk/S/key"]}) == [Located("S", "Key")]
    assert references.meant_by("W", {"Fn::GetAtt": ["In", "/other"]}) == [Located("W", "In")]
    assert references.meant_by("W", {"Fn::GetAtt": ["In", {"Ref": "Chosen"}]}) == [Located("W", "In")]


def test_an_arn_with_the_id_of_a_key_means_that_of_its_region() -> None:
    arn = {"Fn::GetAtt": ["Key", "Arn"]}
    output = {"Fn::GetStackOutput": {"StackName": "S", "OutputName": "Key", "Region": "eu-west-1"}}
    replica = {"Type": "AWS::KMS::ReplicaKey", "Properties": {"PrimaryKeyArn": output}}
    templates: dict[str, Any] = {
        "S": {"Resources": {"Key": {"Type": "AWS::KMS::Key"}}, "Outputs": {"Key": {"Value": arn}}},
        "T": {"Resources": {"Key": replica}},
    }
    stacks = {"S": DeployedStack(name="S", region="eu-west-1"), "T": DeployedStack(name="T", region="us-east-1")}
    references = References(CloudTemplates(templates, stacks))
    primary, twin = Located("S", "Key"), Located("T", "Key")

    def by_id(region: str) -> dict[str, str]:
        return {"Fn::Sub": f"arn:aws:kms:{region}:${{AWS::AccountId}}:key/${{Key}}"}

    assert references.twins == {primary: {primary, twin}, twin: {primary, twin}}
    assert references.meant_by("S", by_id("us-east-1")) == references.meant_by("T", arn) == [twin]
    assert references.meant_by("T", by_id("eu-west-1")) == references.meant_by("S", arn) == [primary]
    assert references.meant_by("S", by_id("ap-south-1")) == [primary]
    assert references.meant_by("S", {"Fn::If": ["Abroad", by_id("us-east-1"), arn]}) == [twin, primary]
