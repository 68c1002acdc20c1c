from collections.abc import Callable
from math import inf

import botocore.exceptions
import pytest

from envelope.errors import NotReached
from envelope.handler.kms_ration import KmsRation
from envelope.limits import BATCH_KMS_CALLS_MAX
from tests.support.fake_kms import KEY_ARN, OTHER_KEY_ARN, client_error

HUNG = botocore.exceptions.ReadTimeoutError(endpoint_url="https://kms")


class Clock:
    """Time that passes when somebody says so."""

    def __init__(self, seconds_left: float) -> None:
        self.seconds_left = seconds_left

    def __call__(self) -> float:
        return self.seconds_left


class Calls:
    """Calls that take time, and may fail."""

    def __init__(self, clock: Clock, *, seconds: float = 0.0, failure: Exception | None = None) -> None:
        self.count = 0
        self._clock = clock
        self._seconds = seconds
        self._failure = failure

    def __call__(self) -> str:
        self.count += 1
        self._clock.seconds_left -= self._seconds
        if self._failure is not None:
            raise self._failure
        return "answer"


def ask_until_refused(ration: KmsRation, call: Callable[[], str]) -> None:
    def ask_on() -> None:
        for _ in range(2 * BATCH_KMS_CALLS_MAX):
            ration.ask(KEY_ARN, call)

    with pytest.raises(NotReached, match="records must need few enough calls of KMS for"):
        ask_on()


def test_no_call_is_begun_that_could_outlast_the_time() -> None:
    clock = Clock(60.0)
    calls = Calls(clock, seconds=4.0)

    ask_until_refused(KmsRation(clock), calls)

    assert calls.count == 12
    assert clock.seconds_left == 12.0


def test_a_function_with_little_time_uses_half_of_it() -> None:
    clock = Clock(6.0)
    calls = Calls(clock, seconds=1.0)

    ask_until_refused(KmsRation(clock), calls)

    assert calls.count == 3


def test_there_are_no_more_calls_than_the_limit() -> None:
    calls = Calls(Clock(inf))

    ask_until_refused(KmsRation(lambda: inf), calls)

    assert calls.count == BATCH_KMS_CALLS_MAX


@pytest.mark.parametrize(
    "failure",
    [
        HUNG,
        botocore.exceptions.EndpointConnectionError(endpoint_url="https://kms"),
        client_error("ThrottlingException"),
        client_error("Unknown", status=503),
    ],
    ids=str,
)
def test_a_key_for_which_kms_had_no_answer_is_not_asked_again_and_others_are(failure: Exception) -> None:
    clock = Clock(60.0)
    failing, answering, ration = Calls(clock, failure=failure), Calls(clock), KmsRation(clock)

    for _ in range(3):
        with pytest.raises(type(failure)) as caught:
            ration.ask(KEY_ARN, failing)
        assert caught.value is failure
        assert ration.ask(OTHER_KEY_ARN, answering) == "answer"

    assert (failing.count, answering.count) == (1, 3)


@pytest.mark.parametrize(
    "failure",
    [
        # Each can be about one record alone.
        client_error("InvalidCiphertextException"),
        client_error("AccessDeniedException"),
        client_error("ValidationException"),
        botocore.exceptions.ParamValidationError(report="x"),
        KeyError("x"),
    ],
    ids=str,
)
def test_an_answer_about_one_record_says_nothing_about_the_next(failure: Exception) -> None:
    calls, ration = Calls(Clock(60.0), failure=failure), KmsRation(lambda: 60.0)

    for _ in range(3):
        with pytest.raises(type(failure)):
            ration.ask(KEY_ARN, calls)

    assert calls.count == 3
