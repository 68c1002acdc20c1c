"""Who may not list a bucket does not learn that an object is missing: S3 refuses, as if it might be there.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html: ministack tells everybody.
"""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, TypeAlias

from ministack.core import iam_evaluator
from ministack.services import s3

from local_aws.server.caller import caller
from local_aws.server.decision import Question, refusal

_Response: TypeAlias = tuple[int, dict[str, str], bytes]


def extend() -> None:
    """Stand behind the operations that read an object."""
    s3._get_object = _discreet(s3._get_object)
    s3._head_object = _discreet(s3._head_object)


def _discreet(read: Callable[..., _Response]) -> Callable[..., _Response]:
    def answer(bucket: str, key: str, *rest: Any) -> _Response:  # noqa: ANN401  # ministack's own signature
        found = read(bucket, key, *rest)
        if found[0] != HTTPStatus.NOT_FOUND or bucket not in s3._buckets or not iam_evaluator._verified_key.get():
            return found
        refused = refusal(Question(action="s3:ListBucket", resource=f"arn:aws:s3:::{bucket}"), caller())
        if refused is None:
            return found
        response: _Response = s3._error("AccessDenied", refused, HTTPStatus.FORBIDDEN, f"/{bucket}/{key}")
        return response

    return answer
