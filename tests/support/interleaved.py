"""Invocations that run side by side, one call at a time, in an order that the test decides."""

import threading
from collections.abc import Callable

from tests.support.rotation_world import Killed

_CHANGES = {"apply", "revoke", "UpdateSecretVersionStage"}


class Invocation:
    """One invocation of the function, which stops before and after each of its calls."""

    def __init__(self, work: Callable[[], None], *, token: str, step: str) -> None:
        """Say what it does."""
        self.token, self.step = token, step
        self.failure: BaseException | None = None
        self.is_over = False
        self.has_changed = False
        self.others_ran = False
        self._work, self._is_killed = work, False
        self._go, self._stopped = threading.Semaphore(0), threading.Semaphore(0)
        self.thread = threading.Thread(target=self._run, daemon=True)

    def begin(self) -> None:
        """Let it come to its first call."""
        self.thread.start()
        self._stopped.acquire()

    def pause(self, operation: str, when: str) -> None:
        """Stop here, called by the invocation itself; it dies here if it was killed, whatever it catches."""
        if self._is_killed:
            raise Killed
        if when == "after" and operation in _CHANGES:
            self.has_changed = True
        self._stopped.release()
        self._go.acquire()
        if self._is_killed:
            raise Killed

    def advance(self) -> None:
        """Let it come to its next stop, or to its end."""
        self._go.release()
        self._stopped.acquire()

    def kill(self) -> None:
        """Let it die where it stands."""
        self._is_killed = True
        self.advance()
        self.thread.join()

    def _run(self) -> None:
        try:
            self._work()
        except BaseException as failure:  # noqa: BLE001  # told to the test
            self.failure = Killed() if self._is_killed else failure
        self.is_over = True
        self._stopped.release()


class Interleaving:
    """The invocations that are running. Give `pause` to all that they call."""

    def __init__(self) -> None:
        """Run none yet."""
        self.running: list[Invocation] = []

    def pause(self, operation: str, when: str) -> None:
        """Stop the invocation that calls; who is none of them goes on."""
        mine = [each for each in self.running if each.thread is threading.current_thread()]
        if mine:
            mine[0].pause(operation, when)

    def start(self, work: Callable[[], None], *, token: str, step: str) -> Invocation:
        """Start one."""
        made = Invocation(work, token=token, step=step)
        self.running.append(made)
        made.begin()
        self._drop_those_over()
        return made

    def advance(self, invocation: Invocation) -> None:
        """Let one make its next call."""
        for other in self.running:
            other.others_ran = other.others_ran or other is not invocation
        invocation.advance()
        self._drop_those_over()

    def kill(self, invocation: Invocation) -> None:
        """Kill one."""
        invocation.kill()
        self._drop_those_over()

    def _drop_those_over(self) -> None:
        self.running = [each for each in self.running if not each.is_over]
