from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local_aws import LocalAws
from tests.support.iam_statement import allow

pytestmark = pytest.mark.deploy


@pytest.mark.parametrize(
    ("permissions", "operation", "code"),
    [
        (("s3:GetObject", "s3:ListBucket"), "get_object", "NoSuchKey"),
        (("s3:GetObject", "s3:ListBucket"), "head_object", "404"),
        (("s3:GetObject",), "get_object", "AccessDenied"),
        (("s3:GetObject",), "head_object", "403"),
    ],
)
def test_only_who_may_list_learns_that_an_object_is_missing(
    aws: LocalAws, make_role: Callable[..., str], permissions: tuple[str, ...], operation: str, code: str
) -> None:
    name = f"missing-{len(permissions)}-{operation.partition('_')[0]}"
    administrators: Any = aws.session().client("s3")
    administrators.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": aws.region})
    s3 = aws.session(aws.assume(make_role(allow(*permissions)))).client("s3")

    with pytest.raises(ClientError) as refused:
        getattr(s3, operation)(Bucket=name, Key="none")

    assert refused.value.response["Error"]["Code"] == code
