"""A bucket of the record: encrypted, of one owner, versioned, kept when the stack goes, reached over TLS alone."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_s3 as s3

if TYPE_CHECKING:
    from aws_cdk import aws_kms as kms
    from constructs import Construct


def encrypted_bucket(
    scope: "Construct",
    construct_id: str,
    *,
    encryption_key: "kms.IKey",
    lifecycle_rules: Sequence[s3.LifecycleRule],
    locked_for: s3.ObjectLockRetention | None = None,
) -> s3.Bucket:
    """Define a bucket under a key, with an S3 Bucket Key, so that requests to KMS are few.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-key.html

    Args:
        scope: The construct that owns it.
        construct_id: Its name there.
        encryption_key: Its key.
        lifecycle_rules: How long objects stay.
        locked_for: For how long nobody deletes an object. Default: no Object Lock.
    """
    return s3.Bucket(
        scope,
        construct_id,
        encryption=s3.BucketEncryption.KMS,
        encryption_key=encryption_key,
        bucket_key_enabled=True,
        versioned=True,
        enforce_ssl=True,
        block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
        object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
        removal_policy=cdk.RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
        lifecycle_rules=list(lifecycle_rules),
        object_lock_enabled=True if locked_for else None,
        object_lock_default_retention=locked_for,
    )
