"""A KMS that takes its time, and the invocation that sees it pass."""

from typing import Any

from tests.support.fake_kms import FakeKms


class SlowKms(FakeKms):
    """Each call takes seconds, whether it is answered or not. Also the context object of the only invocation."""

    def __init__(self, *, seconds_left: float, seconds_a_call: float, **options: Any) -> None:
        """Say how long the invocation has, and how long a call takes."""
        super().__init__(**options)
        self.seconds_left = seconds_left
        self._seconds_a_call = seconds_a_call

    def get_remaining_time_in_millis(self) -> int:
        """Milliseconds until Lambda stops the function, which it does at zero."""
        assert self.seconds_left > 0, "the function was stopped"
        return int(self.seconds_left * 1000)

    def _record(self, *call: Any) -> None:
        self.seconds_left -= self._seconds_a_call
        super()._record(*call)
