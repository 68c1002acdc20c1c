"""What a dashboard shows of the functions of envelope encryption and of their queues."""

from collections.abc import Iterator, Mapping, Sequence

from constructs_lib.dashboards.documented_metric import (
    CONCURRENCY,
    DURATION,
    ERRORS,
    INVOCATIONS,
    OLDEST,
    THROTTLES,
    WAITING,
    DocumentedMetric,
)
from constructs_lib.dashboards.widget import THIRD, Widget, graph, numbers

Named = Mapping[str, str]
"""What a person knows it by, and what AWS calls it."""


def failing(functions: Named, dead_letter_queues: Named, region: str) -> Iterator[Widget]:
    """Yield what is wrong with functions: errors, throttles, and what waits because it failed too often.

    Args:
        functions: The functions.
        dead_letter_queues: The dead-letter queues.
        region: Of them all.
    """
    if functions:
        yield graph("Errors of functions", _lines(ERRORS, functions), region=region)
        yield graph("Throttled invocations of functions", _lines(THROTTLES, functions), region=region)
    if dead_letter_queues:
        yield numbers(
            "Dead letters: given up, and waiting for a person", _lines(WAITING, dead_letter_queues), region=region
        )


def working(functions: Named, queues: Named, region: str) -> Iterator[Widget]:
    """Yield the load of functions: throughput, duration, concurrency, and what waits for them.

    Args:
        functions: The functions.
        queues: The queues that feed them.
        region: Of them all.
    """
    if functions:
        yield graph("Throughput: invocations of functions", _lines(INVOCATIONS, functions), region=region, width=THIRD)
        yield graph(
            "Duration of 99 of 100 invocations, milliseconds", _lines(DURATION, functions), region=region, width=THIRD
        )
        yield graph("Invocations at once", _lines(CONCURRENCY, functions), region=region, width=THIRD)
    if queues:
        yield graph("Waiting in queues", _lines(WAITING, queues), region=region)
        yield graph("Age of the oldest message in queues, seconds", _lines(OLDEST, queues), region=region)


def _lines(metric: DocumentedMetric, named: Named) -> Sequence[object]:
    return [metric.of(name, label=label) for label, name in named.items()]
