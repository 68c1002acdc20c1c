"""A small function that a schedule has look at things by their ARNs: for what neither an event nor a metric tells."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam

from constructs_lib.errors import ConfigurationError
from constructs_lib.functions.bundled_function import BundledFunction, Task
from constructs_lib.functions.function_settings import Capacity, ReadFunctionSettings
from constructs_lib.watching.undelivered import EVENTS

if TYPE_CHECKING:
    from aws_cdk import aws_kms as kms
    from aws_cdk import aws_sqs as sqs
    from constructs import Construct

_LOOKING = Capacity(memory_size_mib=256, seconds=120)
# What EventBridge tells a target.
# https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_Target.html
_LONGEST_INPUT, _AROUND = 8_192, 100


@dataclass(frozen=True, kw_only=True)
class Look:
    """What is looked at, and how.

    Attributes:
        construct_id: Name of the function within the watch.
        package: The package of the handler.
        handler: Its path within the package.
        description: What people read of the function.
        actions: What it may do with each of the things.
        told_as: How the event names their ARNs.
        every: How often, as EventBridge says it.
        schedule_description: What people read of the schedule.
        without_queue: Why the function needs no queue.
        network: Why it needs no VPC.
    """

    construct_id: str
    package: str
    handler: str
    description: str
    actions: Sequence[str]
    told_as: str
    every: str
    schedule_description: str
    without_queue: str
    network: str


def check_room(argument: str, arns: Sequence[str], *, longest_made: int) -> None:
    """Refuse more things than the schedule of one function can name.

    Args:
        argument: What a refusal calls them.
        arns: Their ARNs.
        longest_made: How long one may be that nobody knows before deployment.

    Raises:
        ConfigurationError: If their ARNs are too long together.
    """
    length = sum(3 + (longest_made if cdk.Token.is_unresolved(each) else len(each)) for each in arns)
    if length > _LONGEST_INPUT - _AROUND:
        raise ConfigurationError(
            f"{argument} must be so many that their ARNs have {_LONGEST_INPUT - _AROUND} characters together, got "
            f"{length} of {len(arns)}: share them out among several watches"
        )


def schedule_look(
    scope: "Construct",
    look: Look,
    arns: Sequence[str],
    *,
    undelivered: "sqs.IQueue",
    operations_key: "kms.IKey",
    settings: ReadFunctionSettings,
) -> BundledFunction:
    """Define the function and its schedule, `Look`.

    Args:
        scope: The construct that owns them.
        look: How it looks.
        arns: At what.
        undelivered: The queue of what the schedule cannot say to the function.
        operations_key: The key of the function's log.
        settings: How the function runs.
    """
    task = Task(
        handler=f"{look.package}.{look.handler}",
        description=look.description,
        environment={},
        capacity=_LOOKING,
        without_queue=look.without_queue,
        network=look.network,
    )
    looking = BundledFunction(
        scope,
        look.construct_id,
        task=task,
        code=settings.code(look.package),
        operations_key=operations_key,
        settings=settings,
    )
    looking.role.add_to_principal_policy(
        iam.PolicyStatement(sid="Describe", actions=list(look.actions), resources=list(arns))
    )
    target = events.CfnRule.TargetProperty(
        id="Look",
        arn=looking.function.function_arn,
        input=cdk.Stack.of(scope).to_json_string({look.told_as: list(arns)}),
        dead_letter_config=events.CfnRule.DeadLetterConfigProperty(arn=undelivered.queue_arn),
    )
    rule = events.CfnRule(
        scope,
        "Look",
        description=look.schedule_description,
        schedule_expression=look.every,
        targets=[target],
    )
    looking.function.add_permission(
        "Look",
        principal=iam.ServicePrincipal(EVENTS),
        # It has the account; another condition is none that EventBridge is documented to send.
        # https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html#eb-lambda-permissions
        source_arn=rule.attr_arn,
    )
    return looking
