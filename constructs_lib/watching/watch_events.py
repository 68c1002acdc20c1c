"""What happens around the watched keys: to their aliases, to the trail and its bucket, to the roles that may use them.

One rule each for the whole watch: the events name what they happened to.
"""

from collections.abc import Sequence
from typing import Any

from constructs_lib.watching.iam_calls import POLICY_CALLS, ROLE_CALLS
from constructs_lib.watching.messages import Message
from constructs_lib.watching.recorded_calls import call_message
from constructs_lib.wiring.call_pattern import API_CALL, NOT_REFUSED, call_pattern

TRAIL_CALLS = ("StopLogging", "DeleteTrail", "UpdateTrail", "PutEventSelectors", "PutInsightSelectors")
"""What stops a trail or changes what it records."""

BUCKET_CALLS = (
    "DeleteBucket",
    "DeleteBucketEncryption",
    "DeleteBucketLifecycle",
    "DeleteBucketOwnershipControls",
    "DeleteBucketPolicy",
    "DeleteBucketPublicAccessBlock",
    "DeleteBucketReplication",
    "PutBucketAcl",
    "PutBucketEncryption",
    "PutBucketLifecycle",
    "PutBucketLogging",
    "PutBucketObjectLockConfiguration",
    "PutBucketOwnershipControls",
    "PutBucketPolicy",
    "PutBucketPublicAccessBlock",
    "PutBucketReplication",
    "PutBucketVersioning",
)
"""What changes who may read, write and delete the log files in a bucket, and how long they are kept.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/cloudtrail-logging-s3-info.html
"""


def alias_pattern(names: Sequence[str]) -> dict[str, Any]:
    """Return the pattern of calls that make, move or delete aliases.

    Args:
        names: Names of aliases, with their prefix.
    """
    return call_pattern(
        "kms", ("CreateAlias", "UpdateAlias", "DeleteAlias"), {"requestParameters": {"aliasName": list(names)}}
    )


def alias_message() -> Message:
    """Return what is said of them."""
    return call_message(
        "<alias> was moved, made or deleted: <event>",
        section="an-alias-moved",
        facts=(
            "Now it points to: <target>",
            "What it means: whoever uses the key by this name encrypts under another key, or under none",
        ),
        paths={"alias": "$.detail.requestParameters.aliasName", "target": "$.detail.requestParameters.targetKeyId"},
        remedy=(
            "aws kms update-alias --region <region> --alias-name <alias> with the key of the template",
            "aws kms create-alias with the same after DeleteAlias",
        ),
    )


def trail_pattern(*, name: str, arn: str, bucket: str) -> dict[str, Any]:
    """Return the pattern of calls that stop or change a trail, which callers name as they like, or change its bucket.

    Args:
        name: The trail's name.
        arn: Its ARN.
        bucket: The name of the bucket of its log files.
    """
    of_trail = {"eventSource": ["cloudtrail.amazonaws.com"], "eventName": list(TRAIL_CALLS)}
    of_bucket = {"eventSource": ["s3.amazonaws.com"], "eventName": list(BUCKET_CALLS)}
    named = [name, arn]
    return {
        "source": ["aws.cloudtrail", "aws.s3"],
        "detail-type": [API_CALL],
        "detail": {
            **NOT_REFUSED,
            "$or": [
                {**of_trail, "requestParameters": {"name": named}},
                {**of_trail, "requestParameters": {"trailName": named}},
                {**of_bucket, "requestParameters": {"bucketName": [bucket]}},
            ],
        },
    }


def trail_message(name: str) -> Message:
    """Return what is said of them.

    Args:
        name: The trail's name.
    """
    return call_message(
        f"The trail {name}, or the bucket of its log files, was stopped or changed: <event>",
        section="the-trail-was-stopped-or-changed",
        facts=(
            "Bucket: <bucket>",
            "What it means: what happens from now on may be on no record, and this watch may see nothing of it",
            "What it means of the bucket: somebody may read, forge or delete what is on record",
        ),
        paths={"bucket": "$.detail.requestParameters.bucketName"},
        remedy=(
            f"aws cloudtrail start-logging --region <region> --name {name}",
            f"aws cloudtrail get-event-selectors --region <region> --trail-name {name}, to compare with the template",
            "aws cloudformation detect-stack-drift on the stack of the bucket",
        ),
    )


def role_pattern(names: Sequence[str]) -> dict[str, Any]:
    """Return the pattern of calls that change who may take roles, or what these may do.

    IAM tells no names apart by case, so neither does this; that a call may write them otherwise is not documented.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html

    Args:
        names: Names of roles.
    """
    return call_pattern("iam", ROLE_CALLS, {"requestParameters": {"roleName": _in_any_case(names)}})


def policy_pattern(arns: Sequence[str]) -> dict[str, Any]:
    """Return the pattern of calls that change what customer managed policies say.

    Args:
        arns: ARNs of policies.
    """
    return call_pattern("iam", POLICY_CALLS, {"requestParameters": {"policyArn": _in_any_case(arns)}})


def policy_message() -> Message:
    """Return what is said of them."""
    return call_message(
        "The policy <attached>, of roles that may use watched keys, was changed: <event>",
        section="a-watched-role-changed",
        facts=("What it means: these roles may do more, or less",),
        paths={"attached": "$.detail.requestParameters.policyArn"},
        remedy=(
            "aws iam list-policy-versions --policy-arn <attached>, and compare the default version with the template",
            "aws iam set-default-policy-version --policy-arn <attached> if nobody planned this",
        ),
    )


def role_message() -> Message:
    """Return what is said of them."""
    return call_message(
        "The role <role>, which may use watched keys or writes the copy of the trail, was changed: <event>",
        section="a-watched-role-changed",
        facts=(
            "Policy: <policy><attached>",
            "What it means: other people, or people who may do more, have the key; or alarms count nothing any more",
        ),
        paths={
            "role": "$.detail.requestParameters.roleName",
            "policy": "$.detail.requestParameters.policyName",
            "attached": "$.detail.requestParameters.policyArn",
        },
        remedy=(
            "aws iam get-role --role-name <role>, and compare its trust with the template",
            "aws iam list-attached-role-policies --role-name <role> and aws iam list-role-policies --role-name <role>",
        ),
    )


def _in_any_case(names: Sequence[str]) -> list[dict[str, str]]:
    return [{"equals-ignore-case": name} for name in names]
