"""Access logs: who read and deleted in the bucket of a trail, as S3 itself writes it down."""

from typing import TYPE_CHECKING, cast

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3

from constructs_lib.actions import DELIVER_OBJECTS
from constructs_lib.auditing.answered_findings import KEPT_IN_ONE_REGION, SSE_S3
from constructs_lib.auditing.log_life import NONCURRENT, UNFINISHED
from constructs_lib.auditing.written_by_services import let_only_services_write
from constructs_lib.errors import ConfigurationError
from constructs_lib.wiring.findings import PACKS, answer
from constructs_lib.wiring.given_resources import check_bucket
from constructs_lib.wiring.places import are_apart

if TYPE_CHECKING:
    from constructs import Construct

_LOGGING = "logging.s3.amazonaws.com"


def check_access_logs(scope: "Construct", given: s3.IBucket) -> None:
    """Refuse a bucket into which S3 would not write the access logs of one that is here.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html

    Args:
        scope: Where the bucket of the trail is.
        given: The bucket for access logs.

    Raises:
        ConfigurationError: If it is none, is of another Region or account, is encrypted under a key of KMS, or locks
            what is written into it.
    """
    check_bucket("access_logs", given)
    stack = cdk.Stack.of(scope)
    for of, here, there in (
        ("Region", stack.region, given.env.region),
        ("account", stack.account, given.env.account),
    ):
        if are_apart(here, there):
            raise ConfigurationError(
                f"access_logs must be in {here}, the {of} of the trail, got {given.node.path} in {there}"
            )
    if given.encryption_key is not None:
        raise ConfigurationError(
            "access_logs must be encrypted by S3 (SSE-S3), since S3 delivers no access logs under a key of KMS, got "
            f"{given.node.path} under {given.encryption_key.node.path}"
        )
    resource = given.node.default_child
    if isinstance(resource, s3.CfnBucket) and resource.object_lock_configuration is not None:
        raise ConfigurationError(
            "access_logs must have no default retention of Object Lock, with which S3 delivers no access logs, got "
            f"{given.node.path}"
        )


def own_access_logs(scope: "Construct", *, kept_days: int) -> s3.Bucket:
    """Define a bucket for access logs that nobody of the account writes into or deletes from.

    S3 delivers no access logs under a key of KMS, so that this bucket has none: whoever IAM lets read objects reads who
    asked for which log file, when and from where. What the log files say is not in it.
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/LogFormat.html

    Args:
        scope: Who owns it.
        kept_days: After how many days access logs expire.
    """
    bucket = s3.Bucket(
        scope,
        "AccessLogs",
        encryption=s3.BucketEncryption.S3_MANAGED,
        enforce_ssl=True,
        block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
        object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
        versioned=True,
        removal_policy=cdk.RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
        lifecycle_rules=[
            s3.LifecycleRule(
                id="AccessLogs",
                expiration=cdk.Duration.days(kept_days),
                noncurrent_version_expiration=NONCURRENT,
                abort_incomplete_multipart_upload_after=UNFINISHED,
            )
        ],
    )
    let_only_services_write(bucket)
    answer(
        bucket,
        {
            **{f"{pack}-S3BucketReplicationEnabled": KEPT_IN_ONE_REGION for pack in PACKS},
            **{f"{pack}-S3DefaultEncryptionKMS": SSE_S3 for pack in PACKS},
        },
    )
    return bucket


def log_access(bucket: s3.Bucket, *, into: s3.IBucket) -> None:
    """Have S3 write down who uses a bucket.

    The CDK writes this policy by a feature flag, and without conditions where the buckets are in two stacks.

    Args:
        bucket: Whose use is logged.
        into: The bucket for access logs.
    """
    stack = cdk.Stack.of(bucket)
    prefix = f"{bucket.node.path}/"
    cast("s3.CfnBucket", bucket.node.default_child).logging_configuration = s3.CfnBucket.LoggingConfigurationProperty(
        destination_bucket_name=into.bucket_name, log_file_prefix=prefix
    )
    conditions = {"StringEquals": {"aws:SourceAccount": stack.account}}
    if cdk.Stack.of(into) == stack:  # in another one the two stacks would wait for each other
        conditions["ArnLike"] = {"aws:SourceArn": bucket.bucket_arn}
    added = into.add_to_resource_policy(
        iam.PolicyStatement(
            sid=f"AccessLogsOf{cdk.Names.unique_resource_name(bucket, max_length=40, separator='')}",
            principals=[iam.ServicePrincipal(_LOGGING)],
            actions=list(DELIVER_OBJECTS),
            resources=[into.arn_for_objects(f"{prefix}*")],
            conditions=conditions,
        )
    )
    if not added.statement_added:
        cdk.Annotations.of(bucket).add_warning_v2(
            "cdk-key-management:access-logs-not-admitting",
            f"the policy of access_logs cannot be written from here; its owner must allow {_LOGGING} "
            f"{DELIVER_OBJECTS[0]} below {prefix!r} under the condition aws:SourceAccount, or no access logs arrive",
        )
