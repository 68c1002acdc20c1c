"""SecretWatch: what happens to secrets, told to somebody."""

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Unpack

from constructs import Construct

from constructs_lib.functions.function_settings import FunctionSettings, read_function_settings
from constructs_lib.watching.chosen_events import check_chosen
from constructs_lib.watching.outlet import Outlet, check_notify, encryption_key_of, open_outlet
from constructs_lib.watching.overdue import OverdueLook, check_room
from constructs_lib.watching.recording import announce_needs_of_secrets, announce_untold_labels, check_recorded
from constructs_lib.watching.runbook import Runbook
from constructs_lib.watching.secret_event import SecretEvent
from constructs_lib.watching.secret_events import SECRET_KINDS
from constructs_lib.watching.seen_secrets import SeenSecret, read_secrets
from constructs_lib.watching.told_of_watch import tell_of_silence, tell_of_trail
from constructs_lib.watching.unwatched_news import announce_unwatched_news
from constructs_lib.wiring.given_resources import check_symmetric_keys

if TYPE_CHECKING:
    from aws_cdk import aws_cloudwatch as cloudwatch
    from aws_cdk import aws_events as events
    from aws_cdk import aws_kms as kms
    from aws_cdk import aws_secretsmanager as secretsmanager
    from aws_cdk import aws_sns as sns

    from constructs_lib.watching.notify import Notify
    from constructs_lib.wiring.recorded_trail import RecordedTrail

# A rule without it sees no call that only reads.
# https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
_WITH_CALLS_THAT_READ = "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"


class SecretWatch(Construct):
    """Rules for what happens to secrets, alarms for rotations that are overdue, and messages that a person understands.

    A message says what happened to which secret, by its name; who did it, from where and when; what that means; what
    to do now, with the command; and where the runbook goes on. No message and no log has a value. Rules see calls, and
    what Secrets Manager does by itself, only where a trail records management events, in the Region of the watch.
    Who read or put a value is on record, and told to nobody: every application and every rotation does so.
    `docs/secret-watch.md` has every kind of event.

    Attributes:
        topic: To subscribe to; None if a bus is told.
        rules: The rules.
        alarms: The alarms, one for each secret that must be rotated.

    Examples:
        >>> import aws_cdk as cdk
        >>> from aws_cdk import aws_s3 as s3
        >>> from aws_cdk import aws_secretsmanager as secretsmanager
        >>> from aws_cdk import aws_sns_subscriptions as subscriptions
        >>> from constructs_lib import EncryptionKey
        >>> from constructs_lib.existing_trail import ExistingTrail
        >>> from constructs_lib.watching.notify import NewTopic
        >>> stack = cdk.Stack(cdk.App(context={"aws:cdk:bundling-stacks": []}), "Orders")
        >>> arn = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:orders-AbCdEf"
        >>> watch = SecretWatch(
        ...     stack,
        ...     "Watch",
        ...     secrets=[secretsmanager.Secret.from_secret_complete_arn(stack, "Secret", arn)],
        ...     trail=ExistingTrail(
        ...         trail_arn="arn:aws:cloudtrail:eu-west-1:111122223333:trail/main",
        ...         bucket=s3.Bucket.from_bucket_name(stack, "Logs", "main-trail-logs"),
        ...     ),
        ...     notify=NewTopic(encryption_key=EncryptionKey(stack, "NewsKey", alias="news")),
        ...     operations_key=EncryptionKey(stack, "OperationsKey", alias="operations"),
        ... )
        >>> subscription = watch.topic.add_subscription(subscriptions.EmailSubscription("secrets@example.com"))
        >>> len(watch.rules), len(watch.alarms)
        (16, 1)
    """

    topic: "sns.ITopic | None"
    rules: "Sequence[events.CfnRule]"
    alarms: "Sequence[cloudwatch.Alarm]"

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        secrets: "Sequence[secretsmanager.ISecret]",
        trail: "RecordedTrail",
        notify: "Notify",
        operations_key: "kms.IKey",
        without_rotation: "Sequence[secretsmanager.ISecret]" = (),
        events: Collection[SecretEvent] | None = None,
        runbook: str | None = None,
        **settings: Unpack[FunctionSettings],
    ) -> None:
        """Define rules, alarms and the function that looks whether rotations are overdue.

        Args:
            scope: The construct that owns them, in the account and Region of the secrets.
            construct_id: Name within `scope`.
            secrets: Which secrets: of this app, or imported by their full ARN.
            trail: What records their events here: `AuditTrail`, or `ExistingTrail`.
            notify: Who is told: `NewTopic`, `ToTopic`, `ToBus` or `ToChat`.
            operations_key: The key under which the log of the function is encrypted.
            without_rotation: Those of the secrets that nobody rotates on purpose, such as one that another company
                gave. They have no alarm. Default: all must be rotated.
            events: What is told of each secret. Default: `SecretEvent.usual()`, all but refused reads
                (`READING_REFUSED`), and `LABEL_MOVED` only of secrets of which it is known who rotates them: of others
                each rotation would be news.
            runbook: Where messages lead: the https URL or the path of a page with the sections of `docs/runbook.md`.
                Default: that page of this library, which says so.
            **settings: How the function runs, such as `log_retention`: `FunctionSettings` has them all.

        Raises:
            ConfigurationError: If there are no secrets, one is given twice, is elsewhere or not known by its full ARN,
                if the trail is known not to record this account and Region, if nobody can be told, or if an argument is
                of another type.
        """
        watched = read_secrets(scope, secrets, without_rotation=without_rotation)
        wanted = SecretEvent.usual() if events is None else events
        check_chosen(wanted, of=SecretEvent, what="secrets")
        leading = Runbook(runbook)
        check_recorded(scope, trail)
        check_notify(scope, notify)
        check_symmetric_keys({"operations_key": operations_key})
        read = read_function_settings(settings)
        rotated = [each for each in watched if each.is_rotated]
        check_room(rotated)
        super().__init__(scope, construct_id)
        outlet = open_outlet(self, notify, leading, news="secrets")
        self.topic = outlet.topic
        untold = [each for each in watched if each.name.rotated_by is None] if events is None else []
        self._tell(outlet, watched, wanted, unless_moved=untold)
        announce_untold_labels(self, [each.name.called for each in untold])
        tell_of_trail(self, outlet, trail)
        tell_of_silence(self, outlet, None, news="secrets")
        self.alarms = []
        if rotated:
            look = OverdueLook(self, rotated, outlet=outlet, operations_key=operations_key, settings=read)
            self.alarms = look.alarms
        self.rules = outlet.rules
        announce_needs_of_secrets(self, trail)
        announce_unwatched_news(self, news_key=encryption_key_of(notify), watched_arns=())

    def _tell(
        self,
        outlet: Outlet,
        watched: Sequence[SeenSecret],
        wanted: Collection[SecretEvent],
        *,
        unless_moved: Sequence[SeenSecret],
    ) -> None:
        for each in watched:
            for event in SecretEvent:
                if event not in wanted or (event is SecretEvent.LABEL_MOVED and each in unless_moved):
                    continue
                kind = SECRET_KINDS[event]
                rule = outlet.add_rule(
                    f"{event.name.title().replace('_', '')}{each.label}",
                    description=f"{each.name.called}: {event.value}",
                    pattern=kind.pattern(each.name),
                    message=kind.message(each.name),
                )
                if kind.is_read_only:
                    rule.state = _WITH_CALLS_THAT_READ
