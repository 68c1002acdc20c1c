"""Data Firehose: encrypted delivery streams, and delivery into encrypted buckets."""

from constructs_lib.actions import DECRYPT, GENERATE_DATA_KEY
from constructs_lib.principals import short_digest
from constructs_lib.service_access.resource_names import BUCKET, OBJECT_PREFIX, checked_region
from constructs_lib.service_access.service_use import (
    PARTITION,
    REGION,
    Allowance,
    ServiceUse,
    both,
    in_context,
    via,
)

_GUIDE = "https://docs.aws.amazon.com/firehose/latest/dev/"


def encrypt_stream() -> ServiceUse:
    """Encrypt delivery streams: Firehose lives on a grant that the creator makes.

    https://docs.aws.amazon.com/firehose/latest/dev/encryption.html
    """
    return ServiceUse(title="Firehose: a delivery stream", page=f"{_GUIDE}encryption.html", creator="firehose")


def deliver_to_bucket(*, bucket_name: str, prefix: str = "", region: str = REGION) -> ServiceUse:
    """Let the role of a delivery stream write into an encrypted bucket that has no S3 Bucket Key.

    https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html

    Args:
        bucket_name: Name of the bucket, or a pattern of it.
        prefix: How the names of the objects begin; by default anyhow.
        region: Region of the bucket.

    Raises:
        ConfigurationError: If the name, the prefix or the Region is none.
    """
    bucket = BUCKET.check_pattern("bucket_name", bucket_name)
    if prefix:
        OBJECT_PREFIX.check("prefix", prefix)
    conditions = both(
        via("s3", checked_region("region", region)),
        in_context("aws:s3:arn", f"arn:{PARTITION}:s3:::{bucket}/{prefix}*"),
    )
    return ServiceUse(
        title="Firehose: delivery into a bucket",
        page=f"{_GUIDE}controlling-access.html",
        running=(
            Allowance(
                sid=f"Deliveries{short_digest(conditions)}",
                actions=(*DECRYPT, *GENERATE_DATA_KEY),
                conditions=conditions,
            ),
        ),
    )
