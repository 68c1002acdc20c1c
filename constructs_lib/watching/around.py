"""Around: the rules of a watch for what happens around its keys."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import aws_cdk as cdk

from constructs_lib.errors import ConfigurationError
from constructs_lib.watching.itself_counted import Itself
from constructs_lib.watching.recording import is_counted_here
from constructs_lib.watching.told_of_watch import tell_of_silence, tell_of_trail
from constructs_lib.watching.undelivered import rules_of
from constructs_lib.watching.watch_events import (
    alias_message,
    alias_pattern,
    policy_message,
    policy_pattern,
    role_message,
    role_pattern,
)
from constructs_lib.wiring.given_resources import spoken
from constructs_lib.wiring.places import IAM_REGIONS

if TYPE_CHECKING:
    from aws_cdk import aws_iam as iam
    from aws_cdk import aws_logs as logs
    from constructs import Construct

    from constructs_lib.watching.outlet import Outlet
    from constructs_lib.watching.seen_keys import SeenKey
    from constructs_lib.wiring.recorded_trail import RecordedTrail

# What is left for names of the 2,048 characters of a pattern.
# https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
_ROOM = 1_500
_LONGEST_TOKEN = 150  # the ARN of a policy
_AROUND_NAME = len('{"equals-ignore-case":"",}, ')


def check_in_iam(*, roles: object, policies: object) -> None:
    """Refuse what are no roles and no managed policies.

    Args:
        roles: The first.
        policies: The others.

    Raises:
        ConfigurationError: If one is something else.
    """
    for argument, given, has, example in (
        ("roles", roles, "role_name", "iam.Role(...)"),
        ("policies", policies, "managed_policy_arn", "iam.ManagedPolicy(...)"),
    ):
        if isinstance(given, str) or not isinstance(given, Sequence):
            raise ConfigurationError(f"{argument} must be a list of such as {example}, got {spoken(given)}")
        for each in given:
            if not hasattr(each, has):
                raise ConfigurationError(f"{argument} must each be such as {example}, got {spoken(each)}")


class Around:
    """What happens to aliases, trail, roles and the watch itself: a rule each, or a few where there are many names."""

    def __init__(self, scope: "Construct", outlet: "Outlet") -> None:
        """Define nothing yet.

        Args:
            scope: The watch.
            outlet: Whom it tells.
        """
        self._scope, self._outlet = scope, outlet

    def watch(
        self,
        *,
        trail: "RecordedTrail",
        keys: "Sequence[SeenKey]",
        roles: "Sequence[iam.IRole]",
        policies: "Sequence[iam.IManagedPolicy]",
    ) -> None:
        """Define the rules.

        Args:
            trail: What records the events.
            keys: The keys.
            roles: Roles that may use them.
            policies: Customer managed policies of these roles.
        """
        for number, names in _in_parts([alias for key in keys for alias in key.aliases]):
            self._outlet.add_rule(
                f"Aliases{number}",
                description="Aliases of watched keys",
                pattern=alias_pattern(names),
                message=alias_message(),
            )
        tell_of_trail(self._scope, self._outlet, trail)
        self._roles(trail, roles, policies)
        group = trail.log_group if is_counted_here(self._scope, trail) else None
        tell_of_silence(self._scope, self._outlet, group)

    def _roles(
        self, trail: "RecordedTrail", roles: "Sequence[iam.IRole]", policies: "Sequence[iam.IManagedPolicy]"
    ) -> None:
        if not roles and not policies:
            return
        region = cdk.Stack.of(self._scope).region
        is_known = not cdk.Token.is_unresolved(region)
        if not is_known or region not in IAM_REGIONS.values():
            self._announce(trail, is_known=is_known, region=region)
        if is_known and region not in IAM_REGIONS.values():
            return
        for number, names in _in_parts([role.role_name for role in roles]):
            self._outlet.add_rule(
                f"Roles{number}",
                description="Roles that may use watched keys",
                pattern=role_pattern(names),
                message=role_message(),
            )
        for number, arns in _in_parts([policy.managed_policy_arn for policy in policies]):
            self._outlet.add_rule(
                f"Policies{number}",
                description="Policies of roles that may use watched keys",
                pattern=policy_pattern(arns),
                message=policy_message(),
            )

    def _announce(self, trail: "RecordedTrail", *, is_known: bool, region: str) -> None:
        where = ", ".join(f"{home} ({partition})" for partition, home in IAM_REGIONS.items())
        here = f"not {region}" if is_known else "if that is not the Region of this stack, rules here see none of them"
        annotations, said = cdk.Annotations.of(self._scope), f"calls of IAM are events in {where} alone, {here}"
        if is_counted_here(self._scope, trail):
            annotations.add_info_v2(
                "cdk-key-management:roles-are-events-elsewhere",
                f"{said}: the alarm on the trail's copy in CloudWatch Logs sees them, and so does a KeyWatch there",
            )
        else:
            annotations.add_warning_v2(
                "cdk-key-management:roles-not-told",
                f"{said}, and {trail.trail_name} has no copy in CloudWatch Logs here: nobody is told by this watch who "
                "changes its roles and policies. Give them to a KeyWatch there, or the trail a copy here",
            )


def itself_of(scope: "Construct", outlet: "Outlet", log_group: "logs.ILogGroup") -> Itself:
    """Return what a watch consists of.

    Args:
        scope: The watch.
        outlet: Whom it tells.
        log_group: Where it counts.
    """
    return Itself(
        prefix=rules_of(cdk.Stack.of(scope)).removesuffix("*"),
        queue_url=outlet.queue.queue_url,
        log_group_name=log_group.log_group_name,
        topic_arn=None if outlet.topic is None else outlet.topic.topic_arn,
    )


def _in_parts(names: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    """Yield names in parts that fit a pattern, with a number for all but the first."""
    part: list[str] = []
    room, number = _ROOM, 1
    for name in dict.fromkeys(names):
        length = (_LONGEST_TOKEN if cdk.Token.is_unresolved(name) else len(name)) + _AROUND_NAME
        if part and length > room:
            yield str(number) if number > 1 else "", part
            part, room, number = [], _ROOM, number + 1
        part.append(name)
        room -= length
    if part:
        yield str(number) if number > 1 else "", part
