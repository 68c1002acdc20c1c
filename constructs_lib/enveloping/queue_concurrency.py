"""How many invocations Lambda may run at once for a queue, against what the function may have."""

from constructs_lib.errors import ConfigurationError
from constructs_lib.functions.checked_values import check_count

# https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
CONCURRENCY = range(2, 1001)
"""How many invocations Lambda may be told to run at once for a queue."""


def check_concurrency(argument: str, max_concurrency: int | None, reserved: int | None) -> None:
    """Refuse how many invocations Lambda may run at once for a queue, where the function could not have as many.

    What Lambda takes from a queue for a function that is throttled goes back unworked, and counts as a try.
    https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html

    Args:
        argument: What a refusal calls it.
        max_concurrency: How many, or None for as many as Lambda finds good.
        reserved: How many the function has at most, or None for what is left in the account.

    Raises:
        ConfigurationError: If it is out of range, or more than the function has.
    """
    most = check_count(argument, max_concurrency, CONCURRENCY)
    if most is not None and reserved is not None and reserved < most:
        raise ConfigurationError(
            f"reserved_concurrency must be at least {argument}, which is {most}, or what Lambda takes from the queue "
            f"beyond it is throttled and counts as a try, got {reserved}"
        )
