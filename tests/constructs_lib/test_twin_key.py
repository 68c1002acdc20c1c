"""A key of several Regions is named in each stack by what stands there, so that no Region waits for another."""

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sqs as sqs

from constructs_lib import ConfigurationError, EncryptionKey, MultiRegionKey
from tests.support.round_trips import counted_round_trips
from tests.support.synthesised import app_of, granted, iam_statements, only, template_of, written

MakeApp = Callable[..., cdk.App]
ACCOUNT = "111122223333"
REF, ARN = "${Key961B73FD}", "${Key961B73FD.Arn}"


def stack_in(app: cdk.App, region: str, name: str) -> cdk.Stack:
    return cdk.Stack(app, name, env=cdk.Environment(account=ACCOUNT, region=region))


def arn_in(region: str) -> str:
    return f"arn:aws:kms:{region}:{ACCOUNT}:key/{REF}"


@pytest.fixture
def app(make_app: MakeApp) -> cdk.App:
    return make_app()


@pytest.fixture
def ireland(app: cdk.App) -> cdk.Stack:
    return stack_in(app, "eu-west-1", "Ireland")


@pytest.fixture
def virginia(app: cdk.App) -> cdk.Stack:
    return stack_in(app, "us-east-1", "Virginia")


@pytest.fixture
def mumbai(app: cdk.App) -> cdk.Stack:
    return stack_in(app, "ap-south-1", "Mumbai")


@pytest.fixture
def key(ireland: cdk.Stack, virginia: cdk.Stack, mumbai: cdk.Stack) -> MultiRegionKey:
    return MultiRegionKey(ireland, "Key", replicas=[virginia, mumbai], alias="orders")


def said(stack: cdk.Stack, *values: Any) -> list[Any]:
    """Synthesise with these values as outputs and give what the template says."""
    outputs = [cdk.CfnOutput(stack, f"Said{number}", value=value) for number, value in enumerate(values)]
    found = written(template_of(stack))["Outputs"]
    return [found[stack.resolve(output.logical_id)]["Value"] for output in outputs]


def test_a_bucket_is_replicated_to_the_region_of_a_replica(
    ireland: cdk.Stack, virginia: cdk.Stack, key: MultiRegionKey
) -> None:
    there = key.in_region_of(virginia)
    copies = s3.Bucket(virginia, "Copies", encryption_key=there, versioned=True, bucket_name="orders-copies")
    s3.Bucket(
        ireland,
        "Orders",
        encryption_key=key,
        versioned=True,
        bucket_name="orders",
        replication_rules=[
            s3.ReplicationRule(destination=copies, sse_kms_encrypted_objects=True, kms_key=there),
        ],
    )

    template = template_of(ireland)
    (rule,) = written(only(template, "AWS::S3::Bucket"))["Properties"]["ReplicationConfiguration"]["Rules"]
    assert rule["Destination"]["EncryptionConfiguration"] == {"ReplicaKmsKeyID": arn_in("us-east-1")}
    assert [each["Resource"] for each in iam_statements(template)] == [arn_in("us-east-1"), ARN]


def test_a_bucket_is_replicated_back_from_the_region_of_a_replica(
    ireland: cdk.Stack, virginia: cdk.Stack, key: MultiRegionKey
) -> None:
    copies = s3.Bucket(ireland, "Copies", encryption_key=key, versioned=True, bucket_name="orders-copies")
    s3.Bucket(
        virginia,
        "Orders",
        encryption_key=key.in_region_of(virginia),
        versioned=True,
        replication_rules=[s3.ReplicationRule(destination=copies, sse_kms_encrypted_objects=True, kms_key=key)],
    )

    (rule,) = written(only(template_of(virginia), "AWS::S3::Bucket"))["Properties"]["ReplicationConfiguration"]["Rules"]
    assert rule["Destination"]["EncryptionConfiguration"] == {"ReplicaKmsKeyID": arn_in("eu-west-1")}


