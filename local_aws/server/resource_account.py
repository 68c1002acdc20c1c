"""The account of a bucket is that of its owner, whoever asks.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-resourceaccount
An ARN of S3 names no account, and ministack takes that of the caller: a bucket of somebody else would seem the caller's own.
"""

from typing import Any

from ministack.core import iam_evaluator
from ministack.core.iam_evaluator import EvalContext
from ministack.services import s3

_KEYS = ("aws:resourceaccount", "s3:resourceaccount")
_BUCKETS = "arn:aws:s3:::"
_resolve_of_ministack = iam_evaluator._resolve_condition_key


def extend() -> None:
    """Look the owner up."""
    iam_evaluator._resolve_condition_key = _resolve


def _resolve(key: str, context: EvalContext) -> Any:  # noqa: ANN401  # ministack's own signature
    if key.lower() in _KEYS and context.resource_arn.startswith(_BUCKETS):
        bucket = context.resource_arn.removeprefix(_BUCKETS).partition("/")[0]
        owner = s3._bucket_owner_account(bucket)
        if owner is not None:
            return owner
    return _resolve_of_ministack(key, context)
