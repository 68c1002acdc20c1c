"""Containers, instances and agents."""

import aws_cdk as cdk
from aws_cdk import aws_autoscaling as autoscaling
from aws_cdk import aws_autoscaling_hooktargets as hooktargets
from aws_cdk import aws_bedrockagentcore as agentcore
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs

from tests.support.l2_case import (
    DATA_KEYS,
    FOR_AWS_RESOURCES,
    LOG_GROUP,
    RE_ENCRYPT,
    READ_WRITE,
    L2Case,
    Use,
    add_to,
    function,
    vpc,
)

CASES: list[L2Case] = []


def container_with_a_shell(key: kms.IKey, stack: cdk.Stack) -> ecs.FargateTaskDefinition:
    """Make a service with a shell, whose task role gets its IAM statement without the key being asked."""
    recorded = ecs.ExecuteCommandLogConfiguration(
        cloud_watch_log_group=logs.LogGroup(stack, "Logs", encryption_key=key), cloud_watch_encryption_enabled=True
    )
    command = ecs.ExecuteCommandConfiguration(
        kms_key=key, logging=ecs.ExecuteCommandLogging.OVERRIDE, log_configuration=recorded
    )
    cluster = ecs.Cluster(stack, "Cluster", vpc=vpc(stack), execute_command_configuration=command)
    task = ecs.FargateTaskDefinition(stack, "Task")
    task.add_container("Container", image=ecs.ContainerImage.from_registry("example"))
    ecs.FargateService(
        stack,
        "Service",
        cluster=cluster,
        task_definition=task,
        enable_execute_command=True,
        min_healthy_percent=100,
    )
    return task


@add_to(
    CASES,
    Use("TaskTaskRole", ("Decrypt", "GenerateDataKey")),
    calls={'cloudwatch_logs.encrypt_log_group(log_group_name="{stack}-Logs6819BB44-*")': (LOG_GROUP,)},
    left_out=(Use(LOG_GROUP.who, ("DescribeKey", *READ_WRITE), LOG_GROUP.conditions),),
)
def container_with_a_shell_and_its_role_granted(key: kms.IKey, stack: cdk.Stack) -> None:
    task = container_with_a_shell(key, stack)
    key.grant(task.task_role, "kms:Decrypt", "kms:GenerateDataKey")


@add_to(
    CASES,
    Use(
        "fargate.amazonaws.com", ("GenerateDataKeyWithoutPlaintext",), ("kms:EncryptionContext:aws:ecs:clusterAccount",)
    ),
    Use(
        "fargate.amazonaws.com",
        ("CreateGrant",),
        ("kms:EncryptionContext:aws:ecs:clusterAccount", "kms:GrantOperations"),
    ),
)
def container_storage(key: kms.IKey, stack: cdk.Stack) -> None:
    storage = ecs.ManagedStorageConfiguration(fargate_ephemeral_storage_kms_key=key, kms_key=key)
    ecs.Cluster(stack, "Cluster", vpc=vpc(stack), managed_storage_configuration=storage)


@add_to(
    CASES,
    Use("GroupLifecycleHookHookRole", ("Decrypt", *DATA_KEYS)),
)
def instance_lifecycle_hook(key: kms.IKey, stack: cdk.Stack) -> None:
    autoscaling.AutoScalingGroup(
        stack,
        "Group",
        vpc=vpc(stack),
        instance_type=ec2.InstanceType("t3.micro"),
        machine_image=ec2.MachineImage.generic_linux({"eu-west-1": "ami-12345678"}),
    ).add_lifecycle_hook(
        "Hook",
        lifecycle_transition=autoscaling.LifecycleTransition.INSTANCE_LAUNCHING,
        notification_target=hooktargets.FunctionHook(function(stack), key),
    )


_AUTO_SCALING = "AWSServiceRoleForAutoScaling"


@add_to(
    CASES,
    calls={
        "ebs.launch_from_auto_scaling()": (
            Use(_AUTO_SCALING, ("DescribeKey", *READ_WRITE)),
            Use(_AUTO_SCALING, ("CreateGrant",), FOR_AWS_RESOURCES),
        ),
    },
)
def instances_with_encrypted_volumes(key: kms.IKey, stack: cdk.Stack) -> None:
    disk = ec2.BlockDeviceVolume.ebs(8, encrypted=True, kms_key=key)
    template = ec2.LaunchTemplate(
        stack,
        "Template",
        instance_type=ec2.InstanceType("t3.micro"),
        machine_image=ec2.MachineImage.generic_linux({"eu-west-1": "ami-12345678"}),
        block_devices=[ec2.BlockDevice(device_name="/dev/xvda", volume=disk)],
    )
    autoscaling.AutoScalingGroup(stack, "Group", vpc=vpc(stack), launch_template=template)


@add_to(
    CASES,
    Use("MemoryServiceRole", ("Decrypt", "DescribeKey", *DATA_KEYS, *RE_ENCRYPT)),
    Use("MemoryServiceRole", ("CreateGrant",), FOR_AWS_RESOURCES),
)
def agent_memory(key: kms.IKey, stack: cdk.Stack) -> None:
    agentcore.Memory(stack, "Memory", memory_name="memory", kms_key=key)
