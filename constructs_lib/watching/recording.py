"""Whether a trail records what a watch must see, and what the watch says of it."""

from typing import TYPE_CHECKING

import aws_cdk as cdk

from constructs_lib.errors import ConfigurationError
from constructs_lib.wiring.places import are_apart, distance
from constructs_lib.wiring.recorded_trail import TrailReach, check_trail

if TYPE_CHECKING:
    from collections.abc import Sequence

    from constructs import Construct

    from constructs_lib.wiring.recorded_trail import RecordedTrail


def check_recorded(scope: "Construct", trail: "RecordedTrail") -> None:
    """Refuse a trail that is known not to record a stack's account and Region, where rules would see no call.

    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html

    Args:
        scope: Where the rules will be.
        trail: The trail.

    Raises:
        ConfigurationError: If it is none, or records another Region alone, or another account alone.
    """
    check_trail(trail)
    stack = cdk.Stack.of(scope)
    if trail.reach is TrailReach.HOME_REGION and are_apart(stack.region, trail.home_region):
        raise ConfigurationError(
            f"trail must record {stack.region}, or rules see no call there, got {trail.trail_name}, which records "
            f"{trail.home_region} alone"
        )
    if trail.organization_id is None and are_apart(stack.account, trail.home_account):
        raise ConfigurationError(
            f"trail must record account {stack.account}, or rules see no call there, got {trail.trail_name}, which "
            f"records {trail.home_account} alone"
        )


def is_at_home(scope: "Construct", trail: "RecordedTrail") -> bool:
    """Whether a trail is, or may be, defined in a stack's account and Region.

    Args:
        scope: A construct of the stack.
        trail: The trail.
    """
    return distance(cdk.Stack.of(scope), account=trail.home_account, region=trail.home_region) is None


def is_counted_here(scope: "Construct", trail: "RecordedTrail") -> bool:
    """Whether the trail's copy in CloudWatch Logs is where metric filters of a stack can be.

    Args:
        scope: A construct of the stack.
        trail: The trail.
    """
    return trail.log_group is not None and is_at_home(scope, trail)


def announce_needs(scope: "Construct", trail: "RecordedTrail") -> None:
    """Say what a watch of keys cannot see.

    Args:
        scope: The watch.
        trail: Its trail.
    """
    cdk.Annotations.of(scope).add_info_v2(
        "cdk-key-management:seen-through-trail",
        f"rules see calls while {trail.trail_name} logs write management events here, those of KMS included; "
        "requests of other accounts that KMS refuses are on record in the caller's account alone",
    )
    if not is_counted_here(scope, trail):
        cdk.Annotations.of(scope).add_warning_v2(
            "cdk-key-management:refusals-not-counted",
            "refused requests and the use of keys that are disabled or to be deleted are not counted here: give the "
            f"trail a copy in CloudWatch Logs, and have a KeyWatch or CisAlarms in {trail.home_region}, account "
            f"{trail.home_account}, where it is",
        )
    _announce_place(scope, trail)


def announce_needs_of_secrets(scope: "Construct", trail: "RecordedTrail") -> None:
    """Say what a watch of secrets cannot see.

    Args:
        scope: The watch.
        trail: Its trail.
    """
    cdk.Annotations.of(scope).add_info_v2(
        "cdk-key-management:secrets-seen-through-trail",
        f"rules see calls, and what Secrets Manager does by itself, while {trail.trail_name} logs write management "
        "events here; who reads a secret is on record there and told to nobody",
    )
    _announce_place(scope, trail)


def announce_untold_labels(scope: "Construct", secrets: "Sequence[str]") -> None:
    """Say of which secrets nobody is told who moves their labels.

    Args:
        scope: The watch.
        secrets: Of which it is not known who rotates them, by what messages call them.
    """
    if secrets:
        cdk.Annotations.of(scope).add_info_v2(
            "cdk-key-management:labels-not-told",
            f"nobody is told who moves labels of {', '.join(secrets)}, since the role that rotates is not known here "
            "and moves them too; events= with SecretEvent.LABEL_MOVED tells each move, those of rotations as well",
        )


def _announce_place(scope: "Construct", trail: "RecordedTrail") -> None:
    annotations, stack = cdk.Annotations.of(scope), cdk.Stack.of(scope)
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
            f"{trail.home_account}: a KeyWatch or SecretWatch there tells it",
        )
