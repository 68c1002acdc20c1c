"""KeyWatch: what happens to keys, told to somebody."""

from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING

from constructs import Construct

from constructs_lib.errors import ConfigurationError
from constructs_lib.watching.around import Around, check_in_iam, itself_of
from constructs_lib.watching.burst import Burst
from constructs_lib.watching.chosen_events import check_chosen
from constructs_lib.watching.copied_trail import check_roles_are_seen
from constructs_lib.watching.counted import count_refusals_and_misuse
from constructs_lib.watching.expiry import warn_of_expiry
from constructs_lib.watching.key_event import KeyEvent
from constructs_lib.watching.key_events import KINDS
from constructs_lib.watching.outlet import Outlet, check_notify, encryption_key_of, open_outlet
from constructs_lib.watching.recording import announce_needs, check_recorded, is_counted_here
from constructs_lib.watching.runbook import Runbook
from constructs_lib.watching.seen_keys import SeenKey, announce_nameless, read_keys
from constructs_lib.watching.unwatched_news import announce_unwatched_news
from constructs_lib.watching.unwatched_replicas import announce_unwatched_replicas
from constructs_lib.watching.unwatched_roles import announce_unwatched_roles
from constructs_lib.wiring.given_resources import spoken

if TYPE_CHECKING:
    from aws_cdk import aws_cloudwatch as cloudwatch
    from aws_cdk import aws_events as events
    from aws_cdk import aws_iam as iam
    from aws_cdk import aws_kms as kms
    from aws_cdk import aws_sns as sns

    from constructs_lib.watching.notify import Notify
    from constructs_lib.wiring.named_keys import Keys
    from constructs_lib.wiring.recorded_trail import RecordedTrail


