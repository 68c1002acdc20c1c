import pytest

from certificate_care.deleting import delete
from certificate_care.errors import AccessDenied, StillInUse
from certificate_care.waiting import Waiting
from tests.support.fake_route53 import PublicDns, refusal
from tests.support.passing_time import PassingTime
from tests.support.requesting_acm import RequestingAcm

LISTENER = "arn:aws:elasticloadbalancing:eu-central-1:111122223333:loadbalancer/app/shop/1"


@pytest.fixture
def time() -> PassingTime:
    return PassingTime()


@pytest.fixture
def acm(time: PassingTime) -> RequestingAcm:
    acm = RequestingAcm(time, PublicDns())
    acm.request_certificate(
        DomainName="example.com", KeyAlgorithm="RSA_2048", IdempotencyToken="1", Tags=[{"Key": "a", "Value": "b"}]
    )
    time.seconds += 10
    return acm


@pytest.fixture
def waiting(time: PassingTime) -> Waiting:
    return Waiting.within(time, clock=time.clock, sleep=time.sleep)


def test_a_certificate_that_nothing_uses_is_deleted_at_once(acm: RequestingAcm, waiting: Waiting) -> None:
    (arn,) = acm.certificates

    delete(acm, arn, waiting=waiting)

    assert acm.certificates == {}
    assert acm.time.seconds == 10


def test_one_that_is_gone_is_deleted(acm: RequestingAcm, waiting: Waiting) -> None:
    delete(acm, "arn:aws:acm:eu-central-1:111122223333:certificate/gone", waiting=waiting)

    assert len(acm.certificates) == 1


def test_one_whose_user_goes_meanwhile_is_deleted_then(acm: RequestingAcm, waiting: Waiting, time: PassingTime) -> None:
    (found,) = acm.certificates.values()
    found.in_use_by = [LISTENER]

    def sleep(seconds: float) -> None:
        time.sleep(seconds)
        if time.seconds > 60:
            found.in_use_by = []

    delete(acm, found.arn, waiting=Waiting(waiting.until, time.clock, sleep))

    assert acm.certificates == {}


def test_one_that_something_uses_for_five_minutes_stays_and_its_user_is_named(
    acm: RequestingAcm, waiting: Waiting
) -> None:
    (found,) = acm.certificates.values()
    found.in_use_by = [LISTENER]

    with pytest.raises(StillInUse) as refused:
        delete(acm, found.arn, waiting=waiting)

    assert str(refused.value) == (
        f"{found.arn} must be in use by nothing to be deleted, got {LISTENER}: let that use another certificate, then "
        "delete again"
    )
    assert acm.time.seconds == 310


def test_a_use_that_acm_does_not_name_is_told_as_that(acm: RequestingAcm, waiting: Waiting) -> None:
    (arn,) = acm.certificates
    acm.fails = {"DeleteCertificate": refusal("DeleteCertificate", "ResourceInUseException", "in use")}

    with pytest.raises(StillInUse, match="got a use that ACM does not name"):
        delete(acm, arn, waiting=waiting.at_most(0))


def test_a_refusal_for_another_reason_is_raised_at_once(acm: RequestingAcm, waiting: Waiting) -> None:
    (arn,) = acm.certificates
    acm.fails = {"DeleteCertificate": refusal("DeleteCertificate", "AccessDeniedException", "no")}

    with pytest.raises(AccessDenied):
        delete(acm, arn, waiting=waiting)

    assert acm.time.seconds == 10
