"""Asking ACM for a certificate, and whether one is as the template wants it.

https://docs.aws.amazon.com/acm/latest/APIReference/API_RequestCertificate.html
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, Protocol

from certificate_care.aws_answers import answer, answer_or_code
from certificate_care.deletion import DeletesCertificates
from certificate_care.errors import InvalidEvent, Unavailable
from certificate_care.request_properties import RequestedCertificate

_LIMIT: Final = "LimitExceededException"
_CAN_SERVE: Final = frozenset({"PENDING_VALIDATION", "ISSUED"})


class RequestsCertificates(DeletesCertificates, Protocol):
    """The calls of ACM that requesting makes."""

    def request_certificate(self, **arguments: Any) -> Mapping[str, Any]:  # noqa: ANN401  # as AWS calls them
        """Ask for a certificate."""

    def add_tags_to_certificate(self, *, CertificateArn: str, Tags: Sequence[Mapping[str, str]]) -> Mapping[str, Any]:  # noqa: N803
        """Add tags, or change their values."""


def request(client: RequestsCertificates, wanted: RequestedCertificate, *, token: str) -> str:
    """Request a certificate that is validated by DNS.

    Args:
        client: Speaks to ACM.
        wanted: What it is to be.
        token: The same for a repeated request, which then gives the same certificate for an hour.

    Returns:
        Its ARN.

    Raises:
        InvalidEvent: If a quota of ACM does not allow it.
        Unavailable: If ACM answered with no ARN.
    """
    first, *further = wanted.domain_names
    arguments: dict[str, Any] = {
        "DomainName": first,
        "ValidationMethod": "DNS",
        "IdempotencyToken": token,
        "KeyAlgorithm": wanted.key_algorithm,
        "Tags": _as_acm_takes(wanted.tags),
    }
    if further:
        arguments["SubjectAlternativeNames"] = list(wanted.domain_names)
    if wanted.export == "ENABLED":
        arguments["Options"] = {"Export": wanted.export}
    operation = "acm:RequestCertificate"
    found = answer_or_code(operation, lambda: client.request_certificate(**arguments), told=frozenset({_LIMIT}))
    if isinstance(found, str):
        raise InvalidEvent(
            f"{operation} must stay within the quotas of this account (names of a certificate, certificates, requests "
            f"of a year), got {found} for {len(wanted.domain_names)} names: ask AWS for a higher quota"
        )
    if not isinstance(found.get("CertificateArn"), str):
        raise Unavailable(f"{operation} must answer with an ARN, got none")
    return str(found["CertificateArn"])


def is_as_wanted(facts: Mapping[str, Any], wanted: RequestedCertificate) -> bool:
    """Say whether a certificate can stay for what the template wants now: if not, it is replaced.

    This looks at the certificate and not at what the former template said, so that it is right in a rollback as well.

    Args:
        facts: What `DescribeCertificate` answers with.
        wanted: What the template says.
    """
    export = facts.get("Options", {}).get("Export", "DISABLED")
    algorithm = str(facts.get("KeyAlgorithm")).replace("-", "_")  # ACM writes RSA-2048 in some answers
    return (
        facts.get("Status") in _CAN_SERVE
        and facts.get("DomainName") == wanted.domain_names[0]
        and set(facts.get("SubjectAlternativeNames", [facts.get("DomainName")])) == set(wanted.domain_names)
        and algorithm == wanted.key_algorithm
        and export == wanted.export
    )


def tag(client: RequestsCertificates, certificate_arn: str, *, tags: Mapping[str, str]) -> None:
    """Give a certificate tags, or other values to those that it has. What else it carries stays.

    Args:
        client: Speaks to ACM.
        certificate_arn: The certificate.
        tags: Values by key.
    """
    answer(
        "acm:AddTagsToCertificate",
        lambda: client.add_tags_to_certificate(CertificateArn=certificate_arn, Tags=_as_acm_takes(tags)),
    )


def _as_acm_takes(tags: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]
