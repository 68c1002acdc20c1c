import pytest

from certificate_care.errors import NotIssued
from certificate_care.issuing import records_when_known, wait_until_issued
from certificate_care.waiting import Waiting
from tests.support.fake_route53 import FakeZone, PublicDns
from tests.support.passing_time import PassingTime
from tests.support.requesting_acm import RequestingAcm, validation_record

NAMES = ["example.com", "*.example.com", "example.net"]


class Scene:
    """A certificate that was requested a moment ago."""

    def __init__(self, *, lambda_ends: float = 900.0) -> None:
        self.time = PassingTime(lambda_ends=lambda_ends)
        self.dns = PublicDns({"Z1": FakeZone("example.com."), "Z2": FakeZone("example.net.")})
        self.acm = RequestingAcm(self.time, self.dns)
        self.arn = self.acm.request_certificate(
            DomainName=NAMES[0],
            SubjectAlternativeNames=NAMES,
            KeyAlgorithm="RSA_2048",
            IdempotencyToken="1",
            Tags=[{"Key": "a", "Value": "b"}],
        )["CertificateArn"]
        self.waiting = Waiting.within(self.time, clock=self.time.clock, sleep=self.time.sleep)

    def write(self, *names: str) -> None:
        for name in names:
            record, value = validation_record(name)
            self.dns.zones["Z1"].records[record, "CNAME"] = [value]


def test_the_records_are_given_in_the_order_asked_for_once_acm_knows_them() -> None:
    scene = Scene()

    records = records_when_known(
        scene.acm, scene.arn, domain_names=["example.net", "example.com"], waiting=scene.waiting
    )

    assert [f"{each.name}." for each in records] == [
        validation_record(name)[0] for name in ("example.net", "example.com")
    ]
    assert 6 <= scene.time.seconds <= 8


def test_records_that_acm_does_not_tell_in_time_are_a_failure() -> None:
    scene = Scene(lambda_ends=4)

    with pytest.raises(NotIssued, match=r"^ACM must say in time which records validate example\.com, got none$"):
        records_when_known(scene.acm, scene.arn, domain_names=["example.com"], waiting=scene.waiting)


def test_a_request_that_failed_is_told_instead_of_records() -> None:
    scene = Scene()
    scene.acm.certificates[scene.arn].failure = "ADDITIONAL_VERIFICATION_REQUIRED"

    with pytest.raises(NotIssued, match=r"somebody has to open a case with AWS Support$"):
        records_when_known(scene.acm, scene.arn, domain_names=["example.com"], waiting=scene.waiting)

    assert scene.time.seconds < 5


def test_it_waits_until_the_certificate_is_issued() -> None:
    scene = Scene()
    scene.write("example.com", "example.net")

    wait_until_issued(scene.acm, scene.arn, waiting=scene.waiting)

    assert 45 <= scene.time.seconds <= 60


def test_only_the_records_that_are_missing_are_named() -> None:
    scene = Scene(lambda_ends=200)
    scene.write("example.com")
    record, value = validation_record("example.net")

    with pytest.raises(NotIssued) as failed:
        wait_until_issued(scene.acm, scene.arn, waiting=scene.waiting)

    assert str(failed.value) == (
        f"{scene.arn} must be ISSUED, got PENDING_VALIDATION: put these records where public DNS finds them, then "
        f"deploy again: {record} CNAME {value}"
    )


def test_a_validation_that_timed_out_is_told_at_once() -> None:
    scene = Scene()
    scene.acm.certificates[scene.arn].requested_at -= 73 * 3600

    with pytest.raises(NotIssued, match="got VALIDATION_TIMED_OUT: no validation record was found for 72 hours"):
        wait_until_issued(scene.acm, scene.arn, waiting=scene.waiting)


def test_a_certificate_that_does_not_exist_is_told_as_that() -> None:
    scene = Scene(lambda_ends=20)
    scene.acm.certificates.clear()

    with pytest.raises(NotIssued, match="must be ISSUED, got no such certificate: "):
        wait_until_issued(scene.acm, scene.arn, waiting=scene.waiting)
