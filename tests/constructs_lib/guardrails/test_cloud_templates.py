from pathlib import Path

import pytest

from constructs_lib.guardrails.cloud_templates import CloudTemplates
from constructs_lib.guardrails.template_values import Located
from tests.support.assembly_on_disk import KEY, ROLE, place, write_assembly


@pytest.fixture
def assembly(tmp_path: Path) -> Path:
    return write_assembly(tmp_path)


@pytest.fixture
def templates(assembly: Path) -> CloudTemplates:
    return CloudTemplates.read([str(assembly / "S.template.json"), str(assembly / "W.template.json")])


def test_nested_templates_are_read_beside_those_that_were_named(templates: CloudTemplates, assembly: Path) -> None:
    assert {Path(path).name.split(".")[0] for path in templates.by_path} >= {"S", "N", "M", "W"}
    assert templates.resource(place(assembly, "N", "Role")) == ROLE


def test_resources_are_found_by_type_everywhere(templates: CloudTemplates, assembly: Path) -> None:
    keys = [where for where, _ in templates.resources("AWS::KMS::Key")]
    roles = {where for where, _ in templates.resources("AWS::IAM::Role", "AWS::IAM::User")}

    assert keys == [place(assembly, "S", "Key")]
    assert {place(assembly, "N", "Role"), place(assembly, "M", "Role"), place(assembly, "W", "Key")} <= roles


def test_a_resource_that_a_template_lacks_is_empty(templates: CloudTemplates, assembly: Path) -> None:
    assert templates.resource(place(assembly, "S", "Key")) == KEY
    assert templates.resource(place(assembly, "S", "Unknown")) == {}
    assert not templates.defines(place(assembly, "S", "Unknown"))


def test_a_serverless_function_brings_its_role() -> None:
    function = {"Type": "AWS::Serverless::Function"}
    templates = CloudTemplates({"S": {"Resources": {"Fn": function, "Key": KEY, "Role": ROLE}}})

    names = ("Fn", "FnRole", "Key", "KeyRole", "Role", "RoleRole")
    assert [name for name in names if templates.defines(Located("S", name))] == ["Fn", "FnRole", "Key", "Role"]


def test_a_nested_template_is_of_the_outermost_stack(templates: CloudTemplates, assembly: Path) -> None:
    deep = place(assembly, "D", "").template

    assert templates.stack(deep).name == "S"
    assert templates.is_nested(deep)
    assert templates.nested_in(deep) == place(assembly, "M", "D")
    assert templates.nested_template(place(assembly, "M", "D")) == deep
    assert templates.nested_in(place(assembly, "W", "").template) is None
