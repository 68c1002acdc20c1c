"""Events, schedules, workflows and what becomes of a failed invocation."""

import aws_cdk as cdk
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kinesis as kinesis
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda_destinations as destinations
from aws_cdk import aws_logs as logs
from aws_cdk import aws_scheduler as scheduler
from aws_cdk import aws_scheduler_targets as scheduler_targets
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs
from aws_cdk import aws_stepfunctions as sfn

from tests.support.l2_case import (
    DATA_KEYS,
    ENCRYPT,
    RE_ENCRYPT,
    READ_WRITE,
    SEND,
    SOURCE_ACCOUNT,
    SOURCE_AND_ACCOUNT,
    L2Case,
    Use,
    add_to,
    function,
    role,
)

CASES: list[L2Case] = []

EVENT_BUS = "kms:EncryptionContext:aws:events:event-bus:arn"

_HOURLY = scheduler.ScheduleExpression.rate(cdk.Duration.hours(1))


def rule(stack: cdk.Stack, target: events.IRuleTarget) -> None:
    """Make a rule that sends the events of KMS to a target."""
    events.Rule(stack, "Rule", event_pattern=events.EventPattern(source=["aws.kms"]), targets=[target])


def schedule(stack: cdk.Stack, target: scheduler.IScheduleTarget, key: kms.IKey | None = None) -> None:
    """Make a schedule that calls a target every hour."""
    scheduler.Schedule(stack, "Schedule", schedule=_HOURLY, target=target, key=key)


@add_to(CASES, Use("events.amazonaws.com", SEND))
def rule_to_a_topic(key: kms.IKey, stack: cdk.Stack) -> None:
    rule(stack, targets.SnsTopic(sns.Topic(stack, "Topic", master_key=key)))


@add_to(CASES, Use("events.amazonaws.com", SEND, SOURCE_ACCOUNT))
def rule_to_a_queue(key: kms.IKey, stack: cdk.Stack) -> None:
    rule(stack, targets.SqsQueue(sqs.Queue(stack, "Queue", encryption_master_key=key)))


@add_to(
    CASES,
    calls={
        'eventbridge.send_dead_letters(rule_name="{stack}-Rule4C995B7F-*")': (
            Use("events.amazonaws.com", SEND, SOURCE_AND_ACCOUNT),
        ),
    },
)
def dead_letters_of_a_rule(key: kms.IKey, stack: cdk.Stack) -> None:
    letters = sqs.Queue(stack, "Queue", encryption_master_key=key)
    rule(stack, targets.LambdaFunction(function(stack), dead_letter_queue=letters))


@add_to(CASES, Use("StreamEventsRole", ENCRYPT))
def rule_to_a_stream(key: kms.IKey, stack: cdk.Stack) -> None:
    rule(stack, targets.KinesisStream(kinesis.Stream(stack, "Stream", encryption_key=key)))


@add_to(
    CASES,
    Use("events.amazonaws.com", SEND, (*SOURCE_AND_ACCOUNT, EVENT_BUS)),
    Use("events.amazonaws.com", ("DescribeKey",), SOURCE_AND_ACCOUNT),
)
def event_bus(key: kms.IKey, stack: cdk.Stack) -> None:
    events.EventBus(stack, "Bus", kms_key=key)


@add_to(
    CASES,
    Use("events.amazonaws.com", ("Decrypt", "GenerateDataKey", *RE_ENCRYPT), (EVENT_BUS,)),
    Use("events.amazonaws.com", ("DescribeKey",)),
)
def event_archive(key: kms.IKey, stack: cdk.Stack) -> None:
    bus = events.EventBus(stack, "Bus")
    pattern = events.EventPattern(source=["example"])
    events.Archive(stack, "Archive", source_event_bus=bus, event_pattern=pattern, kms_key=key)


@add_to(CASES, Use("SchedulerRoleForTarget", ("Decrypt",)))
def schedule_encrypted(key: kms.IKey, stack: cdk.Stack) -> None:
    schedule(stack, scheduler_targets.LambdaInvoke(function(stack)), key)


@add_to(CASES, Use("SchedulerRoleForTarget", ("Decrypt", *DATA_KEYS)))
def schedule_to_a_queue(key: kms.IKey, stack: cdk.Stack) -> None:
    schedule(stack, scheduler_targets.SqsSendMessage(sqs.Queue(stack, "Queue", encryption_master_key=key)))


@add_to(CASES, Use("SchedulerRoleForTarget", DATA_KEYS))
def schedule_to_a_stream(key: kms.IKey, stack: cdk.Stack) -> None:
    stream = kinesis.Stream(stack, "Stream", encryption_key=key)
    schedule(stack, scheduler_targets.KinesisStreamPutRecord(stream, partition_key="name"))


@add_to(CASES, Use("FunctionServiceRole", READ_WRITE))
def function_with_a_dead_letter_queue_and_destinations(key: kms.IKey, stack: cdk.Stack) -> None:
    letters = sqs.Queue(stack, "DeadLetters", encryption_master_key=key)
    failures = sqs.Queue(stack, "Failures", encryption_master_key=key)
    successes = sns.Topic(stack, "Successes", master_key=key)
    function(
        stack,
        dead_letter_queue=letters,
        on_failure=destinations.SqsDestination(failures),
        on_success=destinations.SnsDestination(successes),
    )


def state_machine(key: kms.IKey, stack: cdk.Stack, machine_role: iam.IRole) -> None:
    """Make a state machine under the key, which writes its role's IAM statement itself and asks the key for nothing."""
    sfn.StateMachine(
        stack,
        "Machine",
        role=machine_role,
        definition_body=sfn.DefinitionBody.from_chainable(sfn.Pass(stack, "Pass")),
        encryption_configuration=sfn.CustomerManagedEncryptionConfiguration(key),
        logs=sfn.LogOptions(destination=logs.LogGroup(stack, "Logs"), level=sfn.LogLevel.ALL),
    )


@add_to(CASES, Use("Role", ("Decrypt", "GenerateDataKey")), Use("delivery.logs.amazonaws.com", ("Decrypt",)))
def state_machine_with_its_role_granted(key: kms.IKey, stack: cdk.Stack) -> None:
    machine_role = role(stack)
    key.grant(machine_role, "kms:Decrypt", "kms:GenerateDataKey")
    state_machine(key, stack, machine_role)


@add_to(
    CASES,
    Use("states.amazonaws.com", ("Decrypt", "GenerateDataKey"), ("kms:EncryptionContext:aws:states:activityArn",)),
)
def state_machine_activity(key: kms.IKey, stack: cdk.Stack) -> None:
    sfn.Activity(stack, "Activity", encryption_configuration=sfn.CustomerManagedEncryptionConfiguration(key))
