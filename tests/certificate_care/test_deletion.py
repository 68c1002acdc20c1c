import pytest

from certificate_care.deletion import delete
from certificate_care.errors import AccessDenied, StillInUse
from certificate_care.waiting import Waiting
from tests.support.imports_in_memory import CERTIFICATE_ARN, FakeImports, Held

BALANCER = "arn:aws:elasticloadbalancing:eu-central-1:111122223333:loadbalancer/app/shop/1"


def acm_with(*users: str) -> FakeImports:
    acm = FakeImports()
    acm.held[CERTIFICATE_ARN] = Held(b"", b"", b"", in_use_by=list(users))
    return acm


def waiting(slept: list[float], *, seconds: float = 900) -> Waiting:
    return Waiting(seconds, clock=lambda: sum(slept), sleep=slept.append)


def test_deletes_a_certificate() -> None:
    acm, slept = acm_with(), list[float]()

    delete(acm, CERTIFICATE_ARN, waiting=waiting(slept))

    assert acm.held == {}
    assert slept == []


def test_takes_one_that_is_gone_for_deleted() -> None:
    delete(FakeImports(), CERTIFICATE_ARN, waiting=waiting([]))


def test_waits_until_acm_hears_that_nothing_serves_it() -> None:
    acm = acm_with(BALANCER)
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        if len(slept) == 3:
            acm.held[CERTIFICATE_ARN].in_use_by.clear()

    delete(acm, CERTIFICATE_ARN, waiting=Waiting(900, clock=lambda: sum(slept), sleep=sleep))

    assert acm.held == {}
    assert slept == [5.0, 5.0, 5.0]


def test_asks_again_where_something_else_is_being_done() -> None:
    acm = acm_with()
    acm.refusals["DeleteCertificate"] = ["ConflictException"]

    delete(acm, CERTIFICATE_ARN, waiting=waiting([]))

    assert acm.held == {}


def test_refuses_after_five_minutes_and_says_who_serves_it() -> None:
    slept: list[float] = []

    with pytest.raises(StillInUse) as refused:
        delete(acm_with(*[BALANCER] * 6), CERTIFICATE_ARN, waiting=waiting(slept))

    assert sum(slept) == 300
    assert str(refused.value) == (
        f"{CERTIFICATE_ARN} must be served by nothing to be deleted, got {', '.join([BALANCER] * 4)} and 2 more: "
        "let that serve another certificate, then delete again"
    )


def test_says_so_where_acm_names_no_use() -> None:
    acm = acm_with()
    acm.refusals["DeleteCertificate"] = ["ResourceInUseException"]

    with pytest.raises(StillInUse, match="got a use that ACM does not name"):
        delete(acm, CERTIFICATE_ARN, waiting=waiting([], seconds=1))


def test_refuses_what_the_role_may_not() -> None:
    acm = acm_with()
    acm.refusals["DeleteCertificate"] = ["AccessDeniedException"]

    with pytest.raises(AccessDenied, match="acm:DeleteCertificate must be allowed"):
        delete(acm, CERTIFICATE_ARN, waiting=waiting([]))
