"""The key of each Region is watched as any other, and an ARN with the id that they share means that of its Region."""

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms

from constructs_lib import MultiRegionKey
from constructs_lib.guardrails.cloud_templates import CloudTemplates
from constructs_lib.guardrails.deployed_stack import DeployedStack
from constructs_lib.guardrails.template_values import Located
from constructs_lib.guardrails.use_without_key_policy import uses_without_key_policy
from tests.support.iam_beside_key_policy import ACCOUNT, ARN, allow, policy
from tests.support.synthesised import violations

MakeApp = Callable[..., cdk.App]
UNGRANTED, UNCHECKED, CYCLE = "UseWithoutKeyPolicy", "UncheckedKeyPolicy", "CycleThroughKey"
REGIONS = {"Ireland": "eu-west-1", "Virginia": "us-east-1", "Mumbai": "ap-south-1"}


class Stacks:
    """A key in two Regions, and a role in each."""

    def __init__(self, app: cdk.App) -> None:
        self.ireland, self.virginia = (
            cdk.Stack(app, name, env=cdk.Environment(account=ACCOUNT, region=REGIONS[name]))
            for name in ("Ireland", "Virginia")
        )
        self.key = MultiRegionKey(self.ireland, "Key", replicas=[self.virginia], alias="orders")
        self.reader, self.writer = (
            iam.Role(stack, "Role", assumed_by=iam.AccountRootPrincipal(), role_name=name)
            for stack, name in ((self.ireland, "Reader"), (self.virginia, "Writer"))
        )

    @property
    def replica(self) -> kms.CfnReplicaKey:
        child = self.key.in_region_of(self.virginia).node.default_child
        assert isinstance(child, kms.CfnReplicaKey)
        return child


@pytest.fixture
def stacks(make_app: MakeApp) -> Stacks:
    return Stacks(make_app())


def decrypt(resource: str) -> iam.PolicyStatement:
    return iam.PolicyStatement(actions=["kms:Decrypt"], resources=[resource])


def ungranted(stack: str, key: str) -> tuple[str, str]:
    role = f"Role1ABCC5F0 of stack {stack}"
    return UNGRANTED, f"IAM allows {role} kms:Decrypt with {key}, whose key policy does not"


def test_a_policy_of_a_replica_that_was_changed_past_the_construct_is_found(stacks: Stacks) -> None:
    stacks.replica.add_property_override("KeyPolicy.Statement.0.Action", "kms:*")

    ((rule, description),) = violations(stacks.virginia)
    assert (rule, "Virginia/Key" in description) == (UNCHECKED, True)


def test_iam_that_lets_somebody_use_a_replica_whose_policy_does_not_is_found(stacks: Stacks) -> None:
    stacks.writer.add_to_policy(decrypt(stacks.replica.attr_arn))

    assert violations(stacks.virginia) == [ungranted("Virginia", "Virginia/Key")]


def test_a_grant_on_the_primary_is_none_on_the_replica(stacks: Stacks) -> None:
    stacks.key.grant_decrypt(stacks.reader)
    stacks.reader.add_to_policy(decrypt(f"arn:aws:kms:us-east-1:{ACCOUNT}:key/{stacks.key.key_id}"))

    assert violations(stacks.ireland) == [ungranted("Ireland", "Virginia/Key")]


