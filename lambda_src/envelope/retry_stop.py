"""How a client of AWS is kept from asking again: what botocore thinks of it, and how it is overruled."""

from typing import Any, Final

from botocore.exceptions import ClientError

_ERROR_STATUS: Final = 300


def is_success(response: tuple[Any, Any] | None) -> bool:
    """Say whether there is nothing to ask again for.

    Args:
        response: What botocore gives to its `needs-retry` handlers: the response of HTTP and what was understood of it;
            None if there was none.

    Returns:
        True if the service did what it was asked for.

    Examples:
        >>> is_success(None)
        False
    """
    return response is not None and response[0].status_code < _ERROR_STATUS


def stop(response: tuple[Any, Any] | None, caught_exception: Exception | None, operation_name: str) -> None:
    """Raise what the client would raise if it had no attempt left.

    There is no answer of a handler that every version of botocore takes for "do not retry".

    Args:
        response: What botocore gives to its `needs-retry` handlers.
        caught_exception: The same; one of the two is there.
        operation_name: The operation.

    Raises:
        Exception: What was caught.
        ClientError: If the service answered with an error.
    """
    if caught_exception is not None:
        raise caught_exception
    if response is not None:
        raise ClientError(response[1], operation_name)
