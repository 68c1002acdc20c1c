"""A replica by itself: what of its settings stands in its template, and that every way into its policy is checked."""

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms

from constructs_lib.key_kind import SYMMETRIC
from constructs_lib.key_resource import KeyResource
from constructs_lib.replica_key import ReplicaKey
from tests.support.synthesised import only, template_of, written

PRIMARY = "arn:aws:kms:eu-west-1:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab"
MakeReplica = Callable[..., KeyResource]


@pytest.fixture
def stack(make_app: Callable[..., cdk.App]) -> cdk.Stack:
    return cdk.Stack(make_app(), "Virginia", env=cdk.Environment(account="111122223333", region="us-east-1"))


@pytest.fixture
def make_replica(stack: cdk.Stack) -> MakeReplica:
    def make(**given: Any) -> ReplicaKey:
        others: dict[str, Any] = {"people": {}, "properties": {}, "settings": {}, "services": []}
        kind = SYMMETRIC.in_several_regions()
        return ReplicaKey(stack, "Key", primary_key_arn=PRIMARY, kind=kind, **{**others, **given})

    return make


def granted(stack: cdk.Stack) -> list[Any]:
    policy = written(only(template_of(stack), "AWS::KMS::ReplicaKey")["Properties"]["KeyPolicy"])
    return [each for each in policy["Statement"] if each["Sid"].startswith("Granted")]


def role(scope: cdk.Stack) -> iam.Role:
    return iam.Role(scope, "Role", assumed_by=iam.AccountRootPrincipal())


def test_properties_of_the_primary_are_not_those_of_a_replica(stack: cdk.Stack, make_replica: MakeReplica) -> None:
    make_replica(
        properties={"enable_key_rotation": True, "rotation_period_in_days": 90, "key_spec": "SYMMETRIC_DEFAULT"}
    )

    properties = only(template_of(stack), "AWS::KMS::ReplicaKey")["Properties"]
    assert sorted(properties) == ["KeyPolicy", "PendingWindowInDays", "PrimaryKeyArn"]
    assert properties["PrimaryKeyArn"] == PRIMARY


def test_it_is_a_key_to_the_cdk(stack: cdk.Stack, make_replica: MakeReplica) -> None:
    key = make_replica()

    assert isinstance(key.node.default_child, kms.CfnReplicaKey)
    assert stack.resolve([key.key_arn, key.key_id]) == [{"Fn::GetAtt": ["Key961B73FD", "Arn"]}, {"Ref": "Key961B73FD"}]


def test_a_grant_on_the_l1_arrives_in_exact_actions(stack: cdk.Stack, make_replica: MakeReplica) -> None:
    l1 = make_replica().node.default_child
    assert isinstance(l1, kms.CfnReplicaKey)
    policy = iam.ResourceWithPolicies.of(l1)
    assert policy is not None
    statement = iam.PolicyStatement(principals=[role(stack)], actions=["kms:GenerateDataKey*"], resources=["*"])

    assert policy.add_to_resource_policy(statement).statement_added

    (found,) = granted(stack)
    assert found["Action"] == ["kms:GenerateDataKey", "kms:GenerateDataKeyWithoutPlaintext"]


def test_somebody_elses_replica_in_the_stack_is_as_closed_as_before(
    stack: cdk.Stack, make_replica: MakeReplica
) -> None:
    make_replica()
    l1 = kms.CfnReplicaKey(stack, "L1", key_policy={"Statement": []}, primary_key_arn=PRIMARY)
    policy = iam.ResourceWithPolicies.of(l1)
    assert policy is not None
    statement = iam.PolicyStatement(principals=[role(stack)], actions=["kms:Decrypt"], resources=["*"])

    assert not policy.add_to_resource_policy(statement).statement_added
    assert policy.env.region == "us-east-1"
    template = template_of(stack)
    assert template["Resources"]["L1"]["Properties"]["KeyPolicy"] == {"Statement": []}
    assert "Granted" not in str(template)
