"""A range comes out of any version of an object, as out of the current one."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from local_aws import LocalAws
from tests.support.stack_operation import error_code


def test_a_version_gives_ranges(aws: LocalAws) -> None:
    s3 = aws.session().client("s3")
    location: Any = {"LocationConstraint": aws.region}
    s3.create_bucket(Bucket="version-ranges", CreateBucketConfiguration=location)
    s3.put_bucket_versioning(Bucket="version-ranges", VersioningConfiguration={"Status": "Enabled"})
    first = s3.put_object(Bucket="version-ranges", Key="key", Body=b"0123456789")["VersionId"]
    s3.put_object(Bucket="version-ranges", Key="key", Body=b"newer")

    part = s3.get_object(Bucket="version-ranges", Key="key", VersionId=first, Range="bytes=2-4")
    current = s3.get_object(Bucket="version-ranges", Key="key", Range="bytes=2-4")

    assert (part["Body"].read(), part["ContentRange"], part["ContentLength"]) == (b"234", "bytes 2-4/10", 3)
    assert (current["Body"].read(), current["ContentRange"]) == (b"wer", "bytes 2-4/5")
    with pytest.raises(ClientError) as refused:
        s3.get_object(Bucket="version-ranges", Key="key", VersionId=first, Range="bytes=10-12")
    assert error_code(refused.value) == "InvalidRange"
