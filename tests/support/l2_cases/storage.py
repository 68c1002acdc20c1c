"""Buckets, volumes and other places where bytes lie."""

import aws_cdk as cdk
from aws_cdk import aws_backup as backup
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_efs as efs
from aws_cdk import aws_kinesis as kinesis
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_s3_deployment as s3_deployment
from aws_cdk import aws_s3_notifications as s3_notifications
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs

from tests.support.l2_case import (
    ENCRYPT_DECRYPT,
    FOR_AWS_RESOURCES,
    READ_WRITE,
    SEND,
    SOURCE_ACCOUNT,
    SOURCE_AND_ACCOUNT,
    VIA_SERVICE,
    L2Case,
    Use,
    add_to,
    function,
    role,
    vpc,
)

CASES: list[L2Case] = []


def bucket(key: kms.IKey, stack: cdk.Stack, construct_id: str = "Bucket") -> s3.Bucket:
    """Make a versioned bucket under the key."""
    return s3.Bucket(stack, construct_id, encryption_key=key, versioned=True)


@add_to(CASES)
def resources_that_only_name_the_key(key: kms.IKey, stack: cdk.Stack) -> None:
    bucket(key, stack)
    sqs.Queue(stack, "Queue", encryption_master_key=key)
    sns.Topic(stack, "Topic", master_key=key)
    ecr.Repository(stack, "Repository", encryption=ecr.RepositoryEncryption.KMS, encryption_key=key)
    backup.BackupVault(stack, "Vault", encryption_key=key)
    efs.FileSystem(stack, "Files", vpc=vpc(stack), kms_key=key)
    kinesis.Stream(stack, "Stream", encryption_key=key)
    function(stack, environment_encryption=key, environment={"NAME": "value"})


@add_to(CASES, Use("FunctionServiceRole", ("Decrypt", "DescribeKey")))
def bucket_read_by_a_function(key: kms.IKey, stack: cdk.Stack) -> None:
    bucket(key, stack).grant_read(function(stack))


@add_to(CASES, Use("Role", ("DescribeKey", *READ_WRITE)))
def bucket_read_and_written_by_a_role(key: kms.IKey, stack: cdk.Stack) -> None:
    bucket(key, stack).grant_read_write(role(stack))


@add_to(CASES, Use("Role", READ_WRITE))
def bucket_written_by_a_role(key: kms.IKey, stack: cdk.Stack) -> None:
    bucket(key, stack).grant_put(role(stack))


@add_to(CASES, Use("logging.s3.amazonaws.com", ENCRYPT_DECRYPT))
def bucket_of_access_logs(key: kms.IKey, stack: cdk.Stack) -> None:
    s3.Bucket(stack, "Observed", server_access_logs_bucket=bucket(key, stack))


@add_to(CASES, Use("BucketReplicationRole", ENCRYPT_DECRYPT))
def bucket_replicated(key: kms.IKey, stack: cdk.Stack) -> None:
    rule = s3.ReplicationRule(
        destination=bucket(key, stack, "Copy"), priority=1, kms_key=key, sse_kms_encrypted_objects=True
    )
    s3.Bucket(stack, "Bucket", encryption_key=key, versioned=True, replication_rules=[rule])


@add_to(CASES, Use("s3.amazonaws.com", SEND, SOURCE_ACCOUNT))
def bucket_notifies_a_topic(key: kms.IKey, stack: cdk.Stack) -> None:
    topic = sns.Topic(stack, "Topic", master_key=key)
    destination = s3_notifications.SnsDestination(topic)
    s3.Bucket(stack, "Bucket").add_event_notification(s3.EventType.OBJECT_CREATED, destination)


@add_to(CASES, Use("s3.amazonaws.com", SEND, SOURCE_AND_ACCOUNT))
def bucket_notifies_a_queue(key: kms.IKey, stack: cdk.Stack) -> None:
    queue = sqs.Queue(stack, "Queue", encryption_master_key=key)
    destination = s3_notifications.SqsDestination(queue)
    s3.Bucket(stack, "Bucket").add_event_notification(s3.EventType.OBJECT_CREATED, destination)


@add_to(
    CASES,
    Use("CustomCDKBucketDeployment8693BB64968944B69AAFB0CC9EB8756CServiceRole", ("DescribeKey", *READ_WRITE)),
)
def bucket_deployed_to(key: kms.IKey, stack: cdk.Stack) -> None:
    source = s3_deployment.Source.data("name.txt", "text")
    s3_deployment.BucketDeployment(stack, "Deployment", sources=[source], destination_bucket=bucket(key, stack))


@add_to(
    CASES,
    calls={
        's3.write_inventory(bucket_name="{lower}-observed3ace7246-*")': (
            Use("s3.amazonaws.com", ("GenerateDataKey",), SOURCE_AND_ACCOUNT),
        ),
    },
)
def bucket_of_an_inventory(key: kms.IKey, stack: cdk.Stack) -> None:
    destination = s3.InventoryDestination(bucket=bucket(key, stack))
    s3.Bucket(stack, "Observed", inventories=[s3.Inventory(destination=destination)])


def volume(key: kms.IKey, stack: cdk.Stack) -> ec2.Volume:
    """Make a volume under the key."""
    return ec2.Volume(
        stack,
        "Volume",
        availability_zone="eu-west-1a",
        size=cdk.Size.gibibytes(1),
        encrypted=True,
        encryption_key=key,
    )


VOLUME = Use("account", ("DescribeKey", "GenerateDataKeyWithoutPlaintext"), (*VIA_SERVICE, "kms:CallerAccount"))


@add_to(CASES, left_out=(VOLUME,))
def volume_made(key: kms.IKey, stack: cdk.Stack) -> None:
    volume(key, stack)


@add_to(CASES, Use("Role", ("CreateGrant",), FOR_AWS_RESOURCES), left_out=(VOLUME,))
def volume_attached_by_a_role(key: kms.IKey, stack: cdk.Stack) -> None:
    volume(key, stack).grant_attach_volume(role(stack))
