"""The page on keys in several Regions: its example works, and what it says of ids and commands is so."""

import json
import re
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import botocore.session
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3

from constructs_lib import MultiRegionKey
from constructs_lib.key_kind import SYMMETRIC

_DOCS = Path(__file__).resolve().parents[2] / "docs"
_PAGE = (_DOCS / "multi-region-keys.md").read_text()
# What the page asks of KMS before there is a key to ask about, and what IAM alone gives.
_BESIDE_THE_KEY = {"ListAliases"}


def _blocks(language: str) -> list[str]:
    return [re.sub(r"(?m)^ {3}", "", block) for block in re.findall(rf"```{language}\n(.*?)```", _PAGE, re.DOTALL)]


def _commands() -> list[list[str]]:
    inline = re.findall(r"`(aws kms [^`]+)`", _PAGE)
    substituted = [line.replace("KEY_ID=$(", "").rstrip(")") for block in _blocks("sh") for line in block.splitlines()]
    return [shlex.split(line) for line in [*inline, *substituted] if line.startswith("aws kms ")]


@pytest.fixture
def templates(make_app: Callable[..., cdk.App]) -> dict[str, Any]:
    app = make_app()
    exec(_blocks("python")[0], {"app": app, "cdk": cdk, "iam": iam, "s3": s3, "MultiRegionKey": MultiRegionKey})  # noqa: S102
    return {stack.stack_name: stack.template["Resources"] for stack in app.synth().stacks}


def test_the_example_makes_a_key_and_a_replica(templates: dict[str, Any]) -> None:
    made = {name: [each["Type"] for each in resources.values()] for name, resources in templates.items()}

    assert made["Ireland"].count("AWS::KMS::Key") == made["Virginia"].count("AWS::KMS::ReplicaKey") == 1


def test_the_mapping_names_the_replica_and_its_alias(templates: dict[str, Any]) -> None:
    (block,) = _blocks("json")
    said = {logical_id: list(identifier) for logical_id, identifier in json.loads(block).items()}

    identifiers = {"AWS::KMS::ReplicaKey": ["KeyId"], "AWS::KMS::Alias": ["AliasName"]}
    found = {name: identifiers.get(each["Type"]) for name, each in templates["Virginia"].items()}
    assert said == {name: identifier for name, identifier in found.items() if identifier}


def test_administrators_may_do_what_the_page_tells_them_and_kms_takes_it() -> None:
    service = botocore.session.get_session().get_service_model("kms")
    administer = {action.partition(":")[2] for action in SYMMETRIC.in_several_regions().administer}
    asked = set()
    for command in _commands():
        operation = service.operation_model("".join(word.title() for word in command[2].split("-")))
        asked.add(operation.name)
        options = {word[2:] for word in command if word.startswith("--")} - {"region", "query", "output"}
        shape = operation.input_shape
        assert shape is not None
        assert options <= {re.sub(r"(?<!^)(?=[A-Z])", "-", name).lower() for name in shape.members}

    assert {"CancelKeyDeletion", "EnableKey", "UpdatePrimaryRegion", "DescribeKey"} <= asked
    assert asked - _BESIDE_THE_KEY <= administer


def test_each_link_leads_to_a_file() -> None:
    links = re.findall(r"\]\(([^)#]+)\)", _PAGE)

    assert links
    assert not [link for link in links if not (_DOCS / link).exists()]
