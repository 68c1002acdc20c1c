"""ACM as somebody meets it who requests public certificates that are validated by DNS."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from tests.support.fake_route53 import PublicDns, refusal
from tests.support.passing_time import PassingTime

ACCOUNT, REGION = "111122223333", "eu-central-1"
SECONDS_UNTIL_KNOWN, SECONDS_UNTIL_RECORDS, SECONDS_UNTIL_ISSUED = 1.0, 6.0, 45.0
LIFE = timedelta(days=198)


def validation_record(name: str) -> tuple[str, str]:
    """Name and value of the record of a name: the same for its wildcard and for all requests of the account."""
    base = name.removeprefix("*.")
    left, right = (hashlib.sha256(f"{ACCOUNT}{base}{side}".encode()).hexdigest()[:32] for side in "nv")
    return f"_{left}.{base}.", f"_{right}.abcdefghij.acm-validations.aws."


@dataclass
class FakeCertificate:
    """A certificate and what was said when it was requested."""

    arn: str
    names: list[str]
    asked: dict[str, Any]
    requested_at: float
    created_at: datetime
    tags: dict[str, str]
    found_at: float | None = None
    failure: str = ""
    in_use_by: list[str] = field(default_factory=list)


@dataclass
class RequestingAcm:
    """Certificates of one account in one Region. `caa` are names that CAA records keep from Amazon; `before`
    is told of each call, and may raise."""

    time: PassingTime
    dns: PublicDns
    caa: frozenset[str] = frozenset()
    most_names: int = 10
    certificates: dict[str, FakeCertificate] = field(default_factory=dict)
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    denials_left: int = 0
    made: int = 0
    tokens: dict[str, tuple[float, str]] = field(default_factory=dict)
    fails: dict[str, Exception] = field(default_factory=dict)
    before: Callable[[str], None] = lambda _: None

    def request_certificate(self, **arguments: Any) -> Mapping[str, Any]:
        self._asked("RequestCertificate", arguments)
        names = list(dict.fromkeys([arguments["DomainName"], *arguments.get("SubjectAlternativeNames", [])]))
        made_at, known = self.tokens.get(arguments["IdempotencyToken"], (float("-inf"), ""))
        if self.time.seconds - made_at < 3600 and known in self.certificates:
            assert self.certificates[known].asked == arguments
            return {"CertificateArn": known}
        if len(names) > self.most_names:
            raise refusal("RequestCertificate", "LimitExceededException", "too many domain names")
        self.made += 1
        arn = f"arn:aws:acm:{REGION}:{ACCOUNT}:certificate/00000000-0000-0000-0000-{self.made:012}"
        tags = {each["Key"]: each["Value"] for each in arguments["Tags"]}
        self.certificates[arn] = FakeCertificate(arn, names, arguments, self.time.seconds, self.time.now(), tags)
        self.tokens[arguments["IdempotencyToken"]] = (self.time.seconds, arn)
        return {"CertificateArn": arn}

    def describe_certificate(self, *, CertificateArn: str) -> Mapping[str, Any]:  # noqa: N803
        self._asked("DescribeCertificate", {"CertificateArn": CertificateArn})
        found = self._known("DescribeCertificate", CertificateArn)
        status = self._status(found)
        options = [self._option(found, name, status) for name in found.names]
        facts: dict[str, Any] = {
            "CertificateArn": found.arn,
            "DomainName": found.names[0],
            "SubjectAlternativeNames": found.names,
            "DomainValidationOptions": options,
            "CreatedAt": found.created_at,
            "Status": status,
            "KeyAlgorithm": found.asked["KeyAlgorithm"].replace("RSA_", "RSA-"),
            "InUseBy": found.in_use_by,
            "Type": "AMAZON_ISSUED",
            "RenewalEligibility": "ELIGIBLE" if found.in_use_by else "INELIGIBLE",
            "Options": {"CertificateTransparencyLoggingPreference": "ENABLED", "Export": self._export(found)},
        }
        if status == "ISSUED":
            facts |= {"NotBefore": found.created_at, "NotAfter": found.created_at + LIFE}
        if found.failure and status == "FAILED":
            facts["FailureReason"] = found.failure
        return {"Certificate": facts}

    def delete_certificate(self, *, CertificateArn: str) -> Mapping[str, Any]:  # noqa: N803
        self._asked("DeleteCertificate", {"CertificateArn": CertificateArn})
        found = self._known("DeleteCertificate", CertificateArn)
        if found.in_use_by:
            raise refusal("DeleteCertificate", "ResourceInUseException", f"Certificate {found.arn} is in use.")
        del self.certificates[CertificateArn]
        return {}

    def add_tags_to_certificate(self, *, CertificateArn: str, Tags: Any) -> Mapping[str, Any]:  # noqa: N803
        self._asked("AddTagsToCertificate", {"CertificateArn": CertificateArn, "Tags": Tags})
        self._known("AddTagsToCertificate", CertificateArn).tags.update({each["Key"]: each["Value"] for each in Tags})
        return {}

    def _asked(self, operation: str, arguments: dict[str, Any]) -> None:
        self.calls.append((operation, arguments))
        self.before(operation)
        if operation in self.fails:
            raise self.fails[operation]
        if self.denials_left:
            self.denials_left -= 1
            raise refusal(operation, "AccessDeniedException", f"is not authorized to perform: acm:{operation}")

    def _known(self, operation: str, arn: str) -> FakeCertificate:
        found = self.certificates.get(arn)
        if found is None or self.time.seconds - found.requested_at < SECONDS_UNTIL_KNOWN:
            raise refusal(operation, "ResourceNotFoundException", f"Could not find certificate {arn}.")
        return found

    def _status(self, found: FakeCertificate) -> str:
        if found.failure:
            return "FAILED"
        stand = all(self.dns.cname(record) == value for record, value in map(validation_record, found.names))
        if found.found_at is None and stand:
            found.found_at = self.time.seconds
        if found.found_at is None:
            late = self.time.seconds - found.requested_at > 72 * 3600
            return "VALIDATION_TIMED_OUT" if late else "PENDING_VALIDATION"
        if self.time.seconds - found.found_at < SECONDS_UNTIL_ISSUED:
            return "PENDING_VALIDATION"
        if self.caa & set(found.names):
            found.failure = "CAA_ERROR"
            return "FAILED"
        return "ISSUED"

    def _option(self, found: FakeCertificate, name: str, status: str) -> dict[str, Any]:
        record, value = validation_record(name)
        stands = self.dns.cname(record) == value
        option: dict[str, Any] = {
            "DomainName": name,
            "ValidationDomain": name,
            "ValidationMethod": "DNS",
            "ValidationStatus": "SUCCESS" if status == "ISSUED" or stands else "PENDING_VALIDATION",
        }
        if self.time.seconds - found.requested_at >= SECONDS_UNTIL_RECORDS:
            option["ResourceRecord"] = {"Name": record, "Type": "CNAME", "Value": value}
        return option

    def _export(self, found: FakeCertificate) -> str:
        return str(found.asked.get("Options", {}).get("Export", "DISABLED"))
