"""CertificateWatch: certificates that expire, are not renewed or not issued, told to somebody in time."""

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Unpack

import aws_cdk as cdk
from constructs import Construct

from constructs_lib.functions.checked_values import check_number
from constructs_lib.functions.function_settings import FunctionSettings, read_function_settings
from constructs_lib.watching.certificate_alarms import CertificateAlarms, Thresholds
from constructs_lib.watching.certificate_event import CertificateEvent
from constructs_lib.watching.certificate_events import CERTIFICATE_KINDS
from constructs_lib.watching.certificate_life import LIFE_NOW, LIVES
from constructs_lib.watching.certificate_look import check_room, look_at_certificates
from constructs_lib.watching.chosen_events import check_chosen
from constructs_lib.watching.outlet import Outlet, check_notify, encryption_key_of, open_outlet
from constructs_lib.watching.runbook import Runbook
from constructs_lib.watching.seen_certificates import SeenCertificate, read_certificates
from constructs_lib.watching.told_of_watch import tell_of_silence
from constructs_lib.watching.unwatched_news import announce_unwatched_news
from constructs_lib.wiring.given_resources import check_symmetric_keys

if TYPE_CHECKING:
    from aws_cdk import aws_certificatemanager as acm
    from aws_cdk import aws_cloudwatch as cloudwatch
    from aws_cdk import aws_events as events
    from aws_cdk import aws_kms as kms
    from aws_cdk import aws_sns as sns

    from constructs_lib.watching.notify import Notify

_PENDING_HOURS = range(1, 72)
"""ACM gives up after 72.

https://docs.aws.amazon.com/acm/latest/APIReference/API_CertificateDetail.html
"""


class CertificateWatch(Construct):
    """Rules for what ACM tells of certificates, alarms before they expire, and messages that a person understands.

    A message says which certificate it is about, by its names; how many days are left; who renews it; what that means;
    what to do now, with the command; and where the runbook goes on. Nothing of it needs a trail. Alarms ring when a
    certificate should have been replaced long ago, when it is not issued, when its renewal is blocked, and when what
    its secret holds was refused. `docs/certificate-watch.md` has every one of them.

    Attributes:
        topic: To subscribe to; None if a bus is told.
        rules: The rules.
        alarms: The alarms: those of each certificate, and one that rings if nobody could look.

    Examples:
        >>> import aws_cdk as cdk
        >>> from aws_cdk import aws_certificatemanager as acm
        >>> from aws_cdk import aws_sns_subscriptions as subscriptions
        >>> from constructs_lib import EncryptionKey
        >>> from constructs_lib.watching.notify import NewTopic
        >>> stack = cdk.Stack(cdk.App(context={"aws:cdk:bundling-stacks": []}), "Orders")
        >>> dns = acm.CertificateValidation.from_dns()
        >>> watch = CertificateWatch(
        ...     stack,
        ...     "Watch",
        ...     certificates=[acm.Certificate(stack, "Certificate", domain_name="orders.example.com", validation=dns)],
        ...     notify=NewTopic(encryption_key=EncryptionKey(stack, "NewsKey", alias="news")),
        ...     operations_key=EncryptionKey(stack, "OperationsKey", alias="operations"),
        ... )
        >>> subscription = watch.topic.add_subscription(subscriptions.EmailSubscription("owners@example.com"))
        >>> len(watch.rules), len(watch.alarms)
        (7, 5)
    """

    topic: "sns.ITopic | None"
    rules: "Sequence[events.CfnRule]"
    alarms: "Sequence[cloudwatch.Alarm]"

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        certificates: "Sequence[acm.ICertificate]",
        notify: "Notify",
        operations_key: "kms.IKey",
        validity_days: int = LIFE_NOW,
        pending_hours: int = 24,
        events: Collection[CertificateEvent] | None = None,
        runbook: str | None = None,
        **settings: Unpack[FunctionSettings],
    ) -> None:
        """Define rules, alarms and the function that looks at the certificates.

        Args:
            scope: The construct that owns them, in the account and Region of the certificates: for CloudFront a stack
                in us-east-1.
            construct_id: Name within `scope`.
            certificates: Which certificates: of this library, of the CDK, or known by their ARN.
            notify: Who is told: `NewTopic`, `ToTopic`, `ToBus` or `ToChat`.
            operations_key: The key under which the log of the function is encrypted.
            validity_days: How many days the certificates are valid, 7 to 3,650, from which follows with how many left
                alarms ring. Default: 198, as ACM's are now. Certificates that live otherwise have a watch of their own.
            pending_hours: After how many hours a validation that does not complete is told, 1 to 71. Default: 24.
            events: What is told of each certificate. Default: `CertificateEvent.usual()`, all but new ones.
            runbook: Where messages lead: the https URL or the path of a page with the sections of `docs/runbook.md`.
                Default: that page of this library, which says so.
            **settings: How the function runs, such as `log_retention`: `FunctionSettings` has them all.

        Raises:
            ConfigurationError: If there are no certificates, one is given twice or is elsewhere, if nobody can be told,
                if a number is out of range, or if an argument is of another type.
        """
        watched = read_certificates(scope, certificates)
        wanted = CertificateEvent.usual() if events is None else events
        check_chosen(wanted, of=CertificateEvent, what="certificates")
        check_number("validity_days", validity_days, LIVES)
        check_number("pending_hours", pending_hours, _PENDING_HOURS)
        leading = Runbook(runbook)
        check_notify(scope, notify)
        check_symmetric_keys({"operations_key": operations_key})
        read = read_function_settings(settings)
        check_room(watched)
        super().__init__(scope, construct_id)
        outlet = open_outlet(self, notify, leading, news="certificates")
        self.topic = outlet.topic
        _tell(outlet, watched, wanted)
        tell_of_silence(self, outlet, None, news="certificates")
        thresholds = Thresholds(validity_days=validity_days, pending_hours=pending_hours)
        self.alarms = [
            look_at_certificates(self, watched, outlet=outlet, operations_key=operations_key, settings=read),
            *(
                alarm
                for each in watched
                for alarm in CertificateAlarms(self, each, thresholds=thresholds, runbook=leading).made
            ),
        ]
        for alarm in self.alarms:
            outlet.on_alarm(alarm)
        self.rules = outlet.rules
        _announce(self, watched)
        announce_unwatched_news(self, news_key=encryption_key_of(notify), watched_arns=())


def _tell(outlet: Outlet, watched: Sequence[SeenCertificate], wanted: Collection[CertificateEvent]) -> None:
    for each in watched:
        for event in CertificateEvent:
            if event not in wanted or event in each.name.cannot:
                continue
            kind = CERTIFICATE_KINDS[event]
            outlet.add_rule(
                f"{event.name.title().replace('_', '')}{each.label}",
                description=f"{each.name.called}: {event.value}",
                pattern=kind.pattern(each.name),
                message=kind.message(each.name),
            )


def _announce(watch: Construct, watched: Sequence[SeenCertificate]) -> None:
    cdk.Annotations.of(watch).add_info_v2(
        "cdk-key-management:silence-seen-through-trail",
        "what happens to certificates is told without a trail; who silences this watch is told while a trail logs "
        "write management events here",
    )
    unknown = [each.name.called for each in watched if each.name.renewal is None]
    if unknown:
        cdk.Annotations.of(watch).add_info_v2(
            "cdk-key-management:certificates-unknown",
            f"nobody here knows who renews {', '.join(unknown)}, and under which names: messages call them so, and "
            "alarms ring as if ACM renewed them; ManagedCertificate and ImportedCertificate say both",
        )
