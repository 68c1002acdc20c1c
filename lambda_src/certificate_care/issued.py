"""The gate before what serves a certificate: it opens when ACM has issued it, and says which records are missing."""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Final

from certificate_care.certificate_arn import read_certificate_arn
from certificate_care.clients import client
from certificate_care.custom_resource import STACK_ID, Answer, Asked, RequestType, respond
from certificate_care.describing import DescribesCertificates
from certificate_care.issuing import wait_until_issued
from certificate_care.response_endpoint import PutsAnswer, put_answer
from certificate_care.waiting import TellsTimeLeft, Waiting

CERTIFICATE_ARN: Final = "CertificateArn"
"""The property that names the certificate, and the attribute by which what serves it waits for the gate."""

_PHYSICAL_ID: Final = "issued/"


@dataclass(frozen=True, slots=True)
class Gate:
    """What is made once for all invocations.

    Attributes:
        acm: Describes certificates.
        own_stack: The ARN of the stack that may ask.
        put: Brings answers to CloudFormation.
        clock: Seconds, from any beginning.
        sleep: Waits for so many seconds.
    """

    acm: DescribesCertificates
    own_stack: str
    put: PutsAnswer = put_answer
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], object] = time.sleep

    def pass_through(self, asked: Asked, *, waiting: Waiting) -> Answer:
        """Wait until the certificate is issued. A gate that is deleted leaves the certificate as it is.

        Args:
            asked: What CloudFormation asks for.
            waiting: Waits.

        Returns:
            The certificate as attribute.
        """
        if asked.request_type is RequestType.DELETE:
            return Answer(asked.physical_id)
        arn = read_certificate_arn(CERTIFICATE_ARN, asked.properties.get(CERTIFICATE_ARN))
        waiting.until_allowed(lambda: wait_until_issued(self.acm, arn, waiting=waiting))
        return Answer(f"{_PHYSICAL_ID}{arn}", {CERTIFICATE_ARN: arn})


def handle(event: object, lambda_context: TellsTimeLeft, *, gate: Gate | None = None) -> None:
    """Answer CloudFormation when the certificate is issued, or as long as the function may wait has passed.

    Args:
        event: What CloudFormation sends, with the one property `CertificateArn`.
        lambda_context: The context object of Lambda.
        gate: Client and clock. Default: those of the function.
    """
    given = gate or deployed()
    waiting = Waiting.within(lambda_context, clock=given.clock, sleep=given.sleep)
    respond(event, lambda asked: given.pass_through(asked, waiting=waiting), own_stack=given.own_stack, put=given.put)


@cache
def deployed() -> Gate:
    """Give the client of this process and what its environment says."""
    return Gate(client("acm"), os.environ.get(STACK_ID, ""))
