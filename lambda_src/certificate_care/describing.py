"""What ACM knows of a certificate.

https://docs.aws.amazon.com/acm/latest/APIReference/API_DescribeCertificate.html
"""

from collections.abc import Mapping
from typing import Any, Final, Protocol

from certificate_care.aws_answers import answer_or_code

_GONE: Final = "ResourceNotFoundException"


class DescribesCertificates(Protocol):
    """Who says what ACM knows."""

    def describe_certificate(self, *, CertificateArn: str) -> Mapping[str, Any]:  # noqa: N803  # as AWS calls it
        """Answer with the facts of a certificate."""


def described(client: DescribesCertificates, certificate_arn: str) -> Mapping[str, Any] | None:
    """Ask what ACM knows of a certificate.

    Args:
        client: Speaks to ACM.
        certificate_arn: The certificate.

    Returns:
        That; None if there is no such certificate, or not yet: it takes seconds until ACM knows of a new one.
    """
    operation = "acm:DescribeCertificate"
    found = answer_or_code(
        operation, lambda: client.describe_certificate(CertificateArn=certificate_arn), told=frozenset({_GONE})
    )
    if isinstance(found, str):
        return None
    facts: Mapping[str, Any] = found.get("Certificate", {})
    return facts
