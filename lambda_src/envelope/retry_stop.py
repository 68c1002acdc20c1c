"""How a client of AWS is kept from asking again: botocore decides first, and is overruled where there is no time."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from botocore.client import BaseClient
from botocore.exceptions import ClientError

_ERROR_STATUS: Final = 300


@dataclass(frozen=True, slots=True)
class FailedAttempt:
    """An attempt that did not do what was asked for. Its `repr` hides what came of it.

    Attributes:
        operation: The operation, as AWS calls it.
        number: Which attempt it was; the first is 1.
        is_answered: Whether there was an answer, with an error in it.
        exception: What was raised, if there was none.
        context: What botocore remembers from the first attempt to the last.
    """

    operation: str
    number: int
    is_answered: bool
    exception: Exception | None = field(repr=False)
    context: Mapping[str, Any] = field(repr=False)


MayRetry: TypeAlias = Callable[[FailedAttempt], bool]
"""Says whether there may be another attempt."""


def stop_retries(client: BaseClient, may_retry: MayRetry) -> None:
    """Have a client ask again only if botocore would, and this says so too.

    Args:
        client: The client, from now on.
        may_retry: Says whether there may be another attempt.
    """

    def decide(
        *,
        response: tuple[Any, Any] | None,
        caught_exception: Exception | None,
        attempts: int,
        request_dict: Mapping[str, Any],
        operation: Any,  # noqa: ANN401  # a model of botocore, which has no types
        **_: object,
    ) -> None:
        if response is not None and response[0].status_code < _ERROR_STATUS:
            return
        context = request_dict["context"]
        if may_retry(FailedAttempt(operation.name, attempts, response is not None, caught_exception, context)):
            return
        # What the client would raise if it had no attempt left; there is no answer of a handler that every version
        # of botocore takes for "do not retry".
        if caught_exception is not None:
            raise caught_exception
        if response is not None:
            raise ClientError(response[1], operation.name)

    # Last, so that botocore has learned of the failure; its own decision to retry does not hold then.
    client.meta.events.register_last("needs-retry", decide)
