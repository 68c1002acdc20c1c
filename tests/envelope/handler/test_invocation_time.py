from math import inf

from envelope.handler.invocation_time import InvocationTime
from tests.support.requests import LambdaContext


def test_the_time_is_that_of_the_invocation_of_the_moment() -> None:
    time = InvocationTime()
    assert time.seconds_left() == inf
    time.begin(LambdaContext(3000, 2500))

    assert [time.seconds_left(), time.seconds_left()] == [3.0, 2.5]
    time.begin(LambdaContext(60_000))
    assert time.seconds_left() == 60.0
    time.begin(None)
    assert time.seconds_left() == inf
