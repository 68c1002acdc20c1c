"""The function that imports the certificate of a secret into ACM, after it has checked it.

CloudFormation invokes it for the first import, rules when the secret changes, and a schedule, since events can be lost.
Each time it reads the current value anew. What is refused changes nothing: ACM serves on what it has.
"""

import logging
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

from certificate_care.acceptance import Accepted, Rules, Served, accept
from certificate_care.acm_certificate import AcmCertificate, ImportsCertificates
from certificate_care.certificate_arn import read_certificate_arn
from certificate_care.clients import client
from certificate_care.current_secret import CurrentSecret, ReadsSecrets
from certificate_care.custom_resource import Answer, Asked, RequestType, is_asked_by_cloudformation, respond
from certificate_care.deletion import delete
from certificate_care.errors import CertificateCareError, CertificateRefused, InvalidEvent, Misconfigured, Unavailable
from certificate_care.import_metrics import EXPIRES_EARLIER, IMPORTED, REFUSED, line_of
from certificate_care.import_settings import CERTIFICATE_ARN, TAGS, Settings
from certificate_care.response_endpoint import PutsAnswer, put_answer
from certificate_care.waiting import TellsTimeLeft, Waiting

_logger = logging.getLogger("certificate_care")

_ROUNDS: Final = 3
_CODE: Final = Path(__file__).resolve().parent.parent


def _print(line: str) -> None:
    # No logger: Lambda would put the line into one of its own, and what is inside becomes no metric.
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


@dataclass(frozen=True, slots=True)
class Import:
    """What is made once for all invocations.

    Attributes:
        rules: What a certificate must fulfil.
        secret: Where it comes from.
        acm: Where it goes.
        write: Takes a line of metrics.
        clock: Says what time it is.
    """

    rules: Rules
    secret: CurrentSecret
    acm: ImportsCertificates
    write: Callable[[str], object] = _print
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)

    @classmethod
    def of(
        cls, variables: Mapping[str, str], *, secrets: ReadsSecrets, acm: ImportsCertificates, code: Path = _CODE
    ) -> "Import":
        """Read what was decided when the function was deployed.

        Args:
            variables: Those of `certificate_care.import_settings`.
            secrets: Who reads secrets.
            acm: Who speaks to ACM.
            code: Folder of the deployed code, with the file of the trust anchors.

        Raises:
            Misconfigured: If a variable or that file says something else than it may.
        """
        settings = Settings.of(variables)
        anchors = None
        if settings.trust_anchors is not None:
            try:
                anchors = (code / settings.trust_anchors).read_text(encoding="utf-8")
            except (OSError, UnicodeDecodeError) as error:
                raise Misconfigured(f"trust_anchors must be a file of the code, got {type(error).__name__}") from error
        return cls(Rules.of(settings, anchors_pem=anchors), CurrentSecret(secrets, settings.secret_arn), acm)

    def asked(self, asked: Asked, *, waiting: Waiting) -> Answer:
        """Do what CloudFormation asks for.

        Args:
            asked: What that is.
            waiting: How long to wait for permissions, or until nothing uses the certificate.

        Returns:
            The ARN of the certificate as physical id, and as the attribute `CertificateArn`.

        Raises:
            InvalidEvent: If the physical id is no certificate, or tags changed.
            CertificateCareError: Another one of its kinds.
        """
        if asked.request_type is RequestType.CREATE:
            return self._first(asked.properties, waiting=waiting)
        certificate = AcmCertificate(self.acm, read_certificate_arn("PhysicalResourceId", asked.physical_id))
        if asked.request_type is RequestType.DELETE:
            delete(self.acm, certificate.arn, waiting=waiting)
            return Answer(certificate.arn)
        if asked.properties.get(TAGS) != asked.old_properties.get(TAGS):
            raise InvalidEvent(f"{TAGS} must stay what they were at the first import, got others")
        if certificate.served() is None:
            return self._first(asked.properties, waiting=waiting)
        self.again(certificate.arn)
        return Answer(certificate.arn, {"CertificateArn": certificate.arn})

    def again(self, certificate_arn: str) -> frozenset[str]:
        """Import what the secret holds over a certificate, if it is another one and fit, and write the metrics.

        If the secret changed meanwhile, what is newer is imported as well, so that of several invocations at the same
        time none leaves an old certificate in service.

        Args:
            certificate_arn: The certificate.

        Returns:
            The names of the metrics that are 1.

        Raises:
            CertificateRefused: If it is not fit. ACM serves on what it has.
            Unavailable: If the secret changes all the time.
            CertificateCareError: Another one of its kinds.
        """
        certificate = AcmCertificate(self.acm, read_certificate_arn(CERTIFICATE_ARN, certificate_arn))
        happened: frozenset[str] = frozenset()
        try:
            for _ in range(_ROUNDS):
                version = self.secret.read()
                more = self._replaced(certificate, version.value)
                happened |= more
                if not more or self.secret.read().version_id == version.version_id:
                    self._tell(certificate_arn, happened)
                    return happened
        except CertificateRefused:
            self._tell(certificate_arn, happened | {REFUSED})
            raise
        raise Unavailable(f"secret must stay the same while it is imported, got {_ROUNDS} versions")

    def _replaced(self, certificate: AcmCertificate, value: str) -> frozenset[str]:
        served = certificate.served()
        if served is None:
            raise Unavailable(f"{certificate.arn} must be in ACM, got none: an update of its stack imports it again")
        accepted = accept(value, rules=self.rules, now=self.clock(), served=served)
        if accepted.der == served.der:
            return frozenset()
        certificate.replace(accepted)
        _log(certificate.arn, accepted)
        return frozenset({IMPORTED, EXPIRES_EARLIER}) if _is_earlier(accepted, served) else frozenset({IMPORTED})

    def _first(self, properties: Mapping[str, Any], *, waiting: Waiting) -> Answer:
        tags = _read_tags(properties.get(TAGS))
        value = waiting.until_allowed(self.secret.read).value
        accepted = accept(value, rules=self.rules, now=self.clock())
        made = AcmCertificate.first(self.acm, accepted, tags=tags, waiting=waiting)
        _log(made.arn, accepted)
        self._tell(made.arn, frozenset({IMPORTED}))
        return Answer(made.arn, {"CertificateArn": made.arn})

    def _tell(self, certificate_arn: str, happened: frozenset[str]) -> None:
        self.write(line_of(certificate_arn, happened, now=self.clock()))


