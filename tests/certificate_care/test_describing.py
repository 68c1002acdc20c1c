from collections.abc import Mapping
from typing import Any

import pytest

from certificate_care.describing import described
from certificate_care.errors import AccessDenied
from tests.support.fake_route53 import refusal

ARN = "arn:aws:acm:eu-central-1:111122223333:certificate/1"


class Described:
    """A client that answers once, or raises."""

    def __init__(self, answer: Mapping[str, Any] | Exception) -> None:
        self._answer = answer

    def describe_certificate(self, *, CertificateArn: str) -> Mapping[str, Any]:  # noqa: N803
        assert CertificateArn == ARN
        if isinstance(self._answer, Exception):
            raise self._answer
        return self._answer


def test_what_acm_knows_is_given() -> None:
    assert described(Described({"Certificate": {"Status": "ISSUED"}}), ARN) == {"Status": "ISSUED"}


def test_of_what_does_not_exist_nothing_is_known() -> None:
    gone = refusal("DescribeCertificate", "ResourceNotFoundException", "gone")

    assert described(Described(gone), ARN) is None


def test_another_refusal_is_raised() -> None:
    with pytest.raises(AccessDenied):
        described(Described(refusal("DescribeCertificate", "AccessDeniedException", "no")), ARN)
