"""The function that looks every few hours at certificates and writes what ACM says of them as metrics.

ACM publishes one metric, the days until expiry, twice a day and only of certificates that have been issued. This asks
`DescribeCertificate`, which answers with public facts only.
https://docs.aws.amazon.com/acm/latest/userguide/cloudwatch-metrics.html
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any, Final

from certificate_care.certificate_arn import read_certificate_arn
from certificate_care.certificate_state import CertificateState
from certificate_care.clients import client
from certificate_care.describing import DescribesCertificates, described
from certificate_care.errors import CertificateCareError, InvalidEvent, Unavailable

CERTIFICATE_ARNS: Final = "certificate_arns"
"""The one key of what the schedule sends."""


def _print(line: str) -> None:
    # No logger: Lambda would put the line into one of its own, and what is inside becomes no metric.
    sys.stdout.write(line)
    sys.stdout.flush()


@dataclass(frozen=True, slots=True)
class Look:
    """What is made once for all invocations.

    Attributes:
        acm: Describes certificates.
        write: Takes a line for the log.
        clock: Says what time it is.
    """

    acm: DescribesCertificates
    write: Callable[[str], object] = _print
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)

    def at(self, certificate_arns: Sequence[object]) -> None:
        """Write a line for each certificate that can be described.

        Of the others nothing is written, which their alarms see.

        Args:
            certificate_arns: The ARNs of the certificates.

        Raises:
            Unavailable: If one could not be described, after all others were.
        """
        failed = []
        for each in certificate_arns:
            now = self.clock()
            try:
                arn = read_certificate_arn(CERTIFICATE_ARNS, each)
                facts = described(self.acm, arn)
            except CertificateCareError as error:
                failed.append(str(error))
                continue
            if facts is None:
                failed.append(f"{arn} does not exist")
                continue
            self.write(f"{CertificateState.of(facts, now=now).line(arn, now=now)}\n")
        if failed:
            raise Unavailable(f"certificates must be ones that this function may describe, got: {'; '.join(failed)}")


def handle(event: Mapping[str, Any], lambda_context: object, *, look: Look | None = None) -> None:  # noqa: ARG001  # Lambda's signature
    """Look at the certificates that the schedule names.

    Args:
        event: `{"certificate_arns": [...]}`.
        lambda_context: The context object of Lambda.
        look: Client, clock and log. Default: those of the function.

    Raises:
        InvalidEvent: If the event names no certificates.
    """
    arns = event.get(CERTIFICATE_ARNS) if isinstance(event, Mapping) else None
    if not isinstance(arns, list) or not arns:
        raise InvalidEvent(f"{CERTIFICATE_ARNS} must be a list of ARNs, got {type(arns).__name__}")
    (look or deployed()).at(arns)


@cache
def deployed() -> Look:
    """Give the client and the clock of this process."""
    return Look(client("acm"))
