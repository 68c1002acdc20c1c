import hashlib
from typing import Any

import pytest

from local_aws import LocalAws

pytestmark = pytest.mark.deploy


@pytest.mark.parametrize("length", [1 << 20, (1 << 20) + 1, 5_000_000], ids=["a slice", "a byte more", "several"])
def test_a_long_answer_arrives_as_it_was(aws: LocalAws, length: int) -> None:
    s3: Any = aws.session().client("s3")
    bucket = f"sliced-{length}"
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": aws.region})
    data = hashlib.shake_128(b"data").digest(length)
    s3.put_object(Bucket=bucket, Key="long", Body=data)

    found = s3.get_object(Bucket=bucket, Key="long", ChecksumMode="ENABLED")

    assert found["ContentLength"] == length
    assert found["Body"].read() == data
    assert s3.head_object(Bucket=bucket, Key="long")["ContentLength"] == length
