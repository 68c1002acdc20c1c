"""What the way of validating a certificate asks of its other arguments, and which changes of it need another one."""

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import TYPE_CHECKING, TypeVar

from constructs_lib.certificates.caa_records import AMAZON_AUTHORITIES, CaaRecords
from constructs_lib.certificates.validation import DnsValidation, EmailValidation, OutsideDns, Validation
from constructs_lib.errors import ConfigurationError
from constructs_lib.wiring.given_resources import check_symmetric_keys, spoken

if TYPE_CHECKING:
    from aws_cdk import aws_kms as kms

    from constructs_lib.certificates.validation_zones import ReadZone

_Member = TypeVar("_Member", bound=Enum)


def check_member(argument: str, given: object, kind: type[_Member]) -> _Member:
    """Return a member of an enum, and refuse everything else.

    Args:
        argument: What a refusal calls it.
        given: What was given.
        kind: The enum.

    Raises:
        ConfigurationError: If it is none.
    """
    if not isinstance(given, kind):
        names = ", ".join(f"{kind.__name__}.{each.name}" for each in kind)
        raise ConfigurationError(f"{argument} must be one of {names}, got {spoken(given)}")
    return given


def check_validation(given: Validation) -> None:
    """Refuse what is no way of validating.

    Args:
        given: What was given.

    Raises:
        ConfigurationError: If it is none.
    """
    if not isinstance(given, DnsValidation | OutsideDns | EmailValidation):
        raise ConfigurationError(
            "validation must be dns_validation(...), outside_dns() or unsafe_email_validation(...), got "
            f"{spoken(given)}"
        )


def check_mailboxes(validation: Validation, domain_names: Sequence[str]) -> None:
    """Refuse mailboxes for names that the certificate does not have.

    Args:
        validation: How it is validated.
        domain_names: The names of the certificate.

    Raises:
        ConfigurationError: If there are such.
    """
    for name in validation.mailboxes_at if isinstance(validation, EmailValidation) else ():
        if name not in domain_names:
            raise ConfigurationError(
                f"mailboxes_at must be by names of the certificate, {', '.join(domain_names)}, got {name}"
            )


def check_caa(caa: CaaRecords, zones: "Sequence[ReadZone]") -> None:
    """Refuse CAA records where this app does not write all records.

    Args:
        caa: Which are to be written.
        zones: Where the certificate is validated.

    Raises:
        ConfigurationError: If there is a name in a zone of nobody here.
    """
    if check_member("caa", caa, CaaRecords) is CaaRecords.NONE:
        return
    delegated = [zone.zone_name for zone in zones if zone.delegated is not None]
    if delegated or not zones:
        raise ConfigurationError(
            "caa must be CaaRecords.NONE where names are not all in zones of this account, got CaaRecords.AMAZON with "
            f"{', '.join(delegated) or 'no zone'}: have issue, and issuewild for wildcards, of "
            f"{', '.join(AMAZON_AUTHORITIES)} put there"
        )


def check_function(
    operations_key: "kms.IKey | None", settings: Mapping[str, object], *, needed_for: str | None
) -> None:
    """Refuse a function that has no key for its log, and words about a function where there is none.

    Args:
        operations_key: The key of its log.
        settings: How it runs.
        needed_for: Why there is one; None if there is none.

    Raises:
        ConfigurationError: If that does not fit.
    """
    if needed_for is None:
        told = [*(["operations_key"] if operations_key is not None else []), *settings]
        if told:
            raise ConfigurationError(
                f"{told[0]} must be left out where CloudFormation requests the certificate, got "
                f"{spoken(operations_key if told[0] == 'operations_key' else settings[told[0]])}"
            )
        return
    if operations_key is None:
        raise ConfigurationError(
            f"operations_key must be a key for the log of the function that requests the certificate, which "
            f"{needed_for} needs, got None"
        )
    check_symmetric_keys({"operations_key": operations_key})


def needs_function(validation: Validation, zones: "Sequence[ReadZone]") -> str | None:
    """Return why a function must request a certificate, or None if CloudFormation can.

    Args:
        validation: How it is validated.
        zones: Where.
    """
    if isinstance(validation, OutsideDns):
        return "outside_dns()"
    return next((f"the delegated zone {zone.zone_name}" for zone in zones if zone.delegated is not None), None)


def replacing(validation: Validation, zones: "Sequence[ReadZone]") -> list[str]:
    """Return what of its validation makes a certificate another one when it changes, as plain text.

    CloudFormation replaces its own certificate with each of its validation options; the function keeps one.
    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-certificatemanager-certificate.html

    Args:
        validation: How it is validated.
        zones: Where.
    """
    if isinstance(validation, EmailValidation):
        return ["e-mail", *(f"{name} at {place}" for name, place in sorted(validation.mailboxes_at.items()))]
    if needs_function(validation, zones) is not None:
        return ["function"]
    return ["zones", *sorted(f"{name} in {zone.identity}" for zone in zones for name in zone.domain_names)]
