"""Whether a trail records what a watch must see, and what the watch says of it."""

from typing import TYPE_CHECKING, Protocol

import aws_cdk as cdk

from constructs_lib.errors import ConfigurationError
from constructs_lib.wiring.given_resources import spoken

if TYPE_CHECKING:
    from enum import Enum

    from aws_cdk import aws_logs as logs
    from aws_cdk import aws_s3 as s3
    from constructs import Construct

_FACTS = ("trail_name", "trail_arn", "home_region", "home_account", "reach", "bucket", "log_group")


class SeenTrail(Protocol):
    """A trail, as `AuditTrail` and `ExistingTrail` say it."""

    @property
    def trail_name(self) -> str:
        """Its name."""

    @property
    def trail_arn(self) -> str:
        """Its ARN."""

    @property
    def home_region(self) -> str:
        """The Region in which it is defined."""

    @property
    def home_account(self) -> str:
        """The account in which it is defined."""

    @property
    def reach(self) -> "Enum":
        """Of which Regions it records the events: `EVERY_REGION` or `HOME_REGION`."""

    @property
    def organization_id(self) -> str | None:
        """The organization whose accounts it records; None for its own account alone."""

    @property
    def bucket(self) -> "s3.IBucket":
        """Where its log files are."""

    @property
    def log_group(self) -> "logs.ILogGroup | None":
        """The copy in CloudWatch Logs; None if there is none."""


def sees_every_region(trail: SeenTrail) -> bool:
    """Whether a trail records every Region.

    Args:
        trail: The trail.
    """
    return trail.reach.name == "EVERY_REGION"


def check_recorded(scope: "Construct", trail: SeenTrail) -> None:
    """Refuse a trail that is known not to record a stack's account and Region, where rules would see no call.

    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html

    Args:
        scope: Where the rules will be.
        trail: The trail.

    Raises:
        ConfigurationError: If it is none, or records another Region alone, or another account alone.
    """
    if not all(hasattr(trail, fact) for fact in _FACTS):
        raise ConfigurationError(f"trail must be AuditTrail(...) or ExistingTrail(...), got {spoken(trail)}")
    stack = cdk.Stack.of(scope)
    if not sees_every_region(trail) and are_apart(stack.region, trail.home_region):
        raise ConfigurationError(
            f"trail must record {stack.region}, or rules see no call there, got {trail.trail_name}, which records "
            f"{trail.home_region} alone"
        )
    if trail.organization_id is None and are_apart(stack.account, trail.home_account):
        raise ConfigurationError(
            f"trail must record account {stack.account}, or rules see no call there, got {trail.trail_name}, which "
            f"records {trail.home_account} alone"
        )


def is_at_home(scope: "Construct", trail: SeenTrail) -> bool:
    """Whether a trail is, or may be, defined in a stack's account and Region.

    Args:
        scope: A construct of the stack.
        trail: The trail.
    """
    stack = cdk.Stack.of(scope)
    return not are_apart(stack.region, trail.home_region) and not are_apart(stack.account, trail.home_account)


def is_counted_here(scope: "Construct", trail: SeenTrail) -> bool:
    """Whether the trail's copy in CloudWatch Logs is where metric filters of a stack can be.

    Args:
        scope: A construct of the stack.
        trail: The trail.
    """
    return trail.log_group is not None and is_at_home(scope, trail)


def announce_needs(scope: "Construct", trail: SeenTrail) -> None:
    """Say what a watch cannot see.

    Args:
        scope: The watch.
        trail: Its trail.
    """
    annotations = cdk.Annotations.of(scope)
    annotations.add_info_v2(
        "cdk-key-management:seen-through-trail",
        f"rules see calls while {trail.trail_name} logs write management events here, those of KMS included; "
        "requests of other accounts that KMS refuses are on record in the caller's account alone",
    )
    if not is_counted_here(scope, trail):
        annotations.add_warning_v2(
            "cdk-key-management:refusals-not-counted",
            "refused requests and the use of keys that are disabled or to be deleted are not counted here: give the "
            f"trail a copy in CloudWatch Logs, and have a KeyWatch or CisAlarms in {trail.home_region}, account "
            f"{trail.home_account}, where it is",
        )
    stack = cdk.Stack.of(scope)
    guessed = [
        f"{what} {there}"
        for what, here, there in (
            ("account", stack.account, trail.home_account),
            ("Region", stack.region, trail.home_region),
        )
        if cdk.Token.is_unresolved(here) and not cdk.Token.is_unresolved(there)
    ]
    if guessed:
        annotations.add_info_v2(
            "cdk-key-management:place-not-known",
            f"it is not known whether {trail.trail_name} records this stack, which does not say its account and "
            f"Region: the trail is of {' and '.join(guessed)}",
        )
    if not is_at_home(scope, trail):
        annotations.add_warning_v2(
            "cdk-key-management:trail-watched-elsewhere",
            f"that {trail.trail_name} is stopped or changed is an event in {trail.home_region}, account "
            f"{trail.home_account}: a KeyWatch there tells it",
        )


def are_apart(here: str, there: str) -> bool:
    """Whether two accounts, or Regions, are known to be different ones."""
    return here != there and not cdk.Token.is_unresolved(here) and not cdk.Token.is_unresolved(there)