def handle(
    event: object,
    lambda_context: TellsTimeLeft,
    *,
    deployment: Callable[[], Import] | None = None,
    put: PutsAnswer = put_answer,
) -> dict[str, object] | None:
    """Import, for CloudFormation, a rule or a schedule.

    Args:
        event: CloudFormation's, or `{"certificate_arn": ...}`.
        lambda_context: Says how much time is left.
        deployment: Gives rules and clients. Default: those of the environment.
        put: Brings an answer to CloudFormation.

    Returns:
        Nothing for CloudFormation, which is answered otherwise; else the metrics that are 1.

    Raises:
        CertificateCareError: One of its kinds, with nothing chained to it; never for CloudFormation, which hears it.
        RuntimeError: For what nobody expected, with no more than its name.
    """
    given = deployment or deployed
    if is_asked_by_cloudformation(event):
        waiting = Waiting.within(lambda_context)
        respond(event, lambda asked: given().asked(asked, waiting=waiting), put=put)
        return None
    failure: Exception
    try:
        happened = given().again(_read_event(event))
    except CertificateCareError as error:
        failure = type(error)(str(error))
    except Exception as error:  # noqa: BLE001  # raised again below without its text, which may hold a value
        failure = RuntimeError(f"unexpected {type(error).__name__}")
    else:
        _logger.info("import: %s", sorted(happened) or "nothing new")
        return {"happened": sorted(happened)}
    _logger.warning("import: %s", type(failure).__name__, extra={"error": str(failure)})
    # Raised out here, where nothing is being handled: with nothing chained behind it, no traceback shows more.
    raise failure


@cache
def deployed() -> Import:
    """Give what the environment of this process says."""
    # At the level DEBUG botocore logs the bodies of requests and answers. This holds even where somebody sets the
    # function's log level to DEBUG.
    logging.getLogger("botocore").setLevel(logging.WARNING)
    return Import.of(os.environ, secrets=client("secretsmanager"), acm=client("acm"))


def _read_event(event: object) -> str:
    if not isinstance(event, Mapping) or set(event) != {CERTIFICATE_ARN}:
        raise InvalidEvent(
            f'event must be {{"{CERTIFICATE_ARN}": ...}} or a request of CloudFormation, got another one'
        )
    return read_certificate_arn(CERTIFICATE_ARN, event[CERTIFICATE_ARN])


def _read_tags(found: object) -> list[dict[str, str]]:
    tags = found if isinstance(found, list) else []
    if not tags or not all(isinstance(each, dict) and set(each) == {"Key", "Value"} for each in tags):
        raise InvalidEvent(f'{TAGS} must be a list of {{"Key": ..., "Value": ...}}, got something else')
    return [{"Key": str(each["Key"]), "Value": str(each["Value"])} for each in tags]


def _log(certificate_arn: str, accepted: Accepted) -> None:
    facts = {
        "certificate_arn": certificate_arn,
        "serial": accepted.serial,
        "key_algorithm": accepted.key_algorithm,
        "not_after": accepted.not_after.isoformat(),
    }
    _logger.info("imported until %s", facts["not_after"], extra=facts)


def _is_earlier(accepted: Accepted, served: Served) -> bool:
    return accepted.not_after < served.not_after
