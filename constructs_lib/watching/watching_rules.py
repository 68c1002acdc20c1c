"""WatchingRules: rules on the default event bus, what their target did not take, and how many there may be."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
from aws_cdk import aws_events as events

from constructs_lib.at_synthesis import at_synthesis
from constructs_lib.watching.undelivered import Undelivered

if TYPE_CHECKING:
    from aws_cdk import aws_cloudwatch as cloudwatch
    from constructs import Construct, IConstruct

_COUNTED = "_cdk_key_management_counted_rules"
_RULES_OF_A_BUS = 300
"""The default quota, which AWS raises on request; some Regions begin lower.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
"""


class WatchingRules:
    """The rules of one construct."""

    def __init__(
        self, scope: "Construct", *, on_alarm: Callable[["cloudwatch.Alarm"], None], news: str = "keys"
    ) -> None:
        """Define nothing yet: the queue comes with the first rule.

        Args:
            scope: The construct that owns them.
            on_alarm: Who is told if there is something in it.
            news: Of what is told. Default: keys.
        """
        self._scope, self._on_alarm, self._news = scope, on_alarm, news
        self._undelivered: Undelivered | None = None
        self.made: list[events.CfnRule] = []

    @property
    def undelivered(self) -> Undelivered:
        """The queue of what was undelivered."""
        if self._undelivered is None:
            self._undelivered = Undelivered(self._scope, news=self._news)
            self._on_alarm(self._undelivered.alarm)  # which may need a rule, and so the queue
        return self._undelivered

    def add(
        self,
        construct_id: str,
        *,
        description: str,
        pattern: Mapping[str, Any],
        target: Mapping[str, Any],
    ) -> events.CfnRule:
        """Define a rule.

        Args:
            construct_id: Name within the construct.
            description: What it is for.
            pattern: Which events.
            target: The properties of its target, beside its id and its queue.
        """
        described = events.CfnRule.TargetProperty(
            id="Notify", dead_letter_config=self.undelivered.config(), **dict(target)
        )
        rule = events.CfnRule(
            self._scope, construct_id, description=description, event_pattern=dict(pattern), targets=[described]
        )
        self.made.append(rule)
        _count(rule)
        return rule


def _count(rule: events.CfnRule) -> None:
    """Have the rules of the app counted at synthesis, once."""
    root = rule.node.root
    if not hasattr(root, _COUNTED):
        setattr(root, _COUNTED, True)
        at_synthesis(rule, lambda: _announce(root))


def _announce(root: "IConstruct") -> list[str]:
    by_place: dict[tuple[str, str], list[events.CfnRule]] = {}
    for each in root.node.find_all():
        if isinstance(each, events.CfnRule) and each.event_bus_name in {None, "default"}:
            stack = each.stack
            by_place.setdefault((stack.account, stack.region), []).append(each)
    for rules in by_place.values():
        if len(rules) > _RULES_OF_A_BUS:
            cdk.Annotations.of(rules[0].stack).add_warning_v2(
                "cdk-key-management:rules-of-a-bus",
                f"this app has {len(rules)} rules on one default event bus, which takes {_RULES_OF_A_BUS} unless AWS "
                "has raised the quota: ask for more, watch fewer keys here, or fewer kinds of event of them",
            )
    return []
