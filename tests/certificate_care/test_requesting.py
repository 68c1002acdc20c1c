from typing import Any

import pytest

from certificate_care.errors import InvalidEvent, Unavailable
from certificate_care.request_properties import RequestedCertificate
from certificate_care.requesting import is_as_wanted, request, tag
from tests.support.fake_route53 import PublicDns
from tests.support.passing_time import PassingTime
from tests.support.requesting_acm import RequestingAcm

WANTED = RequestedCertificate.of({
    "DomainName": "example.com",
    "SubjectAlternativeNames": ["*.example.com"],
    "KeyAlgorithm": "RSA_2048",
    "Tags": [{"Key": "a", "Value": "b"}],
})
FACTS: dict[str, Any] = {
    "Status": "ISSUED",
    "DomainName": "example.com",
    "SubjectAlternativeNames": ["*.example.com", "example.com"],
    "KeyAlgorithm": "RSA-2048",
    "Options": {"CertificateTransparencyLoggingPreference": "ENABLED", "Export": "DISABLED"},
}


@pytest.fixture
def acm() -> RequestingAcm:
    return RequestingAcm(PassingTime(), PublicDns())


def test_the_same_token_gives_the_same_certificate(acm: RequestingAcm) -> None:
    first, again, other = (request(acm, WANTED, token=token) for token in ("1", "1", "2"))

    assert first == again != other


def test_a_single_name_is_no_alternative_name(acm: RequestingAcm) -> None:
    single = RequestedCertificate.of({
        "DomainName": "a.com",
        "KeyAlgorithm": "RSA_2048",
        "Tags": [{"Key": "a", "Value": ""}],
    })

    request(acm, single, token="1")

    assert "SubjectAlternativeNames" not in acm.calls[0][1]


def test_a_quota_is_told_as_one(acm: RequestingAcm) -> None:
    acm.most_names = 1

    with pytest.raises(InvalidEvent, match=r"got LimitExceededException for 2 names: ask AWS for a higher quota$"):
        request(acm, WANTED, token="1")


def test_refuses_an_answer_without_an_arn(acm: RequestingAcm) -> None:
    acm.request_certificate = lambda **_: {}  # type: ignore[method-assign]

    with pytest.raises(Unavailable, match=r"^acm:RequestCertificate must answer with an ARN, got none$"):
        request(acm, WANTED, token="1")


@pytest.mark.parametrize(
    ("changed", "stays"),
    [
        ({}, True),
        ({"Status": "PENDING_VALIDATION"}, True),
        ({"KeyAlgorithm": "RSA_2048"}, True),
        ({"Options": {}}, True),
        ({"Status": "FAILED"}, False),
        ({"Status": "VALIDATION_TIMED_OUT"}, False),
        ({"Status": "EXPIRED"}, False),
        ({"Status": "REVOKED"}, False),
        ({"DomainName": "*.example.com"}, False),
        ({"SubjectAlternativeNames": ["example.com"]}, False),
        ({"SubjectAlternativeNames": ["example.com", "*.example.com", "example.net"]}, False),
        ({"KeyAlgorithm": "EC_prime256v1"}, False),
        ({"Options": {"Export": "ENABLED"}}, False),
    ],
    ids=str,
)
def test_a_certificate_stays_if_it_is_what_the_template_wants(changed: dict[str, Any], stays: bool) -> None:  # noqa: FBT001
    assert is_as_wanted({**FACTS, **changed}, WANTED) is stays


def test_tags_are_given_beside_those_that_are_there(acm: RequestingAcm) -> None:
    arn = request(acm, WANTED, token="1")
    acm.certificates[arn].tags |= {"somebody": "else"}
    acm.time.seconds = 10.0

    tag(acm, arn, tags={"a": "2", "c": "3"})

    assert acm.certificates[arn].tags == {"a": "2", "c": "3", "somebody": "else"}
