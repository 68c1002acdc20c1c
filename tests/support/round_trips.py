"""How often Python asks the CDK: each question goes to another process, which takes longer than most answers' use."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

from jsii._kernel.providers.process import _NodeProcess

_SEND = _NodeProcess.send.__code__


@dataclass
class RoundTrips:
    """A count.

    Attributes:
        made: How many there were.
    """

    made: int = 0

    def note(self, frame: FrameType, event: str, _: object) -> None:
        """Count a call of what sends a question."""
        self.made += event == "call" and frame.f_code is _SEND


@contextmanager
def counted_round_trips() -> Iterator[RoundTrips]:
    """Count the round trips that are made inside."""
    trips, before = RoundTrips(), sys.getprofile()
    sys.setprofile(trips.note)
    try:
        yield trips
    finally:
        sys.setprofile(before)
