"""Things compared in rounds within one process, so that a ratio is formed of neighbours in time."""

import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

Job = Callable[[], object]

_SECONDS = 0.05


@dataclass(frozen=True)
class Rounds:
    """What was measured.

    Attributes:
        speeds: Bytes a second of each job, one entry for each round.
    """

    speeds: list[dict[str, float]]

    @classmethod
    def of(cls, jobs: Mapping[str, Job], *, size: int, count: int) -> "Rounds":
        """Run all jobs in turn, over and over.

        Times are those of the processor, not of the clock: what other processes do on the machine is not counted, apart
        from what they do to its caches.

        Args:
            jobs: What is compared; each was run before, so that nothing is done for the first time.
            size: Bytes that each works on.
            count: How many rounds.
        """
        return cls([{name: size / _seconds(job) for name, job in jobs.items()} for _ in range(count)])

    def megabytes(self, name: str) -> float:
        """Give the median speed of a job in MB/s."""
        return statistics.median(each[name] for each in self.speeds) / 1e6

    def ratio(self, name: str, *others: str) -> float:
        """Give the median of how many times as fast a job is as the fastest of others, round by round."""
        return statistics.median(each[name] / max(each[other] for other in others) for each in self.speeds)


def _seconds(job: Job) -> float:
    """Run often enough to last 50 ms, and take the mean of that."""
    repeats, started = 0, time.process_time()
    while (elapsed := time.process_time() - started) < _SECONDS:
        job()
        repeats += 1
    return elapsed / repeats
