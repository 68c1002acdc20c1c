"""How a public certificate is validated: by records in hosted zones, by records elsewhere, or by e-mail."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import aws_cdk as cdk
from aws_cdk import aws_route53 as route53

from constructs_lib.errors import ConfigurationError
from constructs_lib.wiring.domain_names import read_domain_name
from constructs_lib.wiring.given_resources import spoken

_ZONE_ID = re.compile(r"[A-Z0-9]{1,32}")
_ROLE = re.compile(r"arn:aws[a-z-]*:iam::[0-9]{12}:role/[\w+=,.@/-]{1,576}", re.ASCII)
_EXTERNAL_ID = re.compile(r"[\w+=,.@:/-]{2,1224}", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class DelegatedZone:
    """A public hosted zone of another account, which a role there lets this app write validation records into.

    Such a role is what `CertificateZoneRole` defines.

    Attributes:
        zone_name: The name of the zone.
        hosted_zone_id: Its id.
        role_arn: The role that may write into it.
        external_id: What the role asks for, if it asks for something.

    Raises:
        ConfigurationError: If a value is none of its kind.

    Examples:
        >>> DelegatedZone(
        ...     zone_name="example.com",
        ...     hosted_zone_id="Z0123456789ABCDEFGHIJ",
        ...     role_arn="arn:aws:iam::444455556666:role/certificates-of-shop",
        ... ).zone_name
        'example.com'
    """

    zone_name: str
    hosted_zone_id: str
    role_arn: str
    external_id: str | None = None

    def __post_init__(self) -> None:
        """Check the values."""
        read_domain_name("zone_name", self.zone_name)
        _check("hosted_zone_id", self.hosted_zone_id, _ZONE_ID, "the id of a hosted zone, such as Z0123456789ABC")
        _check("role_arn", self.role_arn, _ROLE, "the ARN of a role")
        if self.external_id is not None:
            _check("external_id", self.external_id, _EXTERNAL_ID, "2 to 1224 letters, digits or +=,.@:/-")


@dataclass(frozen=True)
class DnsValidation:
    """Records in hosted zones: `dns_validation`."""

    zones: tuple[route53.IHostedZone | DelegatedZone, ...]


@dataclass(frozen=True)
class OutsideDns:
    """Records that somebody puts into a DNS outside: `outside_dns`."""


@dataclass(frozen=True, kw_only=True)
class EmailValidation:
    """E-mails to whoever reads them: `unsafe_email_validation`."""

    because: str
    mailboxes_at: Mapping[str, str] = field(default_factory=dict)


Validation = DnsValidation | OutsideDns | EmailValidation


def dns_validation(*zones: route53.IHostedZone | DelegatedZone) -> DnsValidation:
    """Validate by records that are written into public hosted zones, and stay there for every renewal.

    Each name is validated in the zone with the longest name that contains it. A record validates a name and its
    wildcard, and is the same for all certificates of the account, so that none is ever deleted.
    https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html

    Args:
        *zones: Zones of this account, and `DelegatedZone` of others.

    Raises:
        ConfigurationError: If there is none, or one is no hosted zone.
    """
    if not zones:
        raise ConfigurationError(
            "zones must be at least one hosted zone, got none: outside_dns() is for a DNS outside Route 53"
        )
    for number, zone in enumerate(zones):
        if not isinstance(zone, DelegatedZone) and not hasattr(zone, "hosted_zone_arn"):
            raise ConfigurationError(
                f"zones[{number}] must be a hosted zone, such as route53.PublicHostedZone(...), or "
                f"DelegatedZone(...), got {spoken(zone)}"
            )
    return DnsValidation(zones)


def outside_dns() -> OutsideDns:
    """Validate by records that somebody puts into a DNS outside Route 53: the stack says them as outputs.

    The certificate waits for them up to 72 hours; what serves it takes it from `ManagedCertificate.once_issued`.
    """
    return OutsideDns()


def unsafe_email_validation(*, because: str, mailboxes_at: Mapping[str, str] | None = None) -> EmailValidation:
    """Validate by an answer to an e-mail: unsafe, since each renewal waits for a person, and a mailbox is enough.

    https://docs.aws.amazon.com/acm/latest/userguide/email-validation.html

    Args:
        because: Why nothing else can be done: the reason by which the guardrail's finding is acknowledged.
        mailboxes_at: By domain name, the name or the parent of it at whose mailboxes (`admin@`, `hostmaster@` and so
            on) the e-mails arrive. Default: at the domain name itself.

    Raises:
        ConfigurationError: If there is no reason, or a mailbox is not at the name or a parent of it.
    """
    if not isinstance(because, str) or not because.strip():
        raise ConfigurationError(f"because must be a reason, got {spoken(because)}")
    read: dict[str, str] = {}
    for name, given in (mailboxes_at or {}).items():
        domain_name = read_domain_name("mailboxes_at", name)
        place = read_domain_name(f"mailboxes_at[{name!r}]", given)
        if domain_name != place and not domain_name.endswith(f".{place}"):
            raise ConfigurationError(f"mailboxes_at[{name!r}] must be {domain_name} or a parent of it, got {given!r}")
        read[domain_name] = place
    return EmailValidation(because=because.strip(), mailboxes_at=read)


def _check(argument: str, given: object, pattern: re.Pattern[str], allowed: str) -> None:
    if isinstance(given, str) and cdk.Token.is_unresolved(given):
        raise ConfigurationError(
            f"{argument} must be written out, since it is of another account, got a value that is known only at "
            "deployment"
        )
    if not isinstance(given, str) or not pattern.fullmatch(given):
        raise ConfigurationError(f"{argument} must be {allowed}, got {spoken(given)}")
