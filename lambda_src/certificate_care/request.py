"""A certificate that ACM validates through DNS of another account, or of nobody here: the function behind its resource.

CloudFormation's own resource writes records into zones of its own account only. This one assumes a role for each other
zone, or answers with the records.
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-certificatemanager-certificate.html
"""

import hashlib
import logging
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Final

from certificate_care.assumed_role import credentials_of
from certificate_care.certificate_arn import is_certificate_arn
from certificate_care.clients import client, client_as
from certificate_care.custom_resource import STACK_ID, Answer, Asked, RequestType, reason_of, respond
from certificate_care.deletion import delete
from certificate_care.describing import described
from certificate_care.errors import AccessDenied, NotIssued, Unfinished
from certificate_care.hosted_zone import HostedZone, WritesRecords
from certificate_care.issuing import records_when_known, wait_until_issued
from certificate_care.request_properties import TAGS, RequestedCertificate, Zone
from certificate_care.requesting import RequestsCertificates, is_as_wanted, request, tag
from certificate_care.response_endpoint import PutsAnswer, put_answer
from certificate_care.validation_records import ValidationRecord
from certificate_care.waiting import TellsTimeLeft, Waiting

CERTIFICATE_ARN: Final = "CertificateArn"
"""The attribute that every answer has."""

VALIDATION_RECORD: Final = "ValidationRecord"
"""How the attributes begin that tell the records for an outside DNS; a number follows, from 1 on."""

MOST_RECORD_BYTES: Final = 3000
"""How long those may be together: CloudFormation takes an answer of 4096 bytes."""

_LONGEST_TOKEN: Final = 32
_SECONDS_UNTIL_KNOWN: Final = 10.0

_logger = logging.getLogger("certificate_care")


@dataclass(frozen=True, slots=True)
class Deployment:
    """What is made once for all invocations.

    Attributes:
        acm: Speaks to ACM.
        zone_client: Gives who writes into a zone, by the name that the trail of its account is to show.
        own_stack: The ARN of the stack that may ask.
        put: Brings answers to CloudFormation.
        clock: Seconds, from any beginning.
        sleep: Waits for so many seconds.
    """

    acm: RequestsCertificates
    zone_client: Callable[[Zone, str], WritesRecords]
    own_stack: str
    put: PutsAnswer = put_answer
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], object] = time.sleep


