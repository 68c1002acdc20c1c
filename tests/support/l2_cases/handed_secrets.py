"""Constructs of the CDK that are handed a secret, and the roles that then read it."""

from collections.abc import Callable
from dataclasses import dataclass

import aws_cdk as cdk
from aws_cdk import aws_appconfig as appconfig
from aws_cdk import aws_appsync as appsync
from aws_cdk import aws_batch as batch
from aws_cdk import aws_codebuild as codebuild
from aws_cdk import aws_docdb as docdb
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kinesisfirehose as firehose
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_event_sources as sources
from aws_cdk import aws_rds as rds
from aws_cdk import aws_redshift as redshift
from aws_cdk import aws_secretsmanager as secretsmanager

from tests.support.l2_case import function, role, vpc

BuildWithSecret = Callable[[secretsmanager.ISecret, cdk.Stack], None]
IMAGE = "public.ecr.aws/docker/library/busybox"


@dataclass(frozen=True)
class HandedSecret:
    """A construct that takes a secret.

    Attributes:
        name: Its name.
        build: Makes it.
        readers: Logical ids, without their hash, of the roles that read the value.
    """

    name: str
    build: BuildWithSecret
    readers: tuple[str, ...]


CASES: list[HandedSecret] = []


def read_by(*readers: str) -> Callable[[BuildWithSecret], BuildWithSecret]:
    """Put a function that builds a case on the list, with the roles that read."""

    def register(build: BuildWithSecret) -> BuildWithSecret:
        CASES.append(HandedSecret(getattr(build, "__name__", ""), build, readers))
        return build

    return register


def postgres() -> rds.IInstanceEngine:
    """Give an engine."""
    return rds.DatabaseInstanceEngine.postgres(version=rds.PostgresEngineVersion.VER_16)


@read_by("TaskExecutionRole")
def container_of_a_task(secret: secretsmanager.ISecret, stack: cdk.Stack) -> None:
    task = ecs.FargateTaskDefinition(stack, "Task")
    secrets = {"PASSWORD": ecs.Secret.from_secrets_manager(secret, "password")}
    task.add_container("App", image=ecs.ContainerImage.from_registry(IMAGE), secrets=secrets)


@read_by("TaskExecutionRole")
def version_for_a_task(secret: secretsmanager.ISecret, stack: cdk.Stack) -> None:
    task = ecs.FargateTaskDefinition(stack, "Task")
    before = ecs.Secret.from_secrets_manager_version(secret, ecs.SecretVersionInfo(version_stage="AWSPREVIOUS"))
    task.add_container("App", image=ecs.ContainerImage.from_registry(IMAGE), secrets={"BEFORE": before})


@read_by("TaskExecutionRole")
def private_registry_of_a_task(secret: secretsmanager.ISecret, stack: cdk.Stack) -> None:
    task = ecs.FargateTaskDefinition(stack, "Task")
    task.add_container("App", image=ecs.ContainerImage.from_registry("example.com/app", credentials=secret))


@read_by("DefinitionExecutionRole")
def container_of_a_batch_job(secret: secretsmanager.ISecret, stack: cdk.Stack) -> None:
    container = batch.EcsFargateContainerDefinition(
        stack,
        "Definition",
        image=ecs.ContainerImage.from_registry(IMAGE),
        cpu=1,
        memory=cdk.Size.gibibytes(2),
        secrets={"PASSWORD": batch.Secret.from_secrets_manager(secret)},
    )
    batch.EcsJobDefinition(stack, "Job", container=container)


@read_by("FunctionServiceRole")
def function_with_the_extension(secret: secretsmanager.ISecret, stack: cdk.Stack) -> None:
    layer = lambda_.ParamsAndSecretsLayerVersion.from_version(lambda_.ParamsAndSecretsVersions.V1_0_103)
    secret.grant_read(function(stack, params_and_secrets=layer, environment={"SECRET": secret.secret_arn}))


@read_by("FunctionServiceRole")
def function_fed_by_kafka(secret: secretsmanager.ISecret, stack: cdk.Stack) -> None:
    source = sources.SelfManagedKafkaEventSource(
        bootstrap_servers=["kafka.example.com:9096"],
        topic="orders",
        secret=secret,
        starting_position=lambda_.StartingPosition.LATEST,
    )
    function(stack).add_event_source(source)


@read_by()
def login_of_a_database_instance(secret: secretsmanager.ISecret, stack: cdk.Stack) -> None:
    rds.DatabaseInstance(
        stack, "Database", engine=postgres(), vpc=vpc(stack), credentials=rds.Credentials.from_secret(secret)
    )