class KeyWatch(Construct):
    """Rules for what happens to keys, alarms for what needs counting, and messages that a person understands.

    A message says what happened to which key, by its alias; who did it, from where and when; what that means; what to
    do now, with the command; and where the runbook goes on. Rules see calls only where a trail records management
    events, in the Region of the watch: there is one watch for each Region with keys. What other accounts were refused
    is on record in their account. `docs/key-watch.md` has every kind of event.

    Attributes:
        topic: To subscribe to; None if a bus is told.
        rules: The rules.
        alarms: The alarms.

    Examples:
        >>> import aws_cdk as cdk
        >>> from aws_cdk import aws_logs as logs
        >>> from aws_cdk import aws_s3 as s3
        >>> from aws_cdk import aws_sns_subscriptions as subscriptions
        >>> from constructs_lib import EncryptionKey
        >>> from constructs_lib.existing_trail import ExistingTrail
        >>> from constructs_lib.watching.notify import NewTopic
        >>> stack = cdk.Stack(cdk.App(), "Orders")
        >>> watch = KeyWatch(
        ...     stack,
        ...     "Watch",
        ...     keys=[EncryptionKey(stack, "Key", alias="orders")],
        ...     trail=ExistingTrail(
        ...         trail_arn="arn:aws:cloudtrail:eu-west-1:111122223333:trail/main",
        ...         bucket=s3.Bucket.from_bucket_name(stack, "Logs", "main-trail-logs"),
        ...     ),
        ...     notify=NewTopic(encryption_key=EncryptionKey(stack, "TopicKey", alias="news")),
        ... )
        >>> subscription = watch.topic.add_subscription(subscriptions.EmailSubscription("keys@example.com"))
        >>> len(watch.rules)
        12
    """

    topic: "sns.ITopic | None"
    rules: "Sequence[events.CfnRule]"
    alarms: "Sequence[cloudwatch.Alarm]"

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        keys: "Keys",
        trail: "RecordedTrail",
        notify: "Notify",
        roles: "Sequence[iam.IRole]" = (),
        policies: "Sequence[iam.IManagedPolicy]" = (),
        events: Collection[KeyEvent] = KeyEvent.usual(),
        burst: Burst | None = None,
        runbook: str | None = None,
    ) -> None:
        """Define rules and alarms.

        Args:
            scope: The construct that owns them, in the account and Region of the keys.
            construct_id: Name within `scope`.
            keys: Which keys, each known by its ARN: in a sequence, called by the alias that was given together with the
                key, or by its path in the app; in a mapping, by the alias to which it is given.
            trail: What records their events here: `AuditTrail`, or `ExistingTrail`.
            notify: Who is told: `NewTopic`, `ToTopic`, `ToBus` or `ToChat`.
            roles: Roles that may use the keys, whose trust and policies are watched: by a rule in the Region of IAM's
                events, `us-east-1`, and elsewhere by the alarm on the trail's copy alone, or, without such a copy
                there, by nobody, which is a warning. The role in which `AuditTrail` writes that copy is among them
                unasked. Default: no others.
            policies: Customer managed policies of these roles, whose versions are watched likewise. Default: none.
            events: What is told of each key. Default: all but new material by rotation (`ROTATED`), and grants that AWS
                services ask for (`SERVICE_GRANTS_CHANGED`).
            burst: How many refused requests are an alarm. Default: ten in five minutes.
            runbook: Where messages lead: the https URL or the path of a page with the sections of `docs/runbook.md`.
                Default: that page of this library, which says so.

        Raises:
            ConfigurationError: If there are no keys, one is given twice, is elsewhere or known by its alias alone, if
                the trail is known not to record this account and Region, or a role, if nobody can be told, if what is
                told is encrypted under one of the keys, if `burst` is given where nothing is counted, or if an argument
                is of another type.
        """
        watched = read_keys(scope, keys)
        check_chosen(events, of=KeyEvent, what="keys")
        check_in_iam(roles=roles, policies=policies)
        leading = Runbook(runbook)
        check_recorded(scope, trail)
        _check_burst(scope, trail, burst)
        check_notify(scope, notify)
        _check_own_key(encryption_key_of(notify), watched)
        is_counted = is_counted_here(scope, trail)
        if is_counted:
            check_roles_are_seen(trail, roles)
        super().__init__(scope, construct_id)
        outlet = open_outlet(self, notify, leading)
        self.topic = outlet.topic
        self.alarms = [warn_of_expiry(self, each, leading) for each in watched if each.is_imported]
        for alarm in self.alarms:
            outlet.on_alarm(alarm)
        self._tell(outlet, watched, events)
        feeding = [*roles, *_log_role(trail)]
        Around(self, outlet).watch(trail=trail, keys=watched, roles=feeding, policies=policies)
        if is_counted and trail.log_group is not None:
            self.alarms += count_refusals_and_misuse(
                self,
                log_group=trail.log_group,
                outlet=outlet,
                roles=feeding,
                policies=policies,
                itself=itself_of(self, outlet, trail.log_group),
                burst=burst,
            )
        self.rules = outlet.rules
        announce_needs(self, trail)
        announce_nameless(self, watched)
        announce_unwatched_news(
            self, news_key=encryption_key_of(notify), watched_arns=[each.name.arn for each in watched]
        )
        given = [each.key for each in watched]
        announce_unwatched_replicas(self, keys=given)
        announce_unwatched_roles(self, keys=given, roles=roles)

    def _tell(self, outlet: Outlet, watched: Sequence[SeenKey], wanted: Collection[KeyEvent]) -> None:
        for each, event in _pairs(watched, wanted):
            kind = KINDS[event]
            outlet.add_rule(
                f"{event.name.title().replace('_', '')}{each.label}",
                description=f"{each.name.called}: {event.value}",
                pattern=kind.pattern(each.name),
                message=kind.message(each.name),
            )


def _pairs(watched: Sequence[SeenKey], wanted: Collection[KeyEvent]) -> Iterator[tuple[SeenKey, KeyEvent]]:
    for each in watched:
        for event in KeyEvent:
            if event in wanted and event not in each.cannot:
                yield each, event


def _log_role(trail: "RecordedTrail") -> "list[iam.IRole]":
    """Return the role in which the trail writes its copy, if the trail knows it."""
    role: iam.IRole | None = getattr(trail, "log_role", None)
    return [] if role is None else [role]


def _check_burst(scope: Construct, trail: "RecordedTrail", burst: Burst | None) -> None:
    given: object = burst
    if given is not None and not isinstance(given, Burst):
        raise ConfigurationError(f"burst must be Burst(...), got {spoken(given)}")
    if given is not None and not is_counted_here(scope, trail):
        raise ConfigurationError(
            f"burst must be left out where nothing is counted, got one with {trail.trail_name}, which has no copy in "
            "CloudWatch Logs in the account and Region of the watch"
        )


def _check_own_key(key: "kms.IKey | None", watched: Sequence[SeenKey]) -> None:
    for each in watched:
        if key is not None and key.key_arn == each.name.arn:
            raise ConfigurationError(
                "notify must be encrypted under another key than those that are watched, since a disabled key would "
                f"silence the news of that, got {each.key.node.path}"
            )
