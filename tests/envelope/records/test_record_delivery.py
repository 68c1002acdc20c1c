"""Delivery into sinks that refuse this and that: what is sent with what, and what comes again."""

from collections.abc import Callable, Mapping, Sequence
from math import inf
from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ReadTimeoutError
from hypothesis import given
from hypothesis import strategies as st

from envelope.errors import (
    EnvelopeError,
    InvalidRequest,
    LimitExceeded,
    NotAuthentic,
    StorageAccessDenied,
    StorageUnavailable,
)
from envelope.records.record_delivery import Delivery, Order, Record
from envelope.records.record_sinks import Addressed, Entry

if TYPE_CHECKING:
    from envelope.records.batch import Outcome

Refuse = Callable[[str], EnvelopeError | None]


class Sink:
    """Takes three entries of ten bytes in all; refuses entries, or with `whole` every request that holds one."""

    entries_max = 3
    bytes_max = 10

    def __init__(
        self, *, keeps_order: bool = False, entries: Refuse = lambda _: None, whole: Refuse = lambda _: None
    ) -> None:
        self.keeps_order = keeps_order
        self.requests: list[str] = []
        self._entries, self._whole = entries, whole

    def entry(self, addressed: Addressed) -> Entry:
        if len(addressed.content) > self.bytes_max:
            raise LimitExceeded("too long")
        return Entry({"text": addressed.content.decode()}, len(addressed.content))

    def send(self, entries: Sequence[Entry]) -> Mapping[int, EnvelopeError]:
        texts = [entry.fields["text"] for entry in entries]
        self.requests.append(" ".join(texts))
        for text in texts:
            refused = self._whole(text)
            if refused is not None:
                raise refused
        answers = {position: self._entries(text) for position, text in enumerate(texts)}
        return {position: error for position, error in answers.items() if error is not None}


def delivered(
    sink: Sink, texts: str, *, order: Order = Order.NONE, remaining_seconds: Callable[[], float] = lambda: inf
) -> dict[int, str]:
    """Deliver words; the first letter is the order key, `!` stands for a record that failed before."""
    words = texts.split()
    outcomes: list[Outcome] = [NotAuthentic() if word.endswith("!") else word.encode() for word in words]
    delivery = Delivery(sink, order=order, remaining_seconds=remaining_seconds)
    delivery.deliver([Record(word, order_key=word[0], identity=word) for word in words], outcomes)
    return {position: type(error).__name__ for position, error in sorted(delivery.failures.items())}


def only(word: str, error: EnvelopeError) -> Refuse:
    return lambda text: error if text == word else None


def test_requests_are_as_full_as_the_sink_takes() -> None:
    sink = Sink()

    assert delivered(sink, "a b c d eeeeee ffff g hhhhhhhhhh i") == {}
    assert sink.requests == ["a b c", "d eeeeee", "ffff g", "hhhhhhhhhh", "i"]


def test_nothing_to_send_is_no_request() -> None:
    for texts in ("", "a! b!"):
        sink = Sink()
        delivered(sink, texts)

        assert sink.requests == []


def test_a_record_that_no_request_holds_fails_alone() -> None:
    sink = Sink()

    assert delivered(sink, "a bbbbbbbbbbb c") == {1: "LimitExceeded"}
    assert sink.requests == ["a c"]


def test_a_sink_that_keeps_order_never_gets_two_of_one_key_in_a_request() -> None:
    sink = Sink(keeps_order=True)

    assert delivered(sink, "a1 b1 a2 a3 c1 b2") == {}
    assert sink.requests == ["a1 b1", "a2", "a3 c1 b2"]


@pytest.mark.parametrize(
    ("order", "failures", "requests"),
    [
        (Order.NONE, {2: "StorageUnavailable"}, ["a1 b1 c1", "a2 b2 c2", "c3"]),
        (Order.BY_KEY, {2: "StorageUnavailable", 5: "NotReached", 6: "NotReached"}, ["a1 b1 c1", "a2 b2"]),
        (Order.BY_POSITION, {2: "StorageUnavailable", **dict.fromkeys(range(3, 7), "NotReached")}, ["a1 b1 c1"]),
    ],
)
def test_a_refused_entry_holds_back_what_stands_behind_it(
    order: Order, failures: dict[int, str], requests: list[str]
) -> None:
    sink = Sink(entries=only("c1", StorageUnavailable("full")))

    assert delivered(sink, "a1 b1 c1 a2 b2 c2 c3", order=order) == failures
    assert sink.requests == requests


