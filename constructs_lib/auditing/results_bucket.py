"""Where the answers to queries are: for some days, under a key, and with its use logged."""

from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_s3 as s3

from constructs_lib.auditing.access_logs import log_access, own_access_logs
from constructs_lib.auditing.answered_query_findings import SHORT_LIVED
from constructs_lib.auditing.encrypted_bucket import encrypted_bucket
from constructs_lib.wiring.findings import PACKS, answer

if TYPE_CHECKING:
    from aws_cdk import aws_kms as kms
    from constructs import Construct

RESULTS = "results/"
# Who read an answer is of interest longer than the answer.
_ACCESS_LOGS_DAYS = 365
_A_DAY = cdk.Duration.days(1)


def results_bucket(
    scope: "Construct", *, encryption_key: "kms.IKey", access_logs: s3.IBucket | None, kept_days: int
) -> s3.Bucket:
    """Define the bucket of results.

    Args:
        scope: The construct that owns it.
        encryption_key: The key of the results.
        access_logs: Where S3 writes down who uses it, or None for a bucket of its own.
        kept_days: For how many days a result is kept.
    """
    rule = s3.LifecycleRule(
        id="Results",
        expiration=cdk.Duration.days(kept_days),
        noncurrent_version_expiration=_A_DAY,
        abort_incomplete_multipart_upload_after=_A_DAY,
    )
    bucket = encrypted_bucket(scope, "Results", encryption_key=encryption_key, lifecycle_rules=[rule])
    log_access(bucket, into=access_logs or own_access_logs(scope, kept_days=max(kept_days, _ACCESS_LOGS_DAYS)))
    answer(bucket, {f"{pack}-S3BucketReplicationEnabled": SHORT_LIVED for pack in PACKS})
    return bucket
