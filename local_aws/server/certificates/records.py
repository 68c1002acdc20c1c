"""ministack's records of certificates, and the error where there is none."""

import time
from typing import Any, TypeAlias

from ministack.services import acm

from local_aws.server.certificates.errors import AcmError

Record: TypeAlias = dict[str, Any]
IMPORTED, AMAZON_ISSUED = "IMPORTED", "AMAZON_ISSUED"
PENDING, ISSUED, EXPIRED, FAILED = "PENDING_VALIDATION", "ISSUED", "EXPIRED", "FAILED"


def all_records() -> list[Record]:
    """Return the certificates of the account and Region at hand, the oldest first."""
    return list(acm._certificates.values())


def record_of(arn: object) -> Record:
    """Find a certificate of the account and Region at hand.

    Raises:
        AcmError: If there is none.
    """
    found: Record | None = acm._get_local_certificate(arn)
    if found is None:
        raise AcmError("ResourceNotFoundException", f"Could not find certificate {arn}.")
    return found


def new_arn() -> str:
    """Return an ARN that no certificate has had."""
    found: str = acm._cert_arn()
    return found


def keep(record: Record) -> None:
    """Let a record be that of its ARN."""
    acm._certificates[record["CertificateArn"]] = record


def forget(arn: str) -> None:
    """Let there be no certificate of an ARN."""
    del acm._certificates[arn]


def status_of(record: Record) -> str:
    """Say the status of a certificate; one that was issued expires as time goes by."""
    status = str(record["Status"])
    return EXPIRED if status == ISSUED and record["NotAfter"] <= time.time() else status
