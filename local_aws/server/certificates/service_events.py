"""What ACM says by itself on the event bus.

https://docs.aws.amazon.com/acm/latest/userguide/supported-events.html
"""

import contextvars
import time
from typing import Any

from ministack.core.responses import request_scope

from local_aws.server.certificates.records import IMPORTED, Record
from local_aws.server.events_of_aws import put_event

_DAY = 24 * 60 * 60


def tell_available(record: Record, action: str) -> None:
    """Say that a certificate can be used.

    Args:
        record: The certificate.
        action: `ISSUANCE`, `IMPORT` or `REIMPORT`.
    """
    arn = record["CertificateArn"]
    detail: dict[str, Any] = {
        "Action": action,
        "CertificateType": record["Type"],
        "CommonName": record["DomainName"],
        "CertificateCreatedDate": _date(record["CreatedAt"]),
        "CertificateExpirationDate": _date(record["NotAfter"]),
        "DaysToExpiry": int((record["NotAfter"] - time.time()) // _DAY),
        "InUse": False,
        "Exported": False,
    }
    if record["Type"] != IMPORTED:
        detail["DomainValidationMethod"] = record["ValidationMethod"]
    event = {"Source": "aws.acm", "DetailType": "ACM Certificate Available", "Resources": [arn], "Detail": detail}
    # In nobody's name: whoever's call this happens in has no part in where the news goes.
    contextvars.Context().run(_put, arn, event)


def _put(arn: str, event: dict[str, Any]) -> None:
    _, _, _, region, account, _ = arn.split(":")
    with request_scope(account, region):
        put_event(event)


def _date(seconds: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))
