"""Templates written by hand: what is created with a key whose policy does not admit its creator."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from constructs_lib.guardrails.cloud_templates import CloudTemplates
from constructs_lib.guardrails.created_with_keys import CREATED_WITH_KEYS
from constructs_lib.guardrails.deployed_stack import DeployedStack
from constructs_lib.guardrails.template_values import Located
from constructs_lib.guardrails.unadmitted_creators import UnadmittedCreator, unadmitted_creators
from tests.support.iam_beside_key_policy import ARN, KEY

OWN = "arn:${AWS::Partition}:iam::111122223333:role/deploys-eu-west-1"
OTHER = "arn:${AWS::Partition}:iam::111122223333:role/deploys-cn-north-1"
DATABASE = {"Type": "AWS::RDS::DBInstance", "Properties": {"KmsKeyId": ARN}}


@dataclass
class Key:
    """A key that knows through which services it admits which roles, and remembers who asked."""

    admitted: dict[str, list[str]]
    asked: list[tuple[str, str, str]] = field(default_factory=list)

    def lacking_to_create(self, service: str, *, deployer: str, usual: str) -> tuple[str, ...]:
        self.asked.append((service, deployer, usual))
        return () if deployer in self.admitted.get(service, ()) else ("kms:CreateGrant",)


def found(key: Key, resource: dict[str, Any], *, path: str = "S") -> list[UnadmittedCreator]:
    theirs = {"S": {"Key": {"Type": "AWS::KMS::Key"}}, "W": {}}
    theirs[path] = {**theirs[path], "It": resource}
    stacks = {
        "S": DeployedStack(name="Orders", region="eu-west-1", deployer=OWN),
        "W": DeployedStack(name="Copies", region="cn-north-1", deployer=OTHER),
    }
    templates = CloudTemplates({name: {"Resources": each} for name, each in theirs.items()}, stacks)
    return unadmitted_creators(templates, {KEY: key})


def holding(path: str, value: Any) -> dict[str, Any]:
    name, _, rest = path.partition(".")
    inner = holding(rest, value) if rest else value
    return {name: [inner] if name in {"Replicas", "BlockDeviceMappings", "ReplicaRegions"} else inner}


@pytest.mark.parametrize(
    ("kind", "path", "services"),
    [(kind, path, services) for kind, paths in CREATED_WITH_KEYS.items() for path, services in paths.items()],
)
def test_what_is_created_with_a_key_is_found_unless_its_deployer_is_admitted(
    kind: str, path: str, services: tuple[str, ...]
) -> None:
    resource = {"Type": kind, "Properties": holding(path, ARN)}

    wrong = found(Key({}), resource)
    assert [(each.place, each.key, each.service) for each in wrong] == [
        (Located("S", "It"), KEY, service) for service in services
    ]
    assert {(each.stranger, each.missing) for each in wrong} == {("", ("kms:CreateGrant",))}
    for service in services:
        others = {other: [OWN] for other in services if other != service}
        assert [each.service for each in found(Key(others), resource)] == [service]
    assert found(Key({service: [OWN] for service in services}), resource) == []


def test_the_key_is_asked_about_the_deployers_of_both_stacks() -> None:
    key = Key({"rds": [OTHER]})
    references = {"Type": "AWS::RDS::DBInstance", "Properties": {"KmsKeyId": {"Fn::ImportValue": "Key"}}}

    assert found(key, references, path="W") == []
    assert key.asked == []  # nothing in these templates exports it

    assert found(key, DATABASE) != []
    assert key.asked == [("rds", OWN, OWN), ("rds", OWN, OWN)]


@pytest.mark.parametrize(
    ("service", "remedy"),
    [
        ("rds", ", or call key.allow(rds.encrypt_storage()) on it, with rds from constructs_lib.service_access"),
        ("secretsmanager", ""),
    ],
)
def test_the_remedy_is_the_service_or_the_call_that_admits_it(service: str, remedy: str) -> None:
    found = UnadmittedCreator(Located("S", "It"), KEY, service, "", ("kms:DescribeKey",))

    assert found.remedy == f'give the key services=[..., "{service}"]{remedy}'


def test_a_stranger_is_named_as_he_will_be_called() -> None:
    exported = {
        "Outputs": {"Key": {"Value": ARN, "Export": {"Name": "Key"}}},
        "Resources": {"Key": {"Type": "AWS::KMS::Key"}},
    }
    references = {"Type": "AWS::RDS::DBInstance", "Properties": {"KmsKeyId": {"Fn::ImportValue": "Key"}}}
    stacks = {
        "S": DeployedStack(name="Orders", deployer=OWN),
        "W": DeployedStack(name="Copies", region="cn-north-1", deployer=OTHER),
    }
    templates = CloudTemplates({"S": exported, "W": {"Resources": {"It": references}}}, stacks)

    [stranger] = unadmitted_creators(templates, {KEY: Key({"rds": [OWN]})})
    [nobody] = unadmitted_creators(templates, {KEY: Key({})})

    role = "arn:aws-cn:iam::111122223333:role/deploys-cn-north-1"
    own = "arn:aws:iam::111122223333:role/deploys-eu-west-1"
    assert stranger.remedy == (
        f'give the key deployers=[iam.ArnPrincipal("{own}"), iam.ArnPrincipal("{role}")], beside those that it has'
    )
    assert nobody.remedy.startswith("give the key services=")


def test_keys_that_are_not_watched_and_resources_without_a_key_are_left_alone() -> None:
    templates = CloudTemplates({"S": {"Resources": {"Key": {"Type": "AWS::KMS::Key"}, "It": DATABASE}}})
    plain = {"Type": "AWS::RDS::DBInstance", "Properties": {}}

    assert unadmitted_creators(templates, {}) == []
    assert found(Key({}), plain) == []
