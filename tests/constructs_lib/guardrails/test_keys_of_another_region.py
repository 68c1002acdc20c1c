"""Which uses of a key are refused for its Region, and which properties are about another Region than the resource."""

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk import aws_sqs as sqs

from constructs_lib import EncryptionKey, MultiRegionKey
from constructs_lib.guardrails.cloud_templates import CloudTemplates
from constructs_lib.guardrails.deployed_stack import DeployedStack
from constructs_lib.guardrails.keys_of_another_region import keys_of_another_region
from constructs_lib.guardrails.template_values import Located
from tests.support.synthesised import violations

MakeApp = Callable[..., cdk.App]
ACCOUNT = "111122223333"
REGIONS = {"Ireland": "eu-west-1", "Virginia": "us-east-1"}
RULE = "KeyOfAnotherRegion"


@pytest.fixture
def app(make_app: MakeApp) -> cdk.App:
    return make_app()


def stack_in(app: cdk.App, name: str) -> cdk.Stack:
    return cdk.Stack(app, name, env=cdk.Environment(account=ACCOUNT, region=REGIONS[name]))


@pytest.fixture
def ireland(app: cdk.App) -> cdk.Stack:
    return stack_in(app, "Ireland")


@pytest.fixture
def virginia(app: cdk.App) -> cdk.Stack:
    return stack_in(app, "Virginia")


# Beside what asks the key for nothing, what other rules tell to let somebody in, which would not help.
ENCRYPTED: dict[str, Callable[[cdk.Stack, Any], Any]] = {
    "KMSMasterKeyID": lambda stack, key: s3.Bucket(stack, "It", encryption_key=key),
    "KmsMasterKeyId": lambda stack, key: sqs.Queue(stack, "It", encryption_master_key=key),
    "KMSMasterKeyId": lambda stack, key: dynamodb.Table(
        stack,
        "It",
        partition_key=dynamodb.Attribute(name="id", type=dynamodb.AttributeType.STRING),
        encryption_key=key,
    ),
    "KmsKeyArn": lambda stack, key: lambda_.Function(
        stack,
        "It",
        runtime=lambda_.Runtime.PYTHON_3_13,
        handler="index.handler",
        code=lambda_.Code.from_inline("pass"),
        environment_encryption=key,
    ),
    "KmsKeyId": lambda stack, key: secretsmanager.Secret(stack, "It", encryption_key=key),
}


@pytest.mark.parametrize("name", ENCRYPTED)
@pytest.mark.parametrize("several", [False, True])
def test_what_is_encrypted_in_another_region_than_its_key_is_found_once(
    name: str, *, several: bool, ireland: cdk.Stack, virginia: cdk.Stack
) -> None:
    key = MultiRegionKey(ireland, "Key", replicas=[virginia]) if several else EncryptionKey(ireland, "Key")
    ENCRYPTED[name](virginia, key)

    ((rule, description),) = violations(virginia)
    assert rule == RULE
    assert f"uses Ireland/Key, which is in eu-west-1: its {name} takes keys of us-east-1 alone" in description


@pytest.mark.parametrize("name", ENCRYPTED)
def test_what_is_encrypted_under_the_key_of_its_region_is_not_found(
    name: str, ireland: cdk.Stack, virginia: cdk.Stack
) -> None:
    key = MultiRegionKey(ireland, "Key", replicas=[virginia])
    for stack in (ireland, virginia):
        ENCRYPTED[name](stack, key.in_region_of(stack))

    assert violations(virginia) == []


@pytest.mark.parametrize("right", [True, False])
def test_a_replicated_bucket_needs_the_key_of_the_region_of_its_copies(
    ireland: cdk.Stack, virginia: cdk.Stack, *, right: bool
) -> None:
    key = MultiRegionKey(ireland, "Key", replicas=[virginia])
    there = key.in_region_of(virginia)
    copies = s3.Bucket(virginia, "Copies", encryption_key=there, versioned=True, bucket_name="orders-copies")
    rule = s3.ReplicationRule(destination=copies, sse_kms_encrypted_objects=True, kms_key=there if right else key)
    s3.Bucket(ireland, "Orders", encryption_key=key, versioned=True, replication_rules=[rule])

    wrong = "uses Ireland/Key, which is in eu-west-1: its ReplicaKmsKeyID takes keys of us-east-1 alone"
    expected = [] if right else [(RULE, f"OrdersA9B65338 of stack Ireland {wrong}")]
    assert violations(ireland) == expected


def test_whoever_is_told_of_a_key_may_be_anywhere(ireland: cdk.Stack, virginia: cdk.Stack) -> None:
    key = EncryptionKey(ireland, "Key")
    cdk.CfnOutput(virginia, "Output", value=key.key_arn)
    lambda_.Function(
        virginia,
        "Function",
        runtime=lambda_.Runtime.PYTHON_3_13,
        handler="index.handler",
        code=lambda_.Code.from_inline("pass"),
        environment={"KMS_KEY": key.key_arn},
    )

    assert violations(virginia) == []