def test_a_grant_on_the_replica_is_none_on_the_primary(stacks: Stacks) -> None:
    here = stacks.key.in_region_of(stacks.virginia)
    here.grant_decrypt(stacks.writer)
    stacks.writer.add_to_policy(decrypt(f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/{here.key_id}"))

    assert violations(stacks.virginia) == [ungranted("Virginia", "Ireland/Key")]


def test_what_waits_for_a_replica_that_waits_for_it_is_found(stacks: Stacks) -> None:
    topic = cdk.CfnResource(
        stacks.virginia, "Topic", type="AWS::SNS::Topic", properties={"KmsMasterKeyId": stacks.replica.ref}
    )
    stacks.replica.add_dependency(topic)

    assert [rule for rule, _ in violations(stacks.virginia)] == [CYCLE]


def key_of(name: str, *, allowed: bool) -> dict[str, Any]:
    """Give the key of a stack, which is the primary in Ireland, with its alias."""
    reader = allow({"AWS": f"arn:aws:iam::{ACCOUNT}:role/Reader"}, "kms:Decrypt")
    key: dict[str, Any] = {"KeyPolicy": {"Statement": [reader] if allowed else []}}
    if name != "Ireland":
        output = {"StackName": "Ireland", "OutputName": "Key", "Region": "eu-west-1"}
        key["PrimaryKeyArn"] = {"Fn::GetStackOutput": output}
    return {
        "Key": {"Type": "AWS::KMS::Key" if name == "Ireland" else "AWS::KMS::ReplicaKey", "Properties": key},
        "Alias": {"Type": "AWS::KMS::Alias", "Properties": {"AliasName": "alias/orders", "TargetKeyId": ARN}},
    }


def missing(statement: dict[str, Any], *allowed: str) -> list[str]:
    """Give the stacks whose key a role in Ireland may not decrypt with, though a statement of its own says so.

    Args:
        statement: Its policy.
        *allowed: The stacks whose key policies allow it.
    """
    templates = {name: {"Resources": key_of(name, allowed=name in allowed)} for name in REGIONS}
    role = {"Type": "AWS::IAM::Role", "Properties": {"RoleName": "Reader"}}
    templates["Ireland"]["Resources"] |= {"Role": role, "Policy": statement}
    templates["Ireland"]["Outputs"] = {"Key": {"Value": ARN}}
    stacks = {
        name: DeployedStack(name=name, path=name, account=ACCOUNT, region=region) for name, region in REGIONS.items()
    }
    found = uses_without_key_policy(CloudTemplates(templates, stacks), [Located(name, "Key") for name in REGIONS])
    return sorted(use.key.template for use in found)


def by_id(region: str) -> dict[str, Any]:
    return policy("kms:Decrypt", resource={"Fn::Sub": f"arn:aws:kms:{region}:{ACCOUNT}:key/${{Key}}"})


def by_alias(resource: str) -> dict[str, Any]:
    found = policy("kms:Decrypt", resource=resource)
    condition = {"ForAnyValue:StringEquals": {"kms:ResourceAliases": "alias/orders"}}
    found["Properties"]["PolicyDocument"]["Statement"][0]["Condition"] = condition
    return found


@pytest.mark.parametrize("name", [by_id, lambda region: by_alias(f"arn:aws:kms:{region}:{ACCOUNT}:key/*")])
@pytest.mark.parametrize(
    ("region", "named"),
    [
        ("eu-west-1", ["Ireland"]),
        ("us-east-1", ["Virginia"]),
        ("ap-south-1", ["Mumbai"]),
        ("*", ["Ireland", "Mumbai", "Virginia"]),
    ],
)
def test_the_region_of_an_arn_says_which_of_the_keys_is_meant(
    region: str, named: list[str], name: Callable[[str], dict[str, Any]]
) -> None:
    assert missing(name(region)) == named
    assert missing(name(region), *named) == []
    assert missing(name(region), *(set(REGIONS) - set(named))) == named


def test_every_key_with_an_alias_means_those_of_all_regions() -> None:
    assert missing(by_alias("*")) == ["Ireland", "Mumbai", "Virginia"]
    assert missing(by_alias("*"), *REGIONS) == []


def test_an_arn_by_itself_means_the_key_that_has_it() -> None:
    assert missing(policy("kms:Decrypt", resource=ARN), "Mumbai", "Virginia") == ["Ireland"]


@pytest.mark.parametrize("region", ["us-*", "us-east-?", "u*1"])
def test_a_pattern_of_regions_means_the_keys_there(region: str) -> None:
    assert missing(by_id(region)) == ["Virginia"]


@pytest.mark.parametrize("region", ["ca-central-1", "ca-*"])
def test_an_arn_of_a_region_without_the_key_is_read_as_the_key_that_it_names(region: str) -> None:
    assert missing(by_id(region)) == ["Ireland"]
