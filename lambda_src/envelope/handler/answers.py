"""What a caller is told: status, retry behaviour and text of a failure; and the one log line of an invocation."""

import json
import logging
from collections import Counter
from collections.abc import Callable, Collection
from typing import Any, Final, TypeAlias

from envelope.errors import (
    EnvelopeError,
    InvalidRequest,
    KeyAccessDenied,
    KeyUnavailable,
    LimitExceeded,
    MalformedMessage,
    NotAuthentic,
    NotReached,
    StorageAccessDenied,
    StorageUnavailable,
)
from envelope.failure_facts import failure_facts

Facts: TypeAlias = dict[str, object]
"""What the log line of an invocation says. Keys of the encryption context, not values: those may be personal data."""

_logger = logging.getLogger("envelope")

REMEDIES: Final[dict[type[EnvelopeError], tuple[int, bool]]] = {  # status, and whether to retry
    InvalidRequest: (400, False),
    MalformedMessage: (400, False),
    NotAuthentic: (400, False),
    KeyAccessDenied: (403, False),
    StorageAccessDenied: (403, False),
    LimitExceeded: (413, False),
    KeyUnavailable: (503, True),
    StorageUnavailable: (503, True),
    NotReached: (503, True),
}
_UNEXPECTED: Final = (500, False)


def failure_of(error: Exception) -> dict[str, object]:
    """Say what a caller should know about a failure.

    Args:
        error: One of the errors of this package, or what nobody expected, of which the name alone is told: a library
            may quote its input.

    Returns:
        `status`, `retry` and `error`, in the form that API Gateway takes for custom Lambda errors.

    Examples:
        >>> failure_of(KeyUnavailable("KMS must answer, got ThrottlingException"))
        {'status': 503, 'retry': True, 'error': 'KMS must answer, got ThrottlingException'}
        >>> failure_of(KeyError("secret"))
        {'status': 500, 'retry': False, 'error': 'unexpected KeyError'}
    """
    if isinstance(error, EnvelopeError):
        status, retry = REMEDIES[type(error)]
        return {"status": status, "retry": retry, "error": str(error)}
    status, retry = _UNEXPECTED
    return {"status": status, "retry": retry, "error": f"unexpected {type(error).__name__}"}


def can_be_repeated(error: Exception) -> bool:
    """Say whether the same request could succeed later.

    Args:
        error: What went wrong.

    Returns:
        True if trying again is a remedy.
    """
    return failure_of(error)["retry"] is True


def facts_of_failures(failures: Collection[Exception]) -> Facts:
    """Say what the log should know about failures of single records.

    Args:
        failures: What went wrong with each.

    Returns:
        How many failed with which error, and where the first of those came from that nobody expected; nothing if
        none failed.
    """
    if not failures:
        return {}
    facts: Facts = {"failed": dict(Counter(type(error).__name__ for error in failures))}
    unexpected = [error for error in failures if not isinstance(error, EnvelopeError)]
    if unexpected:
        facts["error"] = failure_facts(unexpected[0])["error"]
    return facts


def log(operation: str, facts: Facts) -> None:
    """Write a log line.

    Args:
        operation: The name of the entry point.
        facts: What the line says. It is a warning if there is an `error`, if single records `failed`, or if there is
            a `warning`.
    """
    is_good = not facts.keys() & {"error", "failed", "warning"}
    _logger.log(logging.INFO if is_good else logging.WARNING, "%s: %s", operation, facts["outcome"], extra=facts)


def served(
    operation: str, work: Callable[[Facts], dict[str, Any]], *, clock: Callable[[], float], facts: Facts
) -> dict[str, Any]:
    """Do the work of an invocation, log it, and raise what went wrong in the form that callers are promised.

    Args:
        operation: The name of the entry point.
        work: What to do. It adds to the facts.
        clock: Seconds, from any beginning.
        facts: What the log line says in any case.

    Returns:
        The answer.

    Raises:
        EnvelopeError: One of its kinds, with the failure as a JSON object for its text and nothing chained behind it.
        RuntimeError: The same for what nobody expected.
    """
    started = clock()
    facts = {"operation": operation, **facts, "outcome": "success"}
    answer: dict[str, Any] = {}
    failure: Exception | None = None
    try:
        answer = work(facts)
    except EnvelopeError as error:
        facts |= failure_facts(error)
        failure = type(error)(json.dumps(failure_of(error)))
    except Exception as error:  # noqa: BLE001  # raised again below, without its text: a library may quote its input
        facts |= failure_facts(error)
        failure = RuntimeError(json.dumps(failure_of(error)))
    facts["duration_ms"] = round((clock() - started) * 1000, 3)
    log(operation, facts)
    if failure is not None:
        # Raised out here, where nothing is being handled: with nothing chained behind it, no traceback shows more.
        raise failure
    return answer
