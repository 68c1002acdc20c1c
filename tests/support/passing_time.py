"""A clock that goes on when somebody sleeps, and at no other time."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

BEGINNING = datetime(2026, 11, 22, 12, tzinfo=UTC)


@dataclass
class PassingTime:
    """Seconds since the beginning, and a context of Lambda that ends after some."""

    seconds: float = 0.0
    lambda_ends: float = 900.0

    def clock(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        assert seconds > 0
        self.seconds += seconds
        assert self.seconds < self.lambda_ends, "Lambda has ended the function"

    def now(self) -> datetime:
        return BEGINNING + timedelta(seconds=self.seconds)

    def get_remaining_time_in_millis(self) -> int:
        return int((self.lambda_ends - self.seconds) * 1000)

    def begin_invocation(self, seconds: float = 900.0) -> None:
        self.lambda_ends = self.seconds + seconds
