"""What CloudTrail demands before it makes or changes a trail: a bucket, a key and a log group that let it write.

https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_CreateTrail.html#API_CreateTrail_Errors
"""

from collections.abc import Mapping
from typing import Any

from ministack.core import iam_evaluator
from ministack.core.responses import get_account_id, request_scope
from ministack.services import cloudwatch_logs, kms, s3

from local_aws.server.at_rest.stored_data import StoredData
from local_aws.server.trails import log_file, log_group

_Trail = Mapping[str, Any]


class TrailError(Exception):
    """A refusal by CloudTrail, with its error code."""

    def __init__(self, code: str, message: str) -> None:
        """Keep the code beside the message."""
        super().__init__(message)
        self.code = code


def check(trail: _Trail) -> None:
    """Check a trail as it is going to be.

    Args:
        trail: The parameters of `CreateTrail`, with `TrailARN`.

    Raises:
        TrailError: If CloudTrail could not deliver.
    """
    if trail.get("IsOrganizationTrail") and not iam_evaluator._principal_org_id(get_account_id()):
        raise TrailError("OrganizationsNotInUseException", "The account is not a member of an organization.")
    _check_bucket(trail)
    _check_key(trail)
    _check_log_group(trail)


def _check_bucket(trail: _Trail) -> None:
    bucket = trail.get("S3BucketName", "")
    if bucket not in s3._buckets:
        raise TrailError("S3BucketDoesNotExistException", f"S3 bucket {bucket} does not exist!")
    if not log_file.may_read_acl(trail) or not log_file.may_put(trail, f"{log_file.folder(trail)}/"):
        raise TrailError(
            "InsufficientS3BucketPolicyException", f"Incorrect S3 bucket policy is detected for bucket: {bucket}"
        )


def _check_key(trail: _Trail) -> None:
    key_id = trail.get("KmsKeyId")
    if not key_id:
        return
    bucket = trail["S3BucketName"]
    with request_scope(get_account_id(), log_file.bucket_region(trail)):
        key = kms._resolve_key(key_id)
        if key is None:
            raise TrailError("KmsKeyNotFoundException", f"KMS key {key_id} is not in the Region of bucket {bucket}.")
        if not key["Enabled"]:
            raise TrailError("KmsKeyDisabledException", f"KMS key {key_id} is disabled.")
        if not _is_key_open(trail):
            raise TrailError(
                "InsufficientEncryptionPolicyException",
                f"Insufficient permissions to access S3 bucket {bucket} or KMS key {key_id}.",
            )


def _is_key_open(trail: _Trail) -> bool:
    """Ask for the key's description, for a data key, and, where the bucket has a Bucket Key, for decryption."""
    needed = ("DescribeKey", "Decrypt") if log_file.has_bucket_key(trail) else ("DescribeKey",)
    data = StoredData(service="s3", key_id=trail["KmsKeyId"], encryption_context={})
    described = data.admits_service(log_file.CLOUDTRAIL, needed, sent={"aws:SourceArn": trail["TrailARN"]})
    return described and log_file.may_encrypt(trail, f"{log_file.folder(trail)}/")


def _check_log_group(trail: _Trail) -> None:
    group, role = trail.get("CloudWatchLogsLogGroupArn"), trail.get("CloudWatchLogsRoleArn")
    if not group and not role:
        return
    if not group or log_group.group_name(trail) not in cloudwatch_logs._log_groups:
        raise TrailError(
            "InvalidCloudWatchLogsLogGroupArnException", "CloudTrail cannot validate the specified log group ARN."
        )
    region = trail["TrailARN"].split(":")[3]
    refused = log_group.refusal_of_role(trail, region)
    if refused is not None:
        raise TrailError(
            "InvalidCloudWatchLogsRoleArnException", f"Access denied. Check the permissions for your role. {refused}"
        )
