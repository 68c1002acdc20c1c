"""The examples with secrets as an attacker reads their templates: who gets at a value, by which policy, how widely."""

import json
import runpy
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest

from tests.conftest import configured_app
from tests.support.synthesised import Json, resources

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
READS = "secretsmanager:GetSecretValue"
DRAWS = "secretsmanager:GetRandomPassword"

# Roles of the templates that read a secret; whoever else reads is of AWS or of another account.
READERS = {
    "rotate_an_api_key_secret": {"RotationFunctionFunctionRole"},
    "secret_for_a_database": set(),
    "secret_for_a_function": {"FunctionServiceRole"},
    "secret_for_a_task": {"TaskExecutionRole"},
    "secret_in_two_regions": {"Reader"},
    "share_a_secret": set(),
}


@cache
def templates(example: str) -> tuple[Json, ...]:
    app = configured_app(Path(mkdtemp()))
    runpy.run_path(str(EXAMPLES / f"{example}.py"))["define"](app)
    return tuple(stack.template for stack in app.synth().stacks)


def allowed(example: str) -> Iterator[tuple[list[str], Json]]:
    """Give the IAM statements about secrets and keys, with the logical ids of their roles."""
    for template in templates(example):
        for policy in resources(template, "AWS::IAM::Policy").values():
            roles = [each["Ref"] for each in policy["Properties"]["Roles"]]
            for statement in policy["Properties"]["PolicyDocument"]["Statement"]:
                if any(action.startswith(("secretsmanager:", "kms:")) for action in listed(statement["Action"])):
                    yield roles, statement


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def test_every_example_with_a_secret_is_here() -> None:
    assert {path.stem for path in EXAMPLES.glob("*secret*.py")} == set(READERS)


@pytest.mark.parametrize("example", sorted(READERS))
def test_exactly_these_roles_read(example: str) -> None:
    found = {role[:-8] for roles, each in allowed(example) if READS in listed(each["Action"]) for role in roles}

    assert found == READERS[example]


@pytest.mark.parametrize("example", sorted(READERS))
def test_nothing_is_allowed_on_any_secret_and_no_action_is_a_wildcard(example: str) -> None:
    for _, each in allowed(example):
        assert "*" not in listed(each["Resource"]) or each["Action"] == DRAWS  # which reads no secret
        assert not any("*" in action for action in listed(each["Action"]))


@pytest.mark.parametrize("example", sorted(READERS))
def test_the_key_is_used_through_secrets_manager_alone(example: str) -> None:
    for template in templates(example):
        secret_keys = {each["Properties"]["KmsKeyId"]["Fn::GetAtt"][0] for each in secrets(template)}
        for key in secret_keys:
            for each in template["Resources"][key]["Properties"]["KeyPolicy"]["Statement"]:
                through = each.get("Condition", {}).get("StringEquals", {}).get("kms:ViaService")
                assert through == "secretsmanager.eu-west-1.amazonaws.com" or each["Sid"] == "AccountAdministration"
                assert "kms:CreateGrant" not in listed(each["Action"])


@pytest.mark.parametrize("example", sorted(READERS))
def test_no_template_holds_a_value(example: str) -> None:
    for template in templates(example):
        for each in secrets(template):
            assert "SecretString" not in each["Properties"]


@pytest.mark.parametrize("example", sorted(READERS))
def test_the_secret_refuses_the_deployer_unless_it_is_cloudformation(example: str) -> None:
    refusals = [
        statement
        for template in templates(example)
        for policy in resources(template, "AWS::SecretsManager::ResourcePolicy").values()
        for statement in policy["Properties"]["ResourcePolicy"]["Statement"]
        if statement["Sid"] == "DenyDeployersReading"
    ]

    assert len(refusals) == sum(len(secrets(template)) for template in templates(example))
    for each in refusals:
        assert "cfn-exec-role" in json.dumps(each["Condition"]["ArnEquals"])
        assert each["Condition"]["StringNotLike"] == {"aws:userid": "AROA*:AWSCloudFormation"}


def secrets(template: Json) -> list[Json]:
    return list(resources(template, "AWS::SecretsManager::Secret").values())
