from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from envelope.errors import KeyUnavailable
from envelope.keys.single_flight import SingleFlight


class Slow:
    """Work that waits until it is told to go on, and says how often it was begun."""

    def __init__(self, failure: Exception | None = None) -> None:
        self.begun, self.may_end, self.times = Event(), Event(), 0
        self._failure = failure

    def __call__(self) -> None:
        self.times += 1
        self.begun.set()
        assert self.may_end.wait(10)
        if self._failure is not None:
            raise self._failure


def test_one_thread_works_while_the_others_wait() -> None:
    flights, slow = SingleFlight(), Slow()
    with ThreadPoolExecutor(4) as threads:
        first = threads.submit(flights.do_or_wait, "same", slow)
        assert slow.begun.wait(10)
        others = [threads.submit(flights.do_or_wait, "same", slow) for _ in range(3)]
        assert not any(other.done() for other in others)
        slow.may_end.set()

        assert [each.result() for each in (first, *others)] == [None] * 4
    assert slow.times == 1


def test_work_for_another_purpose_does_not_wait() -> None:
    flights, slow, done = SingleFlight(), Slow(), []
    with ThreadPoolExecutor(1) as threads:
        first = threads.submit(flights.do_or_wait, "one", slow)
        assert slow.begun.wait(10)
        flights.do_or_wait("other", lambda: done.append("done"))
        assert done == ["done"]
        slow.may_end.set()
        first.result()


def test_who_waits_gets_the_failure_and_who_comes_later_does_not() -> None:
    flights, slow = SingleFlight(), Slow(KeyUnavailable("not now"))
    with ThreadPoolExecutor(2) as threads:
        both = [threads.submit(flights.do_or_wait, "same", slow)]
        assert slow.begun.wait(10)
        both.append(threads.submit(flights.do_or_wait, "same", slow))
        slow.may_end.set()
        for each in both:
            with pytest.raises(KeyUnavailable, match="not now"):
                each.result()

    with pytest.raises(KeyUnavailable):
        flights.do_or_wait("same", slow)
    done: list[str] = []
    flights.do_or_wait("same", lambda: done.append("done"))
    assert done == ["done"]


def test_a_failure_that_nobody_expects_is_that_of_one_thread() -> None:
    flights = SingleFlight()

    with pytest.raises(ZeroDivisionError):
        flights.do_or_wait("same", lambda: 1 // 0)  # type: ignore[arg-type]
    flights.do_or_wait("same", lambda: None)
