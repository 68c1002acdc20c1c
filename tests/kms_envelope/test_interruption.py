import os
import signal

import pytest

from kms_envelope.interruption import Interrupted, interruptible


def stop_and_stop_again(number: int, undone: list[str]) -> None:
    with interruptible():
        try:
            os.kill(os.getpid(), number)
        finally:
            os.kill(os.getpid(), signal.SIGINT)
            os.kill(os.getpid(), signal.SIGTERM)
            undone.append("all")


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_the_first_signal_stops_and_those_after_it_do_not_disturb_the_undoing(number: int, code: int) -> None:
    undone: list[str] = []
    before = signal.getsignal(number)

    with pytest.raises(Interrupted) as stopped:
        stop_and_stop_again(number, undone)

    assert undone == ["all"]
    assert stopped.value.exit_code == code
    assert signal.getsignal(number) is before


def test_what_is_ignored_stays_ignored() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with interruptible():
            os.kill(os.getpid(), signal.SIGHUP)
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)


def test_work_that_catches_every_error_is_stopped_all_the_same() -> None:
    assert not issubclass(Interrupted, Exception)
