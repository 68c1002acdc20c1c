"""Where a key stands, seen from the stack that uses it."""

from collections.abc import Callable, Mapping
from typing import Literal

import aws_cdk as cdk

Position = Literal[
    "same", "other", "nested", "key nested", "siblings nested", "other region", "other account", "other stage"
]
Stacks = tuple[cdk.Stack, cdk.Stack]

IRELAND = cdk.Environment(account="111122223333", region="eu-west-1")


def _same(app: cdk.App, environment: cdk.Environment | None) -> Stacks:
    stack = cdk.Stack(app, "S", env=environment)
    return stack, stack


def _other(app: cdk.App, environment: cdk.Environment | None) -> Stacks:
    return cdk.Stack(app, "S", env=environment), cdk.Stack(app, "W", env=environment)


def _nested(app: cdk.App, environment: cdk.Environment | None) -> Stacks:
    stack = cdk.Stack(app, "S", env=environment)
    return stack, cdk.NestedStack(stack, "N")


def _key_nested(app: cdk.App, environment: cdk.Environment | None) -> Stacks:
    stack = cdk.Stack(app, "S", env=environment)
    return cdk.NestedStack(stack, "N"), stack


def _siblings_nested(app: cdk.App, environment: cdk.Environment | None) -> Stacks:
    stack = cdk.Stack(app, "S", env=environment)
    return cdk.NestedStack(stack, "N"), cdk.NestedStack(stack, "M")


def _other_region(app: cdk.App, environment: cdk.Environment | None) -> Stacks:
    return cdk.Stack(app, "S", env=environment), cdk.Stack(
        app, "W", env=cdk.Environment(account=IRELAND.account, region="us-east-1")
    )


def _other_account(app: cdk.App, environment: cdk.Environment | None) -> Stacks:
    return cdk.Stack(app, "S", env=environment), cdk.Stack(
        app, "W", env=cdk.Environment(account="444455556666", region=IRELAND.region)
    )


def _other_stage(app: cdk.App, environment: cdk.Environment | None) -> Stacks:
    return cdk.Stack(app, "S", env=environment), cdk.Stack(cdk.Stage(app, "Later", env=environment), "W")


Make = Callable[[cdk.App, cdk.Environment | None], Stacks]

POSITIONS: Mapping[Position, Make] = {"same": _same, "other": _other, "nested": _nested}
"""How to make the stack of the key and the stack of its users."""

RARE_POSITIONS: Mapping[Position, Make] = {"key nested": _key_nested, "siblings nested": _siblings_nested}

FAR_POSITIONS: Mapping[Position, Make] = {
    "other region": _other_region,
    "other account": _other_account,
    "other stage": _other_stage,
}
"""From there no reference reaches the key."""
