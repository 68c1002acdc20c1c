import pytest

from certificate_care.errors import AccessDenied, CertificateCareError, InvalidEvent, Unavailable
from certificate_care.waiting import Waiting
from tests.support.passing_time import PassingTime


def waiting_in(time: PassingTime) -> Waiting:
    return Waiting.within(time, clock=time.clock, sleep=time.sleep)


@pytest.mark.parametrize(
    ("lambda_ends", "usable"),
    [(900, 780), (840, 780), (600, 540), (240, 180), (60, 45), (3, 2.25)],
)
def test_enough_time_is_kept_to_answer(lambda_ends: float, usable: float) -> None:
    assert waiting_in(PassingTime(lambda_ends=lambda_ends)).seconds_left == usable


def test_it_waits_while_there_is_time_and_then_says_so() -> None:
    time = PassingTime(lambda_ends=60)
    waiting = waiting_in(time)

    rounds = 0
    while waiting.a_while(10):
        rounds += 1

    assert (rounds, time.seconds) == (4, 40)


def test_a_shorter_patience_never_waits_longer_than_the_whole() -> None:
    waiting = waiting_in(PassingTime(lambda_ends=60))

    assert waiting.at_most(10).seconds_left == 10
    assert waiting.at_most(1000).seconds_left == 45
    assert waiting.at_most(0).seconds_left == 0


def test_time_that_is_over_is_not_negative() -> None:
    time = PassingTime(lambda_ends=60)
    waiting = waiting_in(time)
    time.seconds = 50

    assert waiting.seconds_left == 0


def test_what_is_denied_or_not_answered_is_asked_again() -> None:
    time, answers = PassingTime(), iter([AccessDenied("no"), Unavailable("no"), None])

    def ask() -> str:
        answer = next(answers)
        if answer is not None:
            raise answer
        return "yes"

    assert waiting_in(time).until_allowed(ask) == "yes"
    assert time.seconds == 10


@pytest.mark.parametrize("kind", [AccessDenied, Unavailable])
def test_what_is_denied_or_not_answered_for_a_minute_is_told(kind: type[CertificateCareError]) -> None:
    time = PassingTime()

    def ask() -> None:
        raise kind("no")

    with pytest.raises(kind, match=r"^no$"):
        waiting_in(time).until_allowed(ask)

    assert time.seconds == 60


def test_another_failure_is_not_asked_again() -> None:
    time = PassingTime()

    def ask() -> None:
        raise InvalidEvent("wrong")

    with pytest.raises(InvalidEvent):
        waiting_in(time).until_allowed(ask)

    assert time.seconds == 0
