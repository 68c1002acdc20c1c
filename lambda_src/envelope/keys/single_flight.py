"""One thread does what several need at the same moment, and the others wait for it."""

from collections.abc import Callable, Hashable
from threading import Event, Lock

from envelope.errors import EnvelopeError


class _Flight:
    __slots__ = ("failure", "landed")

    def __init__(self) -> None:
        self.landed = Event()
        self.failure: EnvelopeError | None = None


class SingleFlight:
    """Work that is under way, by what it is for.

    Examples:
        >>> flights = SingleFlight()
        >>> flights.do_or_wait("work", lambda: print("working"))
        working
    """

    def __init__(self) -> None:
        """Begin with nothing under way."""
        self._flights: dict[Hashable, _Flight] = {}
        self._lock = Lock()

    def do_or_wait(self, purpose: Hashable, work: Callable[[], None]) -> None:
        """Do work, or wait until the thread that is doing it has finished.

        Args:
            purpose: Two calls with the same purpose do not work at the same time.
            work: What to do; its result goes where the caller looks afterwards.

        Raises:
            EnvelopeError: What the work raised, to everybody who waited for it. Nothing is remembered: the next
                call does the work again.
        """
        with self._lock:
            flight = self._flights.get(purpose)
            is_ours = flight is None
            if flight is None:
                flight = self._flights[purpose] = _Flight()
        if not is_ours:
            flight.landed.wait()
            if flight.failure is not None:
                raise flight.failure
            return
        try:
            work()
        except EnvelopeError as error:
            flight.failure = error
            raise
        finally:
            with self._lock:
                del self._flights[purpose]
            flight.landed.set()