KEYS = [Located(name, "Key") for name in REGIONS]


def arn_in(region: str) -> dict[str, Any]:
    return {"Fn::Sub": f"arn:aws:kms:{region}:{ACCOUNT}:key/${{Key}}"}


OF_IRELAND = {"Fn::GetStackOutput": {"StackName": "Ireland", "OutputName": "Key", "Region": "eu-west-1"}}
OF_VIRGINIA = {"Fn::GetStackOutput": {"StackName": "Virginia", "OutputName": "Far", "Region": "us-east-1"}}
HERE, THERE = {"Fn::GetAtt": ["Key", "Arn"]}, arn_in("us-east-1")


def found_in(
    kind: str, properties: dict[str, Any], *, region: str = "eu-west-1", far: str = "us-east-1"
) -> list[tuple[str, str]]:
    """Give what of a resource in Ireland is found, with the key's Region, and what is to be done."""
    alias = {"Type": "AWS::KMS::Alias", "Properties": {"AliasName": "alias/orders", "TargetKeyId": {"Ref": "Key"}}}
    templates: dict[str, Any] = {
        "Ireland": {
            "Resources": {
                "Key": {"Type": "AWS::KMS::Key", "Properties": {"MultiRegion": True}},
                "Alias": alias,
                "It": {"Type": f"AWS::{kind}", "Properties": properties},
                "Near": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "near"}},
            },
            "Outputs": {"Key": {"Value": HERE}},
        },
        "Virginia": {
            "Resources": {
                "Key": {"Type": "AWS::KMS::ReplicaKey", "Properties": {"PrimaryKeyArn": OF_IRELAND}},
                "Far": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "far"}},
                "Unnamed": {"Type": "AWS::S3::Bucket"},
            },
            "Outputs": {"Far": {"Value": {"Ref": "Unnamed"}}},
        },
    }
    stacks = {
        "Ireland": DeployedStack(name="Ireland", region=region),
        "Virginia": DeployedStack(name="Virginia", region=far),
    }
    return [(found.got, found.needs) for found in keys_of_another_region(CloudTemplates(templates, stacks), KEYS)]


def destination(bucket: Any, key: Any) -> dict[str, Any]:
    encryption = {"EncryptionConfiguration": {"ReplicaKmsKeyID": key}}
    return {
        "BucketName": "orders",
        "ReplicationConfiguration": {"Rules": [{"Destination": {"Bucket": bucket, **encryption}}]},
    }


def ami(region: str, key: Any) -> dict[str, Any]:
    return {"Distributions": [{"Region": region, "AmiDistributionConfiguration": {"KmsKeyId": key}}]}


ELSEWHERE: dict[str, tuple[str, Callable[[Any], dict[str, Any]]]] = {
    "a replicated secret": (
        "SecretsManager::Secret",
        lambda key: {"KmsKeyId": HERE, "ReplicaRegions": [{"Region": "us-east-1", "KmsKeyId": key}]},
    ),
    "a replicated table": (
        "DynamoDB::GlobalTable",
        lambda key: {"Replicas": [{"Region": "us-east-1", "SSESpecification": {"KMSMasterKeyId": key}}]},
    ),
    "a pipeline": (
        "CodePipeline::Pipeline",
        lambda key: {
            "ArtifactStores": [
                {"Region": "us-east-1", "ArtifactStore": {"Location": "x", "EncryptionKey": {"Id": key}}}
            ]
        },
    ),
    "a database's backups": (
        "RDS::DBInstance",
        lambda key: {
            "KmsKeyId": HERE,
            "AutomaticBackupReplicationRegion": "us-east-1",
            "AutomaticBackupReplicationKmsKeyId": key,
        },
    ),
    "an image": ("ImageBuilder::DistributionConfiguration", lambda key: ami("us-east-1", key)),
    "incidents": (
        "SSMIncidents::ReplicationSet",
        lambda key: {"Regions": [{"RegionName": "us-east-1", "RegionConfiguration": {"SseKmsKeyId": key}}]},
    ),
    "snapshots": (
        "DLM::LifecyclePolicy",
        lambda key: {"CrossRegionCopy": [{"Target": "us-east-1", "EncryptionConfiguration": {"CmkArn": key}}]},
    ),
    "copies of a bucket by name": ("S3::Bucket", lambda key: destination("arn:aws:s3:::far", key)),
    "copies of a bucket in any partition": (
        "S3::Bucket",
        lambda key: destination({"Fn::Sub": "arn:${AWS::Partition}:s3:::far"}, key),
    ),
    "copies of a bucket by reference": (
        "S3::Bucket",
        lambda key: destination({"Fn::Sub": ["arn:aws:s3:::${B}", {"B": OF_VIRGINIA}]}, key),
    ),
    "a trail": ("CloudTrail::Trail", lambda key: {"S3BucketName": "far", "KMSKeyId": key}),
    "history": ("Config::DeliveryChannel", lambda key: {"S3BucketName": "far", "S3KmsKeyArn": key}),
    "a stream to a bucket": (
        "KinesisFirehose::DeliveryStream",
        lambda key: {
            "DeliveryStreamEncryptionConfigurationInput": {"KeyARN": HERE},
            "S3DestinationConfiguration": {
                "BucketARN": "arn:aws:s3:::far",
                "EncryptionConfiguration": {"KMSEncryptionConfig": {"AWSKMSKeyARN": key}},
            },
        },
    ),
    "results": (
        "Athena::WorkGroup",
        lambda key: {"OutputLocation": "s3://far/results/", "EncryptionConfiguration": {"KmsKey": key}},
    ),
}


