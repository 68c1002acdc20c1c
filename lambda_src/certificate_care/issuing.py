"""Waiting until ACM knows the validation records of a certificate, and until it has issued it."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from certificate_care.describing import DescribesCertificates, described
from certificate_care.errors import NotIssued
from certificate_care.failure_reasons import why_not_issued
from certificate_care.validation_records import ValidationRecord, not_validated, records_of
from certificate_care.waiting import Waiting

PENDING: Final = "PENDING_VALIDATION"
ISSUED: Final = "ISSUED"
_SECONDS_BETWEEN_RECORDS: Final = 2.0


def records_when_known(
    client: DescribesCertificates, certificate_arn: str, *, domain_names: Sequence[str], waiting: Waiting
) -> tuple[ValidationRecord, ...]:
    """Wait until ACM says which records validate the names, which takes it some seconds after the request.

    Args:
        client: Speaks to ACM.
        certificate_arn: The certificate.
        domain_names: The names that need a record each, without `*.`.
        waiting: Waits.

    Returns:
        A record for each of them, in the same order.

    Raises:
        NotIssued: If ACM will not issue the certificate, or did not say it in time.
    """
    while True:
        facts = described(client, certificate_arn) or {}
        _check_status(facts)
        known = {each.domain_name: each for each in records_of(facts) or ()}
        if all(name in known for name in domain_names):
            return tuple(known[name] for name in domain_names)
        if not waiting.a_while(_SECONDS_BETWEEN_RECORDS):
            raise NotIssued(f"ACM must say in time which records validate {', '.join(domain_names)}, got none")


def wait_until_issued(client: DescribesCertificates, certificate_arn: str, *, waiting: Waiting) -> None:
    """Wait until ACM has issued a certificate.

    Args:
        client: Speaks to ACM.
        certificate_arn: The certificate.
        waiting: Waits.

    Raises:
        NotIssued: If it will not, or has not in time: the text says which records it looks for.
    """
    while True:
        facts = described(client, certificate_arn) or {}
        _check_status(facts)
        if facts.get("Status") == ISSUED:
            return
        if not waiting.a_while():
            raise NotIssued(
                f"{certificate_arn} must be {ISSUED}, got {facts.get('Status', 'no such certificate')}: put these "
                f"records where public DNS finds them, then deploy again: {_missing(facts)}"
            )


def _check_status(facts: Mapping[str, Any]) -> None:
    if facts.get("Status", PENDING) not in {PENDING, ISSUED}:
        raise NotIssued(f"the certificate must be {ISSUED}, got {why_not_issued(facts)}")


def _missing(facts: Mapping[str, Any]) -> str:
    pending = not_validated(facts)
    records = [str(each) for each in records_of(facts) or () if each.domain_name in pending]
    return "; ".join(records) or "those that ACM names for it"