@read_by()
def login_of_a_database_cluster(secret: secretsmanager.ISecret, stack: cdk.Stack) -> None:
    rds.DatabaseCluster(
        stack,
        "Cluster",
        engine=rds.DatabaseClusterEngine.aurora_postgres(version=rds.AuroraPostgresEngineVersion.VER_16_3),
        vpc=vpc(stack),
        writer=rds.ClusterInstance.serverless_v2("Writer"),
        credentials=rds.Credentials.from_secret(secret),
    )


@read_by("Role")
def reader_of_an_attached_secret(secret: secretsmanager.ISecret, stack: cdk.Stack) -> None:
    database = rds.DatabaseInstance(
        stack, "Database", engine=postgres(), vpc=vpc(stack), credentials=rds.Credentials.from_secret(secret)
    )
    attached = database.secret
    assert attached is not None
    attached.grant_read(role(stack))


@read_by()
def login_of_a_document_database(secret: secretsmanager.ISecret, stack: cdk.Stack) -> None:
    login = docdb.Login(username="admin", password=secret.secret_value_from_json("password"))
    size = ec2.InstanceType("t3.medium")
    cluster = docdb.DatabaseCluster(stack, "Cluster", master_user=login, vpc=vpc(stack), instance_type=size)
    secret.attach(cluster)


@read_by()
def login_of_a_warehouse(secret: secretsmanager.ISecret, stack: cdk.Stack) -> None:
    redshift.CfnCluster(
        stack,
        "Cluster",
        cluster_type="single-node",
        db_name="orders",
        node_type="ra3.large",
        master_username="admin",
        master_user_password=secret.secret_value_from_json("password").unsafe_unwrap(),
    )


@read_by("ProxyIAMRole")
def proxy_of_a_database(secret: secretsmanager.ISecret, stack: cdk.Stack) -> None:
    network = vpc(stack)
    database = rds.DatabaseInstance.from_database_instance_attributes(
        stack,
        "Database",
        instance_identifier="orders",
        instance_endpoint_address="orders.example.com",
        port=5432,
        security_groups=[ec2.SecurityGroup.from_security_group_id(stack, "Group", "sg-12345678")],
        engine=postgres(),
    )
    rds.DatabaseProxy(
        stack, "Proxy", proxy_target=rds.ProxyTarget.from_instance(database), secrets=[secret], vpc=network
    )


@read_by("ApiSourceServiceRole")
def source_of_a_graphql_api(secret: secretsmanager.ISecret, stack: cdk.Stack) -> None:
    api = appsync.GraphqlApi.from_graphql_api_attributes(stack, "Api", graphql_api_id="orders")
    cluster = rds.ServerlessCluster.from_serverless_cluster_attributes(stack, "Cluster", cluster_identifier="orders")
    api.add_rds_data_source("Source", cluster, secret)


@read_by("ProjectRole")
def private_image_of_a_build(secret: secretsmanager.ISecret, stack: cdk.Stack) -> None:
    image = codebuild.LinuxBuildImage.from_docker_registry("example.com/build", secrets_manager_credentials=secret)
    codebuild.Project(
        stack,
        "Project",
        build_spec=codebuild.BuildSpec.from_object({"version": "0.2"}),
        environment=codebuild.BuildEnvironment(build_image=image),
    )


@read_by("StreamHttpDestinationRole")
def key_of_a_delivery_stream(secret: secretsmanager.ISecret, stack: cdk.Stack) -> None:
    config = firehose.HttpEndpointConfig(url="https://example.com/orders", secret=secret)
    firehose.DeliveryStream(stack, "Stream", destination=firehose.HttpEndpoint(endpoint_config=config))


def configuration_that_is_a_secret(
    secret: secretsmanager.ISecret, stack: cdk.Stack, retrieval_role: iam.IRole | None = None
) -> None:
    """Make a configuration, whose construct asks the secret for nothing."""
    appconfig.SourcedConfiguration(
        stack,
        "Configuration",
        application=appconfig.Application(stack, "Application"),
        location=appconfig.ConfigurationSource.from_secret(secret),
        retrieval_role=retrieval_role,
    )


@read_by("Role")
def configuration_with_a_role_that_was_granted(secret: secretsmanager.ISecret, stack: cdk.Stack) -> None:
    reader = role(stack)
    secret.grant_read(reader)
    configuration_that_is_a_secret(secret, stack, reader)
