"""The batch forms of the operations of SQS and SNS need the permission of the single ones and have none of their own.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-api-permissions-reference.html
https://docs.aws.amazon.com/sns/latest/api/API_PublishBatch.html
"""

from collections.abc import Callable
from typing import Any

from ministack.core import iam_actions


def extend() -> None:
    """Ask for the permission that AWS asks for."""
    iam_actions.extract_iam_action = _single(iam_actions.extract_iam_action)


def _single(extract: Callable[..., str | None]) -> Callable[..., str | None]:
    def action(service: str, *rest: Any) -> str | None:  # noqa: ANN401  # ministack's own signature
        found = extract(service, *rest)
        return found.removesuffix("Batch") if found is not None and service in {"sqs", "sns"} else found

    return action
