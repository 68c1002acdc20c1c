"""The kinds of event that ACM tells of a certificate: which they are, what they mean, and what to do.

Each kind is one rule a certificate, so that its message names the certificate. ACM tells them on the event bus of the
certificate's Region by itself, as best it can: no trail is needed, and the alarms are there because of "as best".
https://docs.aws.amazon.com/acm/latest/userguide/supported-events.html
https://docs.aws.amazon.com/eventbridge/latest/ref/events-ref-acm.html
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from constructs_lib.watching.certificate_event import CertificateEvent
from constructs_lib.watching.certificate_remedies import REMEDIES, WHO_RENEWS
from constructs_lib.watching.messages import NEWS_FACTS, NEWS_PATHS, Message
from constructs_lib.wiring.certificate_facts import Renewal

TOLD_DAYS = (45, 30, 15, 7, 3, 1)
"""With how many days left it is told that a certificate expires. ACM says so each day, which nobody would read."""

EXPIRY = "a-certificate-expires-or-has-expired"
_BLOCKED = "a-certificate-is-not-renewed"
_REVOKED = "a-certificate-was-revoked"
_AVAILABLE = "a-new-certificate"

_MOST_NAMES = 10
"""In a message, which has room for as many of the longest."""


@dataclass(frozen=True, slots=True)
class WatchedCertificate:
    """How rules and messages call a certificate.

    Attributes:
        arn: Its ARN.
        called: Its first name; if nobody knows its names, its ARN, or its path in the app.
        further_names: Its other names.
        renewal: Who renews it; None if nobody knows.
    """

    arn: str
    called: str
    further_names: tuple[str, ...]
    renewal: Renewal | None

    @property
    def facts(self) -> tuple[str, ...]:
        """What every message says of it."""
        names = [self.called, *self.further_names]
        shown, more = ", ".join(names[:_MOST_NAMES]), len(names) - _MOST_NAMES
        listed = (f"Names: {shown}{f' and {more} more' if more > 0 else ''}",) if self.further_names else ()
        return (f"Certificate: {self.called}, {self.arn}", *listed, f"Who renews it: {WHO_RENEWS[self.renewal]}")

    @property
    def cannot(self) -> frozenset[CertificateEvent]:
        """What ACM never tells of it: of an imported one neither that it has expired nor what only ACM's own have."""
        if self.renewal is not Renewal.FROM_SECRET:
            return frozenset()
        return frozenset({CertificateEvent.EXPIRED, CertificateEvent.RENEWAL_BLOCKED, CertificateEvent.REVOKED})


@dataclass(frozen=True, kw_only=True)
class KindOfCertificateEvent:
    """One kind of event.

    Attributes:
        headline: What happened, with `{certificate}` for the certificate.
        name: What ACM calls it.
        detail: What the event must say.
        facts: What the message says besides which certificate, and when.
        paths: Where these facts are in the event.
        remedy: What to do now; if nothing is said, what whoever renews it does. `{arn}` stands for the ARN.
        section: The section of the runbook.
    """

    headline: str
    name: str
    detail: Mapping[str, Any] = field(default_factory=dict)
    facts: tuple[str, ...]
    paths: Mapping[str, str] = field(default_factory=dict)
    remedy: tuple[str, ...] = ()
    section: str

    def pattern(self, certificate: WatchedCertificate) -> dict[str, Any]:
        """Return the pattern of these events of one certificate.

        Args:
            certificate: The certificate.
        """
        detail = {"detail": dict(self.detail)} if self.detail else {}
        return {"source": ["aws.acm"], "detail-type": [self.name], "resources": [certificate.arn], **detail}

    def message(self, certificate: WatchedCertificate) -> Message:
        """Return what is said of such an event.

        Args:
            certificate: The certificate.
        """
        remedy = self.remedy or REMEDIES[certificate.renewal]
        return Message(
            headline=self.headline.replace("{certificate}", certificate.called),
            facts=(*certificate.facts, *self.facts, *NEWS_FACTS),
            remedy=tuple(step.replace("{arn}", certificate.arn) for step in remedy),
            section=self.section,
            paths={**NEWS_PATHS, **self.paths},
        )


_DESCRIBE = "aws acm describe-certificate --region <region> --certificate-arn {arn}"
_LOOKUP = "aws cloudtrail lookup-events --region <region> --lookup-attributes"
_IN_USE, _UNTIL = {"in_use": "$.detail.InUse"}, {"until": "$.detail.CertificateExpirationDate"}

CERTIFICATE_KINDS: Mapping[CertificateEvent, KindOfCertificateEvent] = {
    CertificateEvent.EXPIRES_SOON: KindOfCertificateEvent(
        headline="{certificate} expires in <days> day(s)",
        name="ACM Certificate Approaching Expiration",
        detail={"DaysToExpiry": [{"numeric": ["=", days]} for days in TOLD_DAYS]},
        facts=("What it means: from then on clients refuse whatever serves it, and nothing has replaced it yet",),
        paths={"days": "$.detail.DaysToExpiry"},
        section=EXPIRY,
    ),
    CertificateEvent.EXPIRED: KindOfCertificateEvent(
        headline="{certificate} has expired",
        name="ACM Certificate Expired",
        facts=("In use: <in_use>", "What it means: clients refuse whatever serves it, and ACM renews it no more"),
        paths=_IN_USE,
        remedy=(
            f"{_DESCRIBE}, which says what serves it: InUseBy",
            "Have a new one issued under the same names, and attach it there: ACM does not renew one that has expired",
        ),
        section=EXPIRY,
    ),
    CertificateEvent.RENEWAL_BLOCKED: KindOfCertificateEvent(
        headline="{certificate} cannot be renewed: <reason>",
        name="ACM Certificate Renewal Action Required",
        facts=(
            "Days left: <days>, until <until>",
            "In use: <in_use>",
            "What it means: ACM tried, and tries again at 15, 3 and 1 days; until somebody acts it fails each time",
        ),
        paths={"reason": "$.detail.RenewalStatusReason", "days": "$.detail.DaysToExpiry", **_IN_USE, **_UNTIL},
        section=_BLOCKED,
    ),
    CertificateEvent.REVOKED: KindOfCertificateEvent(
        headline="{certificate} was revoked",
        name="ACM Certificate Revoked",
        facts=("What it means: clients that look it up refuse whatever serves it; nobody can take that back",),
        remedy=(
            f"{_LOOKUP} AttributeKey=EventName,AttributeValue=RevokeCertificate, to see who did it and why",
            f"{_DESCRIBE}, which says what serves it; have a new one issued, and attach it there",
        ),
        section=_REVOKED,
    ),
    CertificateEvent.AVAILABLE: KindOfCertificateEvent(
        headline="{certificate} is new in ACM: <action>",
        name="ACM Certificate Available",
        facts=("Days left: <days>, until <until>", "What it means: AWS services that serve it take it by themselves"),
        paths={"action": "$.detail.Action", "days": "$.detail.DaysToExpiry", **_UNTIL},
        remedy=(f"{_DESCRIBE}, if nobody expected it; whoever exported it, or pins it, takes the new one",),
        section=_AVAILABLE,
    ),
}
"""Every kind of event of a certificate."""
