from typing import Any

import pytest
from botocore.exceptions import ClientError
from ministack.core import iam_evaluator
from ministack.core.iam_evaluator import EvalContext
from ministack.core.responses import request_scope
from ministack.services import s3 as buckets

from local_aws import LocalAws
from local_aws.server.resource_account import owned

resolve = owned(iam_evaluator._resolve_condition_key)
MINE, THEIRS = "111122223333", "444455556666"


def asked_by_me(resource: str) -> EvalContext:
    return EvalContext(
        principal_arn=f"arn:aws:sts::{MINE}:assumed-role/function/session",
        principal_type="AssumedRole",
        principal_account=MINE,
        action="s3:PutObject",
        resource_arn=resource,
        region="eu-central-1",
    )


@pytest.mark.parametrize("key", ["aws:ResourceAccount", "s3:ResourceAccount"])
@pytest.mark.parametrize("owner", [MINE, THEIRS])
def test_a_bucket_is_of_the_account_of_its_owner_whoever_asks(key: str, owner: str) -> None:
    name = f"owned-by-{owner}"
    with request_scope(owner, "eu-central-1"):
        buckets._buckets[name] = {}
        try:
            assert resolve(key, asked_by_me(f"arn:aws:s3:::{name}/in/1")) == owner
        finally:
            del buckets._buckets[name]


def test_other_keys_and_other_resources_are_what_they_were() -> None:
    queue = f"arn:aws:sqs:eu-central-1:{THEIRS}:orders"

    assert resolve("aws:ResourceAccount", asked_by_me(queue)) == THEIRS
    assert resolve("aws:ResourceAccount", asked_by_me("arn:aws:s3:::nobodys/1")) == MINE
    assert resolve("aws:PrincipalAccount", asked_by_me("arn:aws:s3:::nobodys/1")) == MINE


@pytest.mark.deploy
@pytest.mark.parametrize(("owner", "allowed"), [(MINE, True), (THEIRS, False)])
def test_a_statement_about_the_buckets_of_one_account_holds_for_those_alone(
    aws: LocalAws, make_role: Any, owner: str, *, allowed: bool
) -> None:
    name = f"condition-{owner}"
    administrators: Any = aws.session().client("s3")
    administrators.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": aws.region})
    statement = {
        "Effect": "Allow",
        "Action": "s3:PutObject",
        "Resource": f"arn:aws:s3:::{name}/*",
        "Condition": {"StringEquals": {"aws:ResourceAccount": owner}},
    }
    s3 = aws.session(aws.assume(make_role(statement))).client("s3")

    if allowed:
        s3.put_object(Bucket=name, Key="1", Body=b"")
    else:
        with pytest.raises(ClientError, match="AccessDenied"):
            s3.put_object(Bucket=name, Key="1", Body=b"")