@dataclass(frozen=True, slots=True)
class Work:
    """One request of CloudFormation.

    Attributes:
        deployment: Clients and clock.
        waiting: Waits as long as Lambda allows.
    """

    deployment: Deployment
    waiting: Waiting

    def do(self, asked: Asked) -> Answer:
        """Do it.

        Args:
            asked: What CloudFormation asks for.

        Returns:
            The certificate that there is now.

        Raises:
            Unfinished: If a new certificate was requested and something failed then.
        """
        if asked.request_type is RequestType.DELETE:
            if is_certificate_arn(asked.physical_id):
                self.waiting.until_allowed(lambda: self._delete(asked.physical_id))
            return Answer(asked.physical_id)
        wanted = RequestedCertificate.of(asked.properties)
        if asked.request_type is RequestType.UPDATE and self._can_stay(asked.physical_id, wanted):
            if asked.old_properties.get(TAGS) != asked.properties.get(TAGS):
                self.waiting.until_allowed(lambda: tag(self.deployment.acm, asked.physical_id, tags=wanted.tags))
            return self._validate(asked.physical_id, wanted, asked=asked)
        arn = self.waiting.until_allowed(lambda: request(self.deployment.acm, wanted, token=_token(asked)))
        known_by_all = self.waiting.clock() + _SECONDS_UNTIL_KNOWN
        # Before anything else can fail, so that the log names what may be left behind.
        _logger.info("requested", extra={"logical_id": asked.logical_id, "certificate_arn": arn})
        try:
            return self._validate(arn, wanted, asked=asked)
        except Exception as error:  # noqa: BLE001  # whatever it is, the new certificate must not stay unknown
            reason = reason_of(error)
        # Deleted sooner, it would be taken for one that is gone already.
        self.waiting.a_while(max(0.0, known_by_all - self.waiting.clock()))
        if asked.request_type is RequestType.UPDATE:
            reason = f"{reason}{self._take_back(arn)}"
        raise Unfinished(reason, physical_id=arn)

    def _can_stay(self, arn: str, wanted: RequestedCertificate) -> bool:
        if not is_certificate_arn(arn):
            return False
        try:
            facts = self.waiting.until_allowed(lambda: described(self.deployment.acm, arn))
        except AccessDenied as error:
            raise AccessDenied(f"{error}; if somebody deleted it already, request it under another id") from error
        return facts is not None and is_as_wanted(facts, wanted)

    def _validate(self, arn: str, wanted: RequestedCertificate, *, asked: Asked) -> Answer:
        acm = self.deployment.acm
        records = self.waiting.until_allowed(
            lambda: records_when_known(acm, arn, domain_names=wanted.validated_names, waiting=self.waiting)
        )
        if not wanted.zones:
            return _records_told(arn, records)
        by_name = {each.domain_name: each for each in records}
        for zone in wanted.zones:
            self._put(zone, [by_name[name] for name in zone.domain_names], session_name=f"cdk-{asked.logical_id}")
        wait_until_issued(acm, arn, waiting=self.waiting)
        return Answer(arn, {CERTIFICATE_ARN: arn})

    def _put(self, zone: Zone, records: list[ValidationRecord], *, session_name: str) -> None:
        writer = self.waiting.until_allowed(lambda: self.deployment.zone_client(zone, session_name))
        hosted_zone = HostedZone(writer, zone.hosted_zone_id)
        for record in records:
            self.waiting.until_allowed(lambda record=record: hosted_zone.put(record))  # type: ignore[misc]

    def _delete(self, arn: str) -> None:
        try:
            delete(self.deployment.acm, arn, waiting=self.waiting)
        except AccessDenied as error:
            if self._is_gone(arn):
                return
            raise AccessDenied(f"{error}; if somebody deleted it already, let CloudFormation retain it") from error

    def _is_gone(self, arn: str) -> bool:
        # What is gone carries no tag, so that a permission by tag does not speak of it.
        try:
            return described(self.deployment.acm, arn) is None
        except AccessDenied:
            return False

    def _take_back(self, arn: str) -> str:
        # CloudFormation keeps the former certificate when an Update fails, and never hears of this one.
        try:
            self.waiting.until_allowed(lambda: delete(self.deployment.acm, arn, waiting=self.waiting))
        except Exception as error:  # noqa: BLE001  # the first error is the one to tell
            return f"; {arn} is left behind, since deleting it failed: {reason_of(error)}"
        return ""


def handle(event: object, lambda_context: TellsTimeLeft, *, deployment: Deployment | None = None) -> None:
    """Request, keep, replace or delete a certificate for CloudFormation.

    Args:
        event: What CloudFormation sends.
        lambda_context: The context object of Lambda.
        deployment: Clients and clock. Default: those of the function.
    """
    given = deployment or deployed()
    waiting = Waiting.within(lambda_context, clock=given.clock, sleep=given.sleep)
    respond(event, Work(given, waiting).do, own_stack=given.own_stack, put=given.put)


@cache
def deployed() -> Deployment:
    """Give the clients of this process and what its environment says."""
    return Deployment(client("acm"), _zone_client, os.environ.get(STACK_ID, ""))


def _zone_client(zone: Zone, session_name: str) -> WritesRecords:
    if not zone.role_arn:
        writer: WritesRecords = client("route53")
        return writer
    credentials = credentials_of(
        client("sts"), role_arn=zone.role_arn, external_id=zone.external_id, session_name=session_name
    )
    assumed: WritesRecords = client_as("route53", credentials)
    return assumed


def _token(asked: Asked) -> str:
    # A repeated event has the same ids, so that ACM answers with the certificate of the first one.
    told = f"{asked.stack_id}|{asked.logical_id}|{asked.request_id}"
    return hashlib.sha256(told.encode()).hexdigest()[:_LONGEST_TOKEN]


def _records_told(arn: str, records: tuple[ValidationRecord, ...]) -> Answer:
    told = {f"{VALIDATION_RECORD}{number}": str(each) for number, each in enumerate(records, start=1)}
    size = sum(len(key) + len(value) for key, value in told.items())
    if size > MOST_RECORD_BYTES:
        raise NotIssued(
            f"the validation records for an outside DNS must be at most {MOST_RECORD_BYTES} bytes together, got "
            f"{size} for {len(records)} names: ask for fewer names"
        )
    return Answer(arn, {CERTIFICATE_ARN: arn, **told})
