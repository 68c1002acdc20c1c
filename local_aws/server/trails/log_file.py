"""A trail's log file: where it lies, what it holds, and the decisions before CloudTrail may write it.

https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-examples.html
https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html
"""

import base64
import gzip
import json
import secrets
import string
import time
from collections.abc import Mapping, Sequence
from typing import Any

from ministack.core import iam_evaluator
from ministack.core.responses import get_account_id, request_scope
from ministack.services import s3

from local_aws.server.at_rest.objects import CONTEXT
from local_aws.server.at_rest.stored_data import StoredData
from local_aws.server.service_principal import is_admitted

CLOUDTRAIL = "cloudtrail.amazonaws.com"
"""The principal of CloudTrail."""

_ACL = "bucket-owner-full-control"
_RANDOM = string.ascii_letters + string.digits


def folder(trail: Mapping[str, Any]) -> str:
    """Return the folder of a trail's files, with the organization's id if it logs an organization."""
    account, prefix = get_account_id(), trail.get("S3KeyPrefix")
    organization = iam_evaluator._principal_org_id(account) if trail.get("IsOrganizationTrail") else None
    return "/".join(part for part in (prefix, "AWSLogs", organization, account) if part)


def write(trail: Mapping[str, Any], region: str, records: Sequence[Mapping[str, Any]]) -> str | None:
    """Write one log file; the answer is the error code of S3 if it is refused.

    Args:
        trail: ministack's record of the trail.
        region: The Region of the events.
        records: The events.
    """
    now, account = time.gmtime(), get_account_id()
    end = "".join(secrets.choice(_RANDOM) for _ in range(16))
    name = f"{account}_CloudTrail_{region}_{time.strftime('%Y%m%dT%H%MZ', now)}_{end}.json.gz"
    key = f"{folder(trail)}/CloudTrail/{region}/{time.strftime('%Y/%m/%d', now)}/{name}"
    bucket = trail["S3BucketName"]
    if bucket not in s3._buckets:
        return "NoSuchBucket"
    if not may_put(trail, key) or not may_encrypt(trail, key):
        return "AccessDenied"
    content = gzip.compress(json.dumps({"Records": records}).encode())
    status, _, _ = s3._put_object(bucket, key, content, _headers(trail))
    return None if status < 400 else "AccessDenied"  # noqa: PLR2004  # HTTP's own boundary


def may_read_acl(trail: Mapping[str, Any]) -> bool:
    """Say whether the bucket's policy lets CloudTrail read the bucket's ACL, as it does before it writes."""
    return _is_admitted(trail, "s3:GetBucketAcl", f"arn:aws:s3:::{trail['S3BucketName']}", {})


def may_put(trail: Mapping[str, Any], key: str) -> bool:
    """Say whether the bucket's policy lets CloudTrail write an object."""
    sent = {"s3:x-amz-acl": _ACL} | {f"s3:{name}": value for name, value in _encryption(trail).items()}
    return _is_admitted(trail, "s3:PutObject", f"arn:aws:s3:::{trail['S3BucketName']}/{key}", sent)


def may_encrypt(trail: Mapping[str, Any], key: str) -> bool:
    """Say whether the key, the trail's or else the bucket's own, lets CloudTrail encrypt an object.

    CloudTrail gives the trail's ARN as encryption context, and S3 adds the object's; where there is an S3 Bucket Key,
    its context is the bucket's ARN alone. AWS does not say whether the trail's is left then: the stricter answer is no.
    https://docs.aws.amazon.com/kms/latest/developerguide/services-cloudtrail.html
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html#encryption-context
    """
    bucket = f"arn:aws:s3:::{trail['S3BucketName']}"
    context = (
        {"aws:s3:arn": bucket}
        if has_bucket_key(trail)
        else {"aws:cloudtrail:arn": trail["TrailARN"], "aws:s3:arn": f"{bucket}/{key}"}
    )
    default = s3._bucket_default_sse_headers(trail["S3BucketName"]).get("x-amz-server-side-encryption-aws-kms-key-id")
    key_id = trail.get("KmsKeyId") or default or ""
    data = StoredData(service="s3", key_id=key_id, encryption_context=context)
    with request_scope(get_account_id(), bucket_region(trail)):
        return data.admits_service(CLOUDTRAIL, ("GenerateDataKey",), sent={"aws:SourceArn": trail["TrailARN"]})


def bucket_region(trail: Mapping[str, Any]) -> str:
    """Return the Region of the bucket, where its key has to be."""
    return str(s3._buckets[trail["S3BucketName"]].get("region") or trail["TrailARN"].split(":")[3])


def has_bucket_key(trail: Mapping[str, Any]) -> bool:
    """Say whether the bucket has an S3 Bucket Key."""
    raw = s3._bucket_encryption.get(trail["S3BucketName"]) or b""
    return b"<BucketKeyEnabled>true" in (raw.encode() if isinstance(raw, str) else bytes(raw))


def _is_admitted(trail: Mapping[str, Any], action: str, resource: str, sent: Mapping[str, str]) -> bool:
    policy = s3._bucket_policies.get(trail["S3BucketName"])
    keys = {"aws:SourceArn": trail["TrailARN"], **sent}
    return is_admitted(policy, service=CLOUDTRAIL, action=action, resource=resource, keys=keys)


def _encryption(trail: Mapping[str, Any]) -> dict[str, str]:
    if not trail.get("KmsKeyId"):
        return {}
    name = "x-amz-server-side-encryption"
    return {name: "aws:kms", f"{name}-aws-kms-key-id": trail["KmsKeyId"]}


def _headers(trail: Mapping[str, Any]) -> dict[str, str]:
    context = json.dumps({"aws:cloudtrail:arn": trail["TrailARN"]})
    return {
        CONTEXT: base64.b64encode(context.encode()).decode(),
        "content-type": "application/json",
        "content-encoding": "gzip",
        "x-amz-acl": _ACL,
        **_encryption(trail),
    }
