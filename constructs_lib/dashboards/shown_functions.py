"""Functions and queues as a dashboard shows them: by their place in the app, which a person knows."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import aws_cdk as cdk

from constructs_lib.dashboards.same_place import check_same_place
from constructs_lib.errors import ConfigurationError
from constructs_lib.wiring.given_resources import spoken

if TYPE_CHECKING:
    from aws_cdk import aws_lambda as lambda_
    from aws_cdk import aws_sqs as sqs
    from constructs import Construct

MOST_RESOURCES = 50
"""Of each argument, so that a dashboard stays within its metrics."""


def shown_functions(scope: "Construct", functions: "Sequence[lambda_.IFunction]") -> dict[str, str]:
    """Return path to name of each function.

    Args:
        scope: Where the dashboard is made.
        functions: Of its account and Region.

    Raises:
        ConfigurationError: If one is no function, stands there twice or is elsewhere, or if there are too many.
    """
    return _shown(scope, "functions", functions, "function_name", "a function, such as arrival.function")


def shown_queues(scope: "Construct", argument: str, queues: "Sequence[sqs.IQueue]") -> dict[str, str]:
    """Return path to name of each queue.

    Args:
        scope: Where the dashboard is made.
        argument: What a refusal calls them.
        queues: Of its account and Region.

    Raises:
        ConfigurationError: If one is no queue, stands there twice or is elsewhere, or if there are too many.
    """
    return _shown(scope, argument, queues, "queue_name", "a queue, such as arrival.dead_letter_queue")


def _shown(
    scope: "Construct", argument: str, given: "Sequence[cdk.IResource]", name: str, example: str
) -> dict[str, str]:
    some: object = given
    if isinstance(some, str) or not isinstance(some, Sequence):
        raise ConfigurationError(f"{argument} must be a sequence, got {spoken(given)}")
    if len(given) > MOST_RESOURCES:
        raise ConfigurationError(f"{argument} must be at most {MOST_RESOURCES} for one dashboard, got {len(given)}")
    stack = cdk.Stack.of(scope)
    shown: dict[str, str] = {}
    for index, each in enumerate(given):
        which = f"{argument}[{index}]"
        if not hasattr(each, name):
            raise ConfigurationError(f"{which} must be {example}, got {spoken(each)}")
        check_same_place(stack, which, each)
        if each.node.path in shown:
            raise ConfigurationError(f"{which} must be another one than those before it, got {each.node.path} again")
        shown[each.node.path] = getattr(each, name)
    return shown