@pytest.mark.parametrize(
    ("order", "failures", "requests"),
    [
        (Order.NONE, {1: "NotAuthentic"}, ["a1 c1 a2", "b2"]),
        (Order.BY_KEY, {1: "NotAuthentic", 4: "NotReached"}, ["a1 c1 a2"]),
        (Order.BY_POSITION, {1: "NotAuthentic", **dict.fromkeys(range(2, 5), "NotReached")}, ["a1"]),
    ],
)
def test_a_record_that_failed_before_holds_back_what_stands_behind_it(
    order: Order, failures: dict[int, str], requests: list[str]
) -> None:
    sink = Sink()

    assert delivered(sink, "a1 b! c1 a2 b2", order=order) == failures
    assert sink.requests == requests


def test_a_request_that_failed_fails_its_records_and_no_others() -> None:
    sink = Sink(whole=only("b", StorageUnavailable("busy")))

    assert delivered(sink, "a b c d e") == dict.fromkeys(range(3), "StorageUnavailable")
    assert sink.requests == ["a b c", "d e"]


def test_a_record_that_spoils_a_request_fails_alone() -> None:
    sink = Sink(whole=only("b", InvalidRequest("no such record")))

    assert delivered(sink, "a b c d") == {1: "InvalidRequest"}
    assert sink.requests == ["a b c", "a", "b", "c", "d"]


def test_a_record_that_spoils_a_request_holds_back_only_what_stands_behind_it() -> None:
    sink = Sink(whole=only("b1", InvalidRequest("no such record")))

    assert delivered(sink, "a1 b1 b2 a! c", order=Order.BY_KEY) == {
        1: "InvalidRequest",
        2: "NotReached",
        3: "NotAuthentic",
    }
    assert sink.requests == ["a1 b1 b2", "a1", "b1", "c"]


def test_a_sink_that_denies_is_not_asked_again() -> None:
    sink = Sink(whole=only("a", StorageAccessDenied("no")))

    assert delivered(sink, "a b c d e") == dict.fromkeys(range(5), "StorageAccessDenied")
    assert sink.requests == ["a b c"]


def test_a_sink_that_says_nothing_is_not_asked_again() -> None:
    silent = StorageUnavailable("no answer")
    silent.__cause__ = ReadTimeoutError(endpoint_url="https://sink")
    sink = Sink(whole=only("a", silent))

    assert delivered(sink, "a b c d e") == dict.fromkeys(range(5), "StorageUnavailable")
    assert sink.requests == ["a b c"]


@pytest.mark.parametrize(("seconds_left", "sent"), [(60.0, 5), (20.0, 4), (12.0, 2), (4.0, 1)])
def test_no_request_is_begun_that_could_outlast_the_time(seconds_left: float, sent: int) -> None:
    sink, looks = Sink(), iter([seconds_left, *(seconds_left - each * 3.0 for each in range(5))])

    delivered(sink, "aaaaaa bbbbbb cccccc dddddd eeeeee", remaining_seconds=lambda: next(looks))

    assert len(sink.requests) == sent


def test_without_time_nothing_more_is_sent() -> None:
    sink, looks = Sink(), iter([60.0, 60.0, 10.0])

    assert delivered(sink, "a b c d e f g", remaining_seconds=lambda: next(looks)) == dict.fromkeys(
        range(3, 7), "NotReached"
    )
    assert sink.requests == ["a b c"]


WORDS = st.lists(st.from_regex(r"[abc][x-z]{0,4}[!?*]?", fullmatch=True), max_size=30)


def _refusal(text: str) -> EnvelopeError | None:
    return {"?": StorageUnavailable("busy"), "*": InvalidRequest("spoilt")}.get(text[-1])


@given(words=WORDS, keeps_order=st.booleans())
def test_whatever_is_refused_each_record_is_sent_or_fails_and_order_holds(
    words: list[str], *, keeps_order: bool
) -> None:
    for order in Order:
        named = [f"{word[:-1] or word}{number}{word[-1]}" for number, word in enumerate(words)]
        sent: list[str] = []

        class Counting(Sink):
            def send(self, entries: Sequence[Entry]) -> Mapping[int, EnvelopeError]:
                refused = super().send(entries)
                sent.extend(entry.fields["text"] for at, entry in enumerate(entries) if at not in refused)  # noqa: B023
                return refused

        sink = Counting(
            keeps_order=keeps_order,
            entries=lambda text: _refusal(text) if text.endswith("?") else None,
            whole=lambda text: _refusal(text) if text.endswith("*") else None,
        )

        failures = delivered(sink, " ".join(named), order=order)

        assert sorted([*sent, *(named[position] for position in failures)]) == sorted(named)
        for key in "abc" if keeps_order else "":
            of_key = [word for word in named if word[0] == key]
            went = [text for text in sent if text[0] == key]
            assert went == [word for word in of_key if word in went]
            if order is not Order.NONE:
                assert went == of_key[: len(went)]
