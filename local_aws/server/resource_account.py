"""The account of a bucket is that of its owner, whoever asks.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-resourceaccount
An ARN of S3 names no account, and ministack takes that of the caller: everybody's buckets would seem the caller's own.
"""

from collections.abc import Callable
from typing import Any

from ministack.core import iam_evaluator
from ministack.core.iam_evaluator import EvalContext
from ministack.services import s3

_KEYS = ("aws:resourceaccount", "s3:resourceaccount")
_BUCKETS = "arn:aws:s3:::"


def extend() -> None:
    """Look the owner up."""
    iam_evaluator._resolve_condition_key = owned(iam_evaluator._resolve_condition_key)


def owned(resolve: Callable[[str, EvalContext], Any]) -> Callable[[str, EvalContext], Any]:
    """Return what knows the owners of buckets, and leaves the rest to what was there before.

    Args:
        resolve: Finds the value of a condition key for a request.
    """

    def value(key: str, context: EvalContext) -> Any:  # noqa: ANN401  # text or a list of texts
        if key.lower() in _KEYS and context.resource_arn.startswith(_BUCKETS):
            bucket = context.resource_arn.removeprefix(_BUCKETS).partition("/")[0]
            owner = s3._bucket_owner_account(bucket)
            if owner is not None:
                return owner
        return resolve(key, context)

    return value