@pytest.mark.parametrize("name", ELSEWHERE)
def test_a_property_about_another_region_takes_keys_of_that_region(name: str) -> None:
    kind, properties = ELSEWHERE[name]

    assert found_in(kind, properties(THERE)) == []
    ((got, needs),) = found_in(kind, properties(HERE))
    assert (got, needs.endswith(" takes keys of us-east-1 alone")) == ("in eu-west-1", True)


@pytest.mark.parametrize(
    ("kind", "properties"),
    [
        ("S3::Bucket", destination("arn:aws:s3:::somebody-elses", THERE)),
        ("S3::Bucket", destination({"Ref": "Parameter"}, THERE)),
        ("S3::Bucket", destination({"Fn::Sub": "arn:aws:s3:::${Parameter}"}, THERE)),
        ("CloudTrail::Trail", {"S3BucketName": "somebody-elses", "KMSKeyId": THERE}),
        ("ImageBuilder::DistributionConfiguration", ami("${Region}", HERE)),
    ],
)
def test_what_only_the_deployment_knows_is_not_judged(kind: str, properties: dict[str, Any]) -> None:
    assert found_in(kind, properties) == []


@pytest.mark.parametrize(("region", "far"), [("", "us-east-1"), ("eu-west-1", "")])
def test_stacks_of_any_region_are_not_judged(region: str, far: str) -> None:
    assert found_in("SecretsManager::Secret", {"KmsKeyId": THERE}) != []
    assert found_in("SecretsManager::Secret", {"KmsKeyId": THERE}, region=region, far=far) == []


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (HERE, False),
        (THERE, True),
        ({"Ref": "Key"}, False),
        ({"Fn::If": ["Abroad", HERE, HERE]}, False),
        ({"Fn::If": ["Abroad", HERE, THERE]}, True),
        ({"Ref": "Alias"}, False),
        ("alias/orders", False),
        ({"Fn::Sub": "arn:aws:kms:eu-west-1:111122223333:${Alias}"}, False),
    ],
)
def test_a_value_means_the_key_of_the_region_that_it_says(value: object, *, found: bool) -> None:
    expected = [("in us-east-1", "its KmsMasterKeyId takes keys of eu-west-1 alone")] if found else []
    assert found_in("SQS::Queue", {"KmsMasterKeyId": value}) == expected


def test_a_bucket_is_in_its_own_region_whatever_it_is_called() -> None:
    by_default = {"ServerSideEncryptionByDefault": {"KMSMasterKeyID": THERE}, "BucketKeyEnabled": True}
    encryption = {"BucketEncryption": {"ServerSideEncryptionConfiguration": [by_default]}}

    for name in ("mine", "far"):
        assert len(found_in("S3::Bucket", {"BucketName": name, **encryption})) == 1


def test_the_remedy_is_the_key_of_the_region_or_one_of_several_regions() -> None:
    one = {"Type": "AWS::KMS::Key"}
    replica = {"Type": "AWS::KMS::ReplicaKey", "Properties": {"PrimaryKeyArn": OF_IRELAND}}
    queue = {"Type": "AWS::SQS::Queue", "Properties": {"KmsMasterKeyId": OF_IRELAND}}

    def remedy(**others: dict[str, Any]) -> str:
        templates: dict[str, Any] = {
            "Ireland": {"Resources": {"Key": one}, "Outputs": {"Key": {"Value": HERE}}},
            "Virginia": {"Resources": {"It": queue, **others.get("virginia", {})}},
            "Mumbai": {"Resources": others.get("mumbai", {})},
        }
        regions = {**REGIONS, "Mumbai": "ap-south-1"}
        stacks = {name: DeployedStack(name=name, region=regions[name]) for name in templates}
        (found,) = keys_of_another_region(CloudTemplates(templates, stacks), KEYS)
        return found.remedy

    assert remedy(virginia={"Key": replica}) == (
        "give it the key of us-east-1: key.in_region_of(a stack of that Region)"
    )
    assert remedy(mumbai={"Key": replica}) == (
        "add a stack of us-east-1 to replicas= of the key, and give it key.in_region_of(that stack)"
    )
    assert remedy() == (
        "give it a key of us-east-1, or make this one a MultiRegionKey and give it key.in_region_of(a stack there)"
    )
