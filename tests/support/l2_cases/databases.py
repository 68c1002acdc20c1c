"""Tables, databases and the secrets that are generated for them."""

import aws_cdk as cdk
from aws_cdk import aws_docdb as docdb
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_event_sources as sources
from aws_cdk import aws_rds as rds

from tests.support.l2_case import READ_WRITE, L2Case, Use, add_to, function, role, vpc
from tests.support.l2_cases.secrets import SECRET_MADE, read_through_secrets_manager

CASES: list[L2Case] = []

PARTITION_KEY = dynamodb.Attribute(name="name", type=dynamodb.AttributeType.STRING)


def table(key: kms.IKey, stack: cdk.Stack) -> dynamodb.TableV2:
    """Make a table with a stream under the key."""
    encryption = dynamodb.TableEncryptionV2.customer_managed_key(key)
    images = dynamodb.StreamViewType.NEW_IMAGE
    return dynamodb.TableV2(stack, "Table", partition_key=PARTITION_KEY, encryption=encryption, dynamo_stream=images)


@add_to(CASES, Use("FunctionServiceRole", ("DescribeKey", *READ_WRITE)))
def table_of_version_one_read_and_written(key: kms.IKey, stack: cdk.Stack) -> None:
    dynamodb.Table(
        stack,
        "Table",
        partition_key=PARTITION_KEY,
        encryption=dynamodb.TableEncryption.CUSTOMER_MANAGED,
        encryption_key=key,
    ).grant_read_write_data(function(stack))


@add_to(CASES, Use("Role", ("Decrypt", "DescribeKey")))
def table_read(key: kms.IKey, stack: cdk.Stack) -> None:
    table(key, stack).grant_read_data(role(stack))


@add_to(CASES, Use("Role", ("Decrypt", "DescribeKey")))
def table_of_two_regions_read(key: kms.IKey, stack: cdk.Stack) -> None:
    there = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
    dynamodb.TableV2(
        stack,
        "Table",
        partition_key=PARTITION_KEY,
        encryption=dynamodb.TableEncryptionV2.customer_managed_key(key, {"us-east-1": there}),
        replicas=[dynamodb.ReplicaTableProps(region="us-east-1")],
    ).grant_read_data(role(stack))


@add_to(CASES, Use("FunctionServiceRole", ("Decrypt", "DescribeKey")))
def table_as_event_source(key: kms.IKey, stack: cdk.Stack) -> None:
    position = lambda_.StartingPosition.LATEST
    function(stack).add_event_source(sources.DynamoEventSource(table(key, stack), starting_position=position))


def database(key: kms.IKey, stack: cdk.Stack) -> rds.DatabaseInstance:
    """Make a database that generates its own secret, both under the key."""
    engine = rds.DatabaseInstanceEngine.postgres(version=rds.PostgresEngineVersion.VER_16)
    return rds.DatabaseInstance(
        stack,
        "Database",
        engine=engine,
        vpc=vpc(stack),
        storage_encryption_key=key,
        credentials=rds.Credentials.from_generated_secret("administrator", encryption_key=key),
    )


@add_to(CASES, left_out=SECRET_MADE)
def database_with_a_generated_secret(key: kms.IKey, stack: cdk.Stack) -> None:
    database(key, stack)


@add_to(
    CASES,
    read_through_secrets_manager("DatabaseProxyIAMRole"),
    Use("DatabaseProxyIAMRole", ("Decrypt",)),
    left_out=SECRET_MADE,
)
def database_proxy(key: kms.IKey, stack: cdk.Stack) -> None:
    instance = database(key, stack)
    assert instance.secret is not None
    instance.add_proxy("Proxy", vpc=instance.vpc, secrets=[instance.secret])


@add_to(CASES)
def aurora_without_a_generated_secret(key: kms.IKey, stack: cdk.Stack) -> None:
    engine = rds.DatabaseClusterEngine.aurora_postgres(version=rds.AuroraPostgresEngineVersion.VER_16_4)
    writer = rds.ClusterInstance.provisioned(
        "Writer", performance_insight_encryption_key=key, enable_performance_insights=True
    )
    rds.DatabaseCluster(
        stack,
        "Database",
        engine=engine,
        vpc=vpc(stack),
        storage_encryption_key=key,
        credentials=rds.Credentials.from_username("administrator"),
        writer=writer,
    )


@add_to(CASES, left_out=SECRET_MADE)
def document_database(key: kms.IKey, stack: cdk.Stack) -> None:
    docdb.DatabaseCluster(
        stack,
        "Database",
        master_user=docdb.Login(username="administrator", kms_key=key),
        vpc=vpc(stack),
        instance_type=ec2.InstanceType("r6g.large"),
        kms_key=key,
        storage_encrypted=True,
    )
