"""Constructs of the CDK that are handed a managed secret: who reads it may in three policies, and nobody else may."""

import json
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, Literal

import aws_cdk as cdk
import pytest

from constructs_lib.encryption_key import EncryptionKey
from constructs_lib.managed_secret import ManagedSecret
from constructs_lib.secrets.contents import DatabaseEngine, Generated
from tests.conftest import configured_app
from tests.support.l2_cases.handed_secrets import CASES, HandedSecret, configuration_that_is_a_secret
from tests.support.l2_positions import IRELAND
from tests.support.synthesised import Json, key_statements, only, resources, template_of, written

Position = Literal["same", "other"]
POSITIONS: tuple[Position, ...] = ("same", "other")
DEPLOYER = "arn:${AWS::Partition}:iam::111122223333:role/cdk-hnb659fds-cfn-exec-role-111122223333-eu-west-1"
SECRET_ARN = "kms:EncryptionContext:SecretARN"  # the name of a condition key
READS = "secretsmanager:GetSecretValue"


def managed(stack: cdk.Stack) -> ManagedSecret:
    key = EncryptionKey(stack, "Key", alias=stack.stack_name, services=[])
    content = Generated.database(engine=DatabaseEngine.POSTGRES, username="dbadmin")
    return ManagedSecret(stack, "Secret", encryption_key=key, content=content)


@cache
def templates(position: Position) -> dict[str, tuple[Json, Json]]:
    """Make every case in stacks of its own, in one app, and return the templates of secret and user by case."""
    app = configured_app(Path(mkdtemp()))
    stacks = {}
    for case in CASES:
        here = cdk.Stack(app, f"{case.name.replace('_', '-')}-S", env=IRELAND)
        user = here if position == "same" else cdk.Stack(app, f"{case.name.replace('_', '-')}-W", env=IRELAND)
        case.build(managed(here), user)
        stacks[case.name] = here, user
    directory = Path(app.synth().directory)
    return {
        name: tuple(json.loads((directory / stack.template_file).read_text()) for stack in pair)
        for name, pair in stacks.items()
    }


def statements(template: Json) -> Iterator[tuple[list[str], Json]]:
    """Give the statements of IAM policies with the logical ids of the roles that they are of."""
    for policy in resources(template, "AWS::IAM::Policy").values():
        properties = written(policy["Properties"])
        roles = [each.strip("${}") for each in properties.get("Roles", [])]
        for statement in properties["PolicyDocument"]["Statement"]:
            yield roles, statement
    for name, role in resources(template, "AWS::IAM::Role").items():
        for policy in written(role["Properties"].get("Policies", [])):
            for statement in policy["PolicyDocument"]["Statement"]:
                yield [name], statement


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def arn_of(role: str, template: Json, position: Position) -> str:
    """Give what policies of the secret's stack call a role: in another stack, its name."""
    if position == "same":
        return f"${{{role}.Arn}}"
    return f"arn:aws:iam::111122223333:role/{template['Resources'][role]['Properties']['RoleName']}"


def read_by(case: HandedSecret, template: Json) -> list[str]:
    """Give the logical ids of the roles whose IAM policies let them read a secret."""
    found = sorted({role for roles, each in statements(template) if READS in listed(each["Action"]) for role in roles})
    assert [name[:-8] for name in found] == sorted(case.readers)
    return found


@pytest.mark.parametrize("position", POSITIONS)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_iam_lets_exactly_the_readers_read_exactly_this_secret(case: HandedSecret, position: Position) -> None:
    _, template = templates(position)[case.name]

    read_by(case, template)

    for _, each in statements(template):
        if any(action.startswith("secretsmanager:") for action in listed(each["Action"])):
            (secret,) = listed(each["Resource"])
            assert secret.startswith("${Secret" if position == "same" else "arn:aws:secretsmanager:eu-west-1:1111")
            assert set(listed(each["Action"])) <= {READS, "secretsmanager:DescribeSecret"}


@pytest.mark.parametrize("position", POSITIONS)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_key_admits_the_readers_for_this_secret_and_nobody_else_but_deployers(
    case: HandedSecret, position: Position
) -> None:
    template, of_user = templates(position)[case.name]
    readers = {arn_of(role, of_user, position) for role in read_by(case, of_user)}
    admitted = set()

    for sid, each in key_statements(template).items():
        if sid == "AccountAdministration" or sid.startswith("Deployers"):
            continue
        condition = each.get("Condition", {})
        assert each["Action"] == "kms:Decrypt"
        if SECRET_ARN not in condition.get("StringLike", {}):
            assert case.name == "proxy_of_a_database"  # asks the key once more by itself, for any use of it
            continue
        assert condition["StringEquals"]["kms:ViaService"] == "secretsmanager.eu-west-1.amazonaws.com"
        by_name = listed(condition.get("ArnEquals", {}).get("aws:PrincipalArn", []))
        admitted |= set(by_name or listed(each["Principal"]["AWS"]))

    assert admitted == readers


@pytest.mark.parametrize("position", POSITIONS)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_secret_refuses_everybody_but_the_readers_and_cloudformation(
    case: HandedSecret, position: Position
) -> None:
    template, of_user = templates(position)[case.name]
    readers = {arn_of(role, of_user, position) for role in read_by(case, of_user)}
    policy = only(template, "AWS::SecretsManager::ResourcePolicy")["Properties"]["ResourcePolicy"]

    conditions = {each["Sid"]: each["Condition"] for each in written(policy["Statement"])}
    spared = {
        sid: set(listed(conditions[sid].get("ArnNotEquals", {}).get("aws:PrincipalArn", [])))
        for sid in ("DenyOthersReading", "DenyDeployersReading")
    }

    assert spared == {"DenyOthersReading": readers | {DEPLOYER}, "DenyDeployersReading": readers}
    assert conditions["DenyDeployersReading"]["ArnEquals"] == {"aws:PrincipalArn": DEPLOYER}


@pytest.mark.parametrize("position", POSITIONS)
def test_no_policy_says_any_secret_or_any_key(position: Position) -> None:
    for _, template in templates(position).values():
        for _, each in statements(template):
            about = [action for action in listed(each["Action"]) if action.startswith(("secretsmanager:", "kms:"))]
            assert not (about and "*" in listed(each["Resource"]))


def test_refuses_a_configuration_whose_construct_asks_the_secret_for_nothing(
    make_app: Callable[..., cdk.App],
) -> None:
    stack = cdk.Stack(make_app(), "S", env=IRELAND)
    configuration_that_is_a_secret(managed(stack), stack)

    with pytest.raises(RuntimeError, match="UseWithoutKeyPolicy"):
        template_of(stack)
