"""What ACM tells of a certificate, as EventBridge delivers it, in the form that its page publishes.

Where the page offers several values for a field one of them stands here, and names, ARN and times are of one place.
"""

import json
from pathlib import Path
from typing import Any

from constructs_lib.watching.certificate_event import CertificateEvent
from constructs_lib.watching.certificate_events import WatchedCertificate
from constructs_lib.wiring.certificate_facts import Renewal
from tests.support.told_events import ACCOUNT, REGION

_DATA = Path(__file__).resolve().parents[1] / "data" / "certificate_events"
_FILES = {
    CertificateEvent.EXPIRES_SOON: "ApproachingExpiration",
    CertificateEvent.EXPIRED: "Expired",
    CertificateEvent.RENEWAL_BLOCKED: "RenewalActionRequired",
    CertificateEvent.REVOKED: "Revoked",
    CertificateEvent.AVAILABLE: "Available",
}

CERTIFICATE_ARN = f"arn:aws:acm:{REGION}:{ACCOUNT}:certificate/12345678-1234-1234-1234-123456789012"
OTHER_ARN = CERTIFICATE_ARN.replace("/12345678-", "/87654321-")


def told(event: CertificateEvent, *, arn: str = CERTIFICATE_ARN, **changed: Any) -> dict[str, Any]:
    """Return what ACM tells, with some of its details changed."""
    found = json.loads((_DATA / f"{_FILES[event]}.json").read_text())["event"]
    return {**found, "resources": [arn], "detail": {**found["detail"], **changed}}


def watched(
    renewal: Renewal | None = Renewal.BY_ACM, *further_names: str, called: str = "orders.example.com"
) -> WatchedCertificate:
    """Return what messages say of a certificate."""
    return WatchedCertificate(arn=CERTIFICATE_ARN, called=called, further_names=further_names, renewal=renewal)
