"""Why ACM issues no certificate, in words, and what to do about it.

https://docs.aws.amazon.com/acm/latest/userguide/troubleshooting-cert-requests.html
https://docs.aws.amazon.com/acm/latest/userguide/troubleshooting-caa.html
"""

from collections.abc import Mapping
from typing import Any, Final

_REASONS: Final[Mapping[str, str]] = {
    "CAA_ERROR": (
        "a CAA record of a name or of a domain above it lets Amazon issue nothing: add one with amazon.com, "
        "amazontrust.com, awstrust.com or amazonaws.com (issuewild for a wildcard), or remove it"
    ),
    "ADDITIONAL_VERIFICATION_REQUIRED": (
        "ACM wants to verify more, as it does for well-known names: somebody has to open a case with AWS Support"
    ),
    "DOMAIN_NOT_ALLOWED": (
        "a name is on a list of unsafe domains: have it reviewed (Google Safe Browsing, VirusTotal), "
        "then ask AWS Support"
    ),
    "INVALID_PUBLIC_DOMAIN": (
        "a name is in no public domain, or is a public suffix itself: ask for names that you registered"
    ),
    "DOMAIN_VALIDATION_DENIED": "somebody declined the validation by e-mail: ask its owner",
    "NO_AVAILABLE_CONTACTS": "no address for the validation by e-mail was found: validate by DNS",
    "OTHER": "ACM does not say more: look for misspelt names, then ask AWS Support",
}


def why_not_issued(described: Mapping[str, Any]) -> str:
    """Say why a certificate will never be issued.

    Args:
        described: What `DescribeCertificate` answers with.

    Returns:
        Status, reason and remedy.
    """
    status, reason = str(described.get("Status")), described.get("FailureReason")
    if status == "VALIDATION_TIMED_OUT":
        return (
            f"{status}: no validation record was found for 72 hours: change the construct id of the certificate, "
            "which requests another one with the same records"
        )
    if reason is None:
        return status
    words = _REASONS.get(str(reason))
    return f"{status} because of {reason}: {words}" if words else f"{status} because of {reason}"
