"""A replica by itself: what of its settings stands in its template, and that every way into its policy is checked."""

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs

from constructs_lib import EncryptionKey
from constructs_lib.key_kind import SYMMETRIC
from constructs_lib.key_resource import KeyResource
from constructs_lib.replica_key import ReplicaKey
from tests.support.synthesised import granted as granted_on
from tests.support.synthesised import only, template_of, written

PRIMARY = "arn:aws:kms:eu-west-1:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab"
MakeReplica = Callable[..., KeyResource]


@pytest.fixture
def stack(make_app: Callable[..., cdk.App]) -> cdk.Stack:
    return cdk.Stack(make_app(), "Virginia", env=cdk.Environment(account="111122223333", region="us-east-1"))


@pytest.fixture
def make_replica(stack: cdk.Stack) -> MakeReplica:
    def make(**given: Any) -> ReplicaKey:
        others: dict[str, Any] = {"people": {}, "properties": {}, "settings": {}, "services": None}
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


def bucket(scope: cdk.Stack, key_arn: str) -> s3.CfnBucket:
    by_default = s3.CfnBucket.ServerSideEncryptionByDefaultProperty(sse_algorithm="aws:kms", kms_master_key_id=key_arn)
    rule = s3.CfnBucket.ServerSideEncryptionRuleProperty(server_side_encryption_by_default=by_default)
    encryption = s3.CfnBucket.BucketEncryptionProperty(server_side_encryption_configuration=[rule])
    return s3.CfnBucket(scope, "Bucket", bucket_encryption=encryption)


def table(scope: cdk.Stack, key_arn: str) -> dynamodb.CfnTable:
    encryption = dynamodb.CfnTable.SSESpecificationProperty(sse_enabled=True, kms_master_key_id=key_arn)
    return dynamodb.CfnTable(scope, "Table", key_schema=[], sse_specification=encryption)


# What the CDK itself gives under a key, which it knows how to find.
ENCRYPTED: dict[str, Callable[[cdk.Stack, str, iam.IGrantable], Any]] = {
    "bucket": lambda scope, key, who: s3.BucketGrants.from_bucket(bucket(scope, key)).read(who),
    "queue": lambda scope, key, who: sqs.QueueGrants.from_queue(
        sqs.CfnQueue(scope, "Queue", kms_master_key_id=key)
    ).consume_messages(who),
    "topic": lambda scope, key, who: sns.TopicGrants.from_topic(
        sns.CfnTopic(scope, "Topic", kms_master_key_id=key)
    ).publish(who),
    "table": lambda scope, key, who: dynamodb.TableGrants(table=table(scope, key)).read_data(who),
}


@pytest.mark.parametrize("name", ENCRYPTED)
def test_a_grant_on_what_is_encrypted_arrives_as_under_any_other_key(
    name: str, stack: cdk.Stack, make_replica: MakeReplica, make_app: Callable[..., cdk.App]
) -> None:
    ENCRYPTED[name](stack, make_replica().key_arn, role(stack))
    plain = cdk.Stack(make_app(), "Virginia", env=cdk.Environment(account="111122223333", region="us-east-1"))
    ENCRYPTED[name](plain, EncryptionKey(plain, "Key").key_arn, role(plain))

    expected = granted_on(template_of(plain))
    assert [each["Sid"] for each in granted(stack)] == list(expected) != []
    assert [each["Action"] for each in granted(stack)] == [each["Action"] for each in expected.values()]


@pytest.mark.parametrize("name", ENCRYPTED)
def test_what_is_encrypted_under_another_key_is_granted_as_before(
    name: str, stack: cdk.Stack, make_replica: MakeReplica
) -> None:
    make_replica()
    other = EncryptionKey(stack, "Other")
    ENCRYPTED[name](stack, other.key_arn, role(stack))

    assert granted(stack) == []
    assert len(granted_on(template_of(stack))) == 1


def test_a_key_of_a_nested_stack_is_not_taken_for_its_namesake(stack: cdk.Stack, make_replica: MakeReplica) -> None:
    make_replica()
    nested = cdk.NestedStack(stack, "Nested")
    ENCRYPTED["queue"](nested, EncryptionKey(nested, "Key").key_arn, role(nested))

    assert granted(stack) == []
    assert len(granted_on(template_of(nested))) == 1