def test_a_table_has_the_key_of_each_of_its_regions(ireland: cdk.Stack, virginia: cdk.Stack) -> None:
    deployer = f"arn:aws:iam::{ACCOUNT}:role/cdk-hnb659fds-cfn-exec-role-{ACCOUNT}"
    deployers = [iam.ArnPrincipal(f"{deployer}-{region}") for region in ("eu-west-1", "us-east-1")]
    key = MultiRegionKey(ireland, "Key", replicas=[virginia], deployers=deployers)
    dynamodb.TableV2(
        ireland,
        "Table",
        partition_key=dynamodb.Attribute(name="id", type=dynamodb.AttributeType.STRING),
        encryption=dynamodb.TableEncryptionV2.customer_managed_key(
            key, {"us-east-1": key.in_region_of(virginia).key_arn}
        ),
        replicas=[dynamodb.ReplicaTableProps(region="us-east-1")],
    )

    table = written(only(template_of(ireland), "AWS::DynamoDB::GlobalTable"))["Properties"]
    assert {each["Region"]: each["SSESpecification"]["KMSMasterKeyId"] for each in table["Replicas"]} == {
        "eu-west-1": ARN,
        "us-east-1": arn_in("us-east-1"),
    }


def test_a_function_beside_the_primary_is_told_of_a_replica(
    ireland: cdk.Stack, virginia: cdk.Stack, key: MultiRegionKey
) -> None:
    lambda_.Function(
        ireland,
        "Function",
        runtime=lambda_.Runtime.PYTHON_3_13,
        handler="index.handler",
        code=lambda_.Code.from_inline("pass"),
        environment={"KEY": key.in_region_of(virginia).key_arn},
    )

    function = written(only(template_of(ireland), "AWS::Lambda::Function"))["Properties"]
    assert function["Environment"]["Variables"] == {"KEY": arn_in("us-east-1")}


@pytest.mark.parametrize(
    ("where", "what", "arn"),
    [
        ("Ireland", "Ireland", ARN),
        ("Ireland", "Virginia", arn_in("us-east-1")),
        ("Ireland", "Mumbai", arn_in("ap-south-1")),
        ("Virginia", "Ireland", arn_in("eu-west-1")),
        ("Virginia", "Virginia", ARN),
        ("Virginia", "Mumbai", arn_in("ap-south-1")),
    ],
)
def test_beside_a_key_each_of_the_others_is_named_by_its_id(
    where: str, what: str, arn: str, key: MultiRegionKey
) -> None:
    stacks = {stack.node.path: stack for stack in (cdk.Stack.of(each) for each in key.everywhere)}
    named = key.in_region_of(stacks[what])
    reference = named.key_ref

    found = said(stacks[where], named.key_arn, named.key_id, reference.key_arn, reference.key_id, f"<{named.key_arn}>")
    assert found == [arn, REF, arn, REF, f"<{arn}>"]


def test_no_region_waits_for_that_of_a_replica(ireland: cdk.Stack, virginia: cdk.Stack, key: MultiRegionKey) -> None:
    said(ireland, key.in_region_of(virginia).key_arn)

    artifacts = {each.stack_name: each for each in app_of(ireland).synth().stacks}
    assert "Virginia" not in {dependency.id for dependency in artifacts["Ireland"].dependencies}
    assert "Ireland" in {dependency.id for dependency in artifacts["Virginia"].dependencies}


def test_a_nested_stack_is_of_the_stack_that_it_is_in(
    ireland: cdk.Stack, virginia: cdk.Stack, key: MultiRegionKey
) -> None:
    (found,) = said(cdk.NestedStack(ireland, "Nested"), key.in_region_of(virginia).key_arn)

    assert found.startswith(f"arn:aws:kms:us-east-1:{ACCOUNT}:key/${{referencetoIrelandKey")


def test_beside_a_nested_replica_the_primary_is_named_by_its_id(ireland: cdk.Stack, virginia: cdk.Stack) -> None:
    nested = cdk.NestedStack(virginia, "Nested")
    key = MultiRegionKey(ireland, "Key", replicas=[nested])

    assert said(nested, key.key_arn) == [arn_in("eu-west-1")]


