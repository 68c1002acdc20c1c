"""What it takes to read log files, and how an IAM policy and a bucket's say it."""

import pytest
from aws_cdk import aws_iam as iam

from constructs_lib.auditing.log_file_access import Access, log_file_access
from constructs_lib.auditing.seen_from import Seen

READER = "arn:aws:iam::444455556666:role/Auditor"
BELOW = {"StringLike": {"s3:prefix": "main/AWSLogs/*"}}


@pytest.fixture(scope="module")
def accesses() -> dict[str, Access]:
    bucket = Seen(arn="arn:aws:s3:::logs", conditions={})
    return {each.sid: each for each in log_file_access(bucket, "main/AWSLogs/")}


def test_log_files_are_read_and_listed_below_their_folder(accesses: dict[str, Access]) -> None:
    assert [each.in_iam().to_statement_json() for each in accesses.values()] == [
        {
            "Sid": "ReadsLogFiles",
            "Effect": "Allow",
            "Action": "s3:GetObject",
            "Resource": "arn:aws:s3:::logs/main/AWSLogs/*",
        },
        {
            "Sid": "ListsLogFiles",
            "Effect": "Allow",
            "Action": "s3:ListBucket",
            "Resource": "arn:aws:s3:::logs",
            "Condition": BELOW,
        },
    ]


def test_beside_a_bucket_several_readers_may_have_the_same_so_it_has_no_name(accesses: dict[str, Access]) -> None:
    said = accesses["ListsLogFiles"].beside(iam.ArnPrincipal(READER)).to_statement_json()

    assert said == {
        "Effect": "Allow",
        "Principal": {"AWS": READER},
        "Action": "s3:ListBucket",
        "Resource": "arn:aws:s3:::logs",
        "Condition": BELOW,
    }
