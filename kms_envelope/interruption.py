"""Being told to stop: the work is undone, and only then the process ends."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

_EXIT_CODE_OF_SIGNALS: Final = 128
_SIGNALS: Final = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))


class Interrupted(BaseException):
    """Somebody told this process to stop. Like `KeyboardInterrupt` it is nothing that work should catch."""

    def __init__(self, number: int) -> None:
        """Keep which signal it was.

        Args:
            number: The signal.
        """
        super().__init__(signal.Signals(number).name)
        self.exit_code = _EXIT_CODE_OF_SIGNALS + number


@contextmanager
def interruptible() -> Iterator[None]:
    """Turn the first signal to stop into an exception, and ignore those that follow it.

    A second one would come while the work is being undone.

    Yields:
        Once.
    """
    before = {number: signal.signal(number, _interrupt) for number in _SIGNALS if not _is_ignored(number)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _is_ignored(number: int) -> bool:
    # As `nohup` leaves it to those that it starts.
    return signal.getsignal(number) is signal.SIG_IGN


def _interrupt(number: int, _: FrameType | None) -> None:
    for each in _SIGNALS:
        signal.signal(each, signal.SIG_IGN)
    raise Interrupted(number)
