"""The import: from the current value of a secret, checked, into a certificate of ACM.

A certificate that expires before the one that serves is imported as well: somebody may go back to a former version of
the secret, or replace a certificate whose key is no secret any more. The metric `ExpiresEarlier` tells of it.
"""

import logging
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from certificate_care.acceptance import Accepted, Rules, Served, accept
from certificate_care.accepted_names import listed
from certificate_care.acm_certificate import AcmCertificate, ImportsCertificates
from certificate_care.certificate_arn import read_certificate_arn
from certificate_care.current_secret import CurrentSecret, ReadsSecrets, Version
from certificate_care.custom_resource import Answer, Asked, RequestType
from certificate_care.deletion import delete
from certificate_care.errors import (
    AccessDenied,
    CertificateCareError,
    CertificateRefused,
    InvalidEvent,
    Misconfigured,
    Unavailable,
)
from certificate_care.import_metrics import EXPIRES_EARLIER, IMPORTED, REFUSED, line_of
from certificate_care.import_settings import CERTIFICATE_ARN, CHECKS, SECRET_ARN, TAGS, Settings
from certificate_care.waiting import Waiting

_logger = logging.getLogger("certificate_care")

_ROUNDS: Final = 3
_CODE: Final = Path(__file__).resolve().parent.parent


def _print(line: str) -> None:
    # No logger: Lambda would put the line into one of its own, and what is inside becomes no metric.
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


@dataclass(frozen=True, slots=True)
class Importer:
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
    ) -> "Importer":
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

        An update succeeds as well if the same secret holds something wrong meanwhile and what serves is right: else a
        bad value would end a rollback in UPDATE_ROLLBACK_FAILED.

        Args:
            asked: What that is.
            waiting: How long to wait for permissions, or until nothing uses the certificate.

        Returns:
            The ARN of the certificate as physical id, and as the attribute `CertificateArn`.

        Raises:
            CertificateRefused: If the secret holds something wrong and nothing right serves.
            CertificateCareError: Another one of its kinds.
        """
        if asked.request_type is RequestType.CREATE:
            return self._first(asked.properties, waiting=waiting)
        certificate = AcmCertificate(self.acm, read_certificate_arn("PhysicalResourceId", asked.physical_id))
        if asked.request_type is RequestType.DELETE:
            return self._deleted(certificate.arn, waiting=waiting)
        served = certificate.served()
        if served is None:
            return self._first(asked.properties, waiting=waiting)
        try:
            self.again(certificate.arn)
        except CertificateRefused:
            if not self._may_stay(asked, served):
                raise
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

    def _deleted(self, arn: str, *, waiting: Waiting) -> Answer:
        try:
            delete(self.acm, arn, waiting=waiting)
        except AccessDenied as error:
            # The role may delete by the tag alone, and what is gone has none.
            raise AccessDenied(f"{error}; if somebody deleted it already, let CloudFormation retain it") from error
        return Answer(arn)

    def _may_stay(self, asked: Asked, served: Served) -> bool:
        # CloudFormation rolls an update back by another update. If that failed as well for what the secret holds, the
        # stack would be stuck, though what serves is right. Of the secret the metric tells.
        if _secret_of(asked.properties) != _secret_of(asked.old_properties):
            return False
        try:
            served.check(rules=self.rules, now=self.clock())
        except CertificateRefused:
            return False
        return True

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
        version = waiting.until_allowed(self.secret.read)
        accepted = accept(version.value, rules=self.rules, now=self.clock())
        made = AcmCertificate.first(self.acm, accepted, tags=tags, waiting=waiting)
        _log(made.arn, accepted)
        self._tell(made.arn, frozenset({IMPORTED}))
        self._look_again(version)
        return Answer(made.arn, {"CertificateArn": made.arn})

    def _look_again(self, version: Version) -> None:
        # Nothing may fail here, where there is a certificate that CloudFormation does not know yet. A newer one cannot
        # be imported over it either: the permission for that names it, and comes after it, as the rules do.
        try:
            current = self.secret.read().version_id
        except CertificateCareError as error:
            current = type(error).__name__
        if current != version.version_id:
            facts = {"imported_version": version.version_id, "current_version": current}
            _logger.warning("secret changed during the first import: the schedule imports what is newer", extra=facts)

    def _tell(self, certificate_arn: str, happened: frozenset[str]) -> None:
        self.write(line_of(certificate_arn, happened, now=self.clock()))


def _read_tags(found: object) -> list[dict[str, str]]:
    tags = found if isinstance(found, list) else []
    if not tags or not all(isinstance(each, dict) and set(each) == {"Key", "Value"} for each in tags):
        raise InvalidEvent(f'{TAGS} must be a list of {{"Key": ..., "Value": ...}}, got something else')
    return [{"Key": str(each["Key"]), "Value": str(each["Value"])} for each in tags]


def _secret_of(properties: Mapping[str, Any]) -> object:
    checks = properties.get(CHECKS)
    return checks.get(SECRET_ARN) if isinstance(checks, Mapping) else None


def _log(certificate_arn: str, accepted: Accepted) -> None:
    facts = {
        "certificate_arn": certificate_arn,
        "serial": accepted.serial,
        "key_algorithm": accepted.key_algorithm,
        "not_after": accepted.not_after.isoformat(),
    }
    further = f", for further names: {listed(accepted.further_names)}" if accepted.further_names else ""
    _logger.info("imported until %s%s", facts["not_after"], further, extra=facts)


def _is_earlier(accepted: Accepted, served: Served) -> bool:
    return accepted.not_after < served.not_after
