import itertools
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local_aws import LocalAws
from tests.support.iam_statement import allow
from tests.support.trail_scene import document

pytestmark = pytest.mark.deploy

_number = itertools.count(1)


def _bucket(s3: Any, said: str, region: str) -> str:
    name = f"for-services-{next(_number)}"
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": region})
    denied = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:PutObject",
        "Resource": f"arn:aws:s3:::{name}/*",
        "Condition": {"Bool": {"aws:PrincipalIsAWSService": said}},
    }
    s3.put_bucket_policy(Bucket=name, Policy=document([denied]))
    return name


@pytest.mark.parametrize("is_user", [True, False], ids=["a user", "a role"])
def test_a_person_says_with_each_request_that_it_is_not_of_a_service(aws: LocalAws, *, is_user: bool) -> None:
    user: Any = aws.session()
    role: Any = aws.session(aws.assume(aws.create_role(f"writer-{next(_number)}", allow("s3:*"))))
    administrator, person = user.client("s3"), (user if is_user else role).client("s3")

    person.put_object(Bucket=_bucket(administrator, "true", aws.region), Key="written", Body=b"")

    with pytest.raises(ClientError, match="AccessDenied"):
        person.put_object(Bucket=_bucket(administrator, "false", aws.region), Key="refused", Body=b"")