def test_beside_the_primary_a_nested_replica_is_named_by_its_id(ireland: cdk.Stack, virginia: cdk.Stack) -> None:
    key = MultiRegionKey(ireland, "Key", replicas=[cdk.NestedStack(virginia, "Nested")])

    assert said(ireland, key.in_region_of(virginia).key_arn) == [arn_in("us-east-1")]


@pytest.mark.parametrize("region", ["eu-west-1", "us-east-1"])
def test_any_other_stack_refers_to_the_key_itself(region: str, app: cdk.App, key: MultiRegionKey) -> None:
    other = stack_in(app, region, "Orders")
    sqs.Queue(other, "Queue", encryption_master_key=key.in_region_of(other))

    properties = only(template_of(other), "AWS::SQS::Queue")["Properties"]
    assert list(properties["KmsMasterKeyId"]) == ["Fn::ImportValue"]


def test_another_stack_refers_to_the_key_of_another_region(
    app: cdk.App, virginia: cdk.Stack, key: MultiRegionKey
) -> None:
    other = cdk.Stack(
        app, "Orders", env=cdk.Environment(account=ACCOUNT, region="eu-west-1"), cross_region_references=True
    )

    (found,) = said(other, key.in_region_of(virginia).key_arn)
    assert found.startswith("${ExportsReader")
    artifact = app_of(other).synth().get_stack_by_name("Orders")
    assert "Virginia" in {dependency.id for dependency in artifact.dependencies}


def test_a_grant_on_the_l1_of_a_bucket_reaches_the_key_of_its_region(virginia: cdk.Stack, key: MultiRegionKey) -> None:
    by_default = s3.CfnBucket.ServerSideEncryptionByDefaultProperty(
        sse_algorithm="aws:kms", kms_master_key_id=key.in_region_of(virginia).key_arn
    )
    rule = s3.CfnBucket.ServerSideEncryptionRuleProperty(server_side_encryption_by_default=by_default)
    encryption = s3.CfnBucket.BucketEncryptionProperty(server_side_encryption_configuration=[rule])
    bucket = s3.CfnBucket(virginia, "Bucket", bucket_encryption=encryption)
    s3.BucketGrants.from_bucket(bucket).read(iam.Role(virginia, "Role", assumed_by=iam.AccountRootPrincipal()))

    policy = only(template_of(virginia), "AWS::KMS::ReplicaKey")["Properties"]["KeyPolicy"]
    assert [each["Action"] for each in policy["Statement"] if each["Sid"].startswith("Granted")] == [
        ["kms:Decrypt", "kms:DescribeKey"]
    ]


def test_refuses_a_condition_that_names_a_key_of_another_stack(virginia: cdk.Stack, key: MultiRegionKey) -> None:
    statement = iam.PolicyStatement(
        principals=[iam.AccountRootPrincipal()],
        actions=["kms:Decrypt"],
        resources=["*"],
        conditions={"StringEquals": {"kms:EncryptionContext:key": key.key_arn}},
    )

    with pytest.raises(ConfigurationError, match=r"must name Ireland/Key/Resource by a literal ARN"):
        EncryptionKey(virginia, "Other").add_to_resource_policy(statement)


def test_without_replicas_it_is_named_as_any_other_key(ireland: cdk.Stack) -> None:
    key = MultiRegionKey(ireland, "Key", replicas=[])
    ireland.export_value(key.key_arn)

    assert "Export" in next(iter(template_of(ireland)["Outputs"].values()))


def test_a_key_of_one_region_is_the_same_reference_as_ever_and_asks_nothing_more(app: cdk.App) -> None:
    stack = stack_in(app, "eu-west-1", "Orders")
    key = EncryptionKey(stack, "Key")
    asked = (key.key_arn, key.key_id)

    with counted_round_trips() as trips:
        assert (key.key_arn, key.key_id) == asked
    assert trips.made == 0
    assert all(cdk.Reference.is_reference(cdk.Tokenization.reverse_string(each).tokens[0]) for each in asked)
    assert granted(template_of(stack)) == {}
