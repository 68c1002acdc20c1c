"""What its deployer creates with a key through a service, so that the key must admit him and nobody else."""

from collections.abc import Callable
from dataclasses import dataclass

import aws_cdk as cdk
from aws_cdk import aws_backup as backup
from aws_cdk import aws_cloudtrail as cloudtrail
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_efs as efs
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_event_sources as sources
from aws_cdk import aws_rds as rds
from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk import aws_sqs as sqs
from aws_cdk import aws_stepfunctions as sfn

from tests.support.l2_case import Build, function, vpc
from tests.support.l2_cases.databases import PARTITION_KEY, aurora_without_a_generated_secret
from tests.support.l2_cases.events import event_archive, event_bus, state_machine_with_its_role_granted
from tests.support.l2_cases.messaging import delivery_stream_encrypted
from tests.support.l2_cases.secrets import secret_made
from tests.support.l2_cases.storage import volume_made


@dataclass(frozen=True)
class Created:
    """A stack whose deployer needs a service to be admitted, and the call that admits it, if there is one."""

    name: str
    build: Build
    service: str
    call: str


CASES: list[Created] = []

TOLD = [
    Created(build.__name__, build, service, "")
    for build, service in (
        (secret_made, "secretsmanager"),
        (volume_made, "ec2"),
        (event_bus, "events"),
        (event_archive, "events"),
    )
]
"""Whose constructs ask the key for something, by which it knows what is created."""


def through(service: str, call: str = "") -> Callable[[Build], Build]:
    """Put a function that builds a case on the list."""

    def register(build: Build) -> Build:
        CASES.append(Created(getattr(build, "__name__", ""), build, service, call))
        return build

    return register


through("firehose", "firehose.encrypt_stream()")(delivery_stream_encrypted)
through("rds", "rds.encrypt_storage()")(aurora_without_a_generated_secret)
through("states")(state_machine_with_its_role_granted)


@through("lambda", "lambda_functions.encrypt_environment()")
def function_with_an_environment(key: kms.IKey, stack: cdk.Stack) -> None:
    function(stack, environment_encryption=key, environment={"NAME": "value"})


@through("lambda", "lambda_functions.encrypt_environment()")
def event_source_with_an_encrypted_filter(key: kms.IKey, stack: cdk.Stack) -> None:
    pattern = lambda_.FilterCriteria.filter({"body": {"name": ["value"]}})
    queue = sqs.Queue(stack, "Queue")
    function(stack).add_event_source(sources.SqsEventSource(queue, filters=[pattern], filter_encryption=key))


@through("dynamodb", "dynamodb.encrypt_table()")
def table_of_version_one(key: kms.IKey, stack: cdk.Stack) -> None:
    encryption = dynamodb.TableEncryption.CUSTOMER_MANAGED
    dynamodb.Table(stack, "Table", partition_key=PARTITION_KEY, encryption=encryption, encryption_key=key)


@through("dynamodb", "dynamodb.encrypt_table()")
def table(key: kms.IKey, stack: cdk.Stack) -> None:
    encryption = dynamodb.TableEncryptionV2.customer_managed_key(key)
    dynamodb.TableV2(stack, "Table", partition_key=PARTITION_KEY, encryption=encryption)


@through("rds", "rds.encrypt_storage()")
def database_with_insights(key: kms.IKey, stack: cdk.Stack) -> None:
    rds.DatabaseInstance(
        stack,
        "Database",
        engine=rds.DatabaseInstanceEngine.postgres(version=rds.PostgresEngineVersion.VER_16),
        vpc=vpc(stack),
        storage_encryption_key=key,
        performance_insight_encryption_key=key,
        enable_performance_insights=True,
        credentials=rds.Credentials.from_password("administrator", cdk.SecretValue.unsafe_plain_text("not a secret")),
    )


@through("cloudtrail")
def event_data_store(key: kms.IKey, stack: cdk.Stack) -> None:
    cloudtrail.CfnEventDataStore(stack, "Store", kms_key_id=key.key_arn)
    key.add_to_resource_policy(
        iam.PolicyStatement(
            actions=["kms:Decrypt", "kms:GenerateDataKey"],
            principals=[iam.ServicePrincipal("cloudtrail.amazonaws.com")],
            resources=["*"],
        )
    )


@through("lambda", "lambda_functions.encrypt_environment()")
def function_with_an_encrypted_package(key: kms.IKey, stack: cdk.Stack) -> None:
    lambda_.CfnFunction(
        stack,
        "Function",
        role="arn:aws:iam::111122223333:role/function",
        function_name="resize",
        runtime="python3.13",
        handler="index.handler",
        code=lambda_.CfnFunction.CodeProperty(
            s3_bucket="packages", s3_key="resize.zip", source_kms_key_arn=key.key_arn
        ),
    )
    key.add_to_resource_policy(
        iam.PolicyStatement(
            actions=["kms:Decrypt", "kms:GenerateDataKey"],
            principals=[iam.ServicePrincipal("lambda.amazonaws.com")],
            resources=["*"],
        )
    )


@through("secretsmanager")
def secret_of_level_one(key: kms.IKey, stack: cdk.Stack) -> None:
    secretsmanager.CfnSecret(stack, "Secret", kms_key_id=key.key_arn)


@through("ec2")
def instance_with_an_encrypted_volume(key: kms.IKey, stack: cdk.Stack) -> None:
    disk = ec2.BlockDeviceVolume.ebs(8, encrypted=True, kms_key=key)
    ec2.Instance(
        stack,
        "Instance",
        vpc=vpc(stack),
        instance_type=ec2.InstanceType("t3.micro"),
        machine_image=ec2.MachineImage.generic_linux({"eu-west-1": "ami-12345678"}),
        block_devices=[ec2.BlockDevice(device_name="/dev/xvda", volume=disk)],
    )


@through("ecr", "ecr.encrypt_repository()")
def repository(key: kms.IKey, stack: cdk.Stack) -> None:
    ecr.Repository(stack, "Repository", encryption=ecr.RepositoryEncryption.KMS, encryption_key=key)


@through("elasticfilesystem", "efs.encrypt_file_system()")
def file_system(key: kms.IKey, stack: cdk.Stack) -> None:
    efs.FileSystem(stack, "Files", vpc=vpc(stack), kms_key=key)


@through("backup", "backup.encrypt_vault()")
def vault(key: kms.IKey, stack: cdk.Stack) -> None:
    backup.BackupVault(stack, "Vault", encryption_key=key)


@through("states")
def activity(key: kms.IKey, stack: cdk.Stack) -> None:
    sfn.Activity(stack, "Activity", encryption_configuration=sfn.CustomerManagedEncryptionConfiguration(key))
