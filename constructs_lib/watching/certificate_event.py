"""CertificateEvent: what can happen to a certificate, and what of it a watch tells."""

from enum import Enum


class CertificateEvent(Enum):
    """What ACM tells of a certificate.

    https://docs.aws.amazon.com/acm/latest/userguide/supported-events.html
    """

    EXPIRES_SOON = "expires soon"
    """It expires in 45, 30, 15, 7, 3 days or in one, and nothing has replaced it."""

    EXPIRED = "expired"
    """It has expired: clients refuse what serves it. ACM says so of those alone that it issued."""

    RENEWAL_BLOCKED = "renewal blocked"
    """ACM tried to renew it and could not: somebody must do something first."""

    REVOKED = "revoked"
    """It was revoked: clients that look it up refuse what serves it."""

    AVAILABLE = "available"
    """It was issued, renewed or imported. So is each certificate each time: it is told only to who asks for it."""

    @staticmethod
    def usual() -> "frozenset[CertificateEvent]":
        """Return what a watch tells unless it is told otherwise.

        Examples:
            >>> [event.name for event in CertificateEvent if event not in CertificateEvent.usual()]
            ['AVAILABLE']
        """
        return frozenset(CertificateEvent) - {CertificateEvent.AVAILABLE}
