"""StrictTransport: the header by which browsers learn to come by HTTPS alone."""

from enum import Enum

_YEAR_IN_SECONDS = 31_536_000


class StrictTransport(Enum):
    """For how long a browser that was here once comes back by HTTPS alone, without asking port 80: RFC 6797.

    It says nothing of subdomains, which may be served by somebody else. CloudFront leaves a header that the origin
    sends itself as it is.
    """

    ONE_YEAR = _YEAR_IN_SECONDS
    FORGET = 0
    """Sends zero seconds: browsers forget what they were told."""
    NOT_SENT = None
