"""TrailBucket: where a trail keeps its log files, and where nobody but CloudTrail writes."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from constructs import Construct

from constructs_lib.actions import CHECK_BUCKET, DELIVER_OBJECTS
from constructs_lib.auditing.access_logs import log_access, own_access_logs
from constructs_lib.auditing.answered_findings import KEPT_IN_ONE_REGION
from constructs_lib.auditing.encrypted_bucket import encrypted_bucket
from constructs_lib.auditing.log_prefix import LOGS
from constructs_lib.auditing.written_by_services import let_only_services_write
from constructs_lib.wiring.findings import PACKS, answer

if TYPE_CHECKING:
    from aws_cdk import aws_kms as kms

    from constructs_lib.auditing.log_life import LogLife

_CLOUDTRAIL = "cloudtrail.amazonaws.com"
# With it the bucket's owner owns the log files; with ACLs turned off S3 takes this one and no other.
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-ownership-error-responses.html
_OWNED_BY_BUCKET = {"s3:x-amz-acl": "bucket-owner-full-control"}


@dataclass(frozen=True, kw_only=True)
class Deliveries:
    """What CloudTrail writes into the bucket of a trail.

    Attributes:
        trail_arn: For which trail.
        folders: Whose log files, as CloudTrail names their folders: accounts and organizations.
        prefix: What stands before them.
    """

    trail_arn: str
    folders: tuple[str, ...]
    prefix: str


class TrailBucket(Construct):
    """A bucket that takes log files from CloudTrail for one trail, over TLS, under a key, and logs who looks at them.

    Nobody of the account writes, changes or deletes a log file, whatever IAM allows, while its policy stands.

    Attributes:
        bucket: The bucket.
        access_logs: Where S3 writes down who uses it.
    """

    bucket: s3.Bucket
    access_logs: s3.IBucket

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        encryption_key: "kms.IKey",
        access_logs: s3.IBucket | None,
        life: "LogLife",
        deliveries: Deliveries,
    ) -> None:
        """Define the bucket and its policy.

        Args:
            scope: The construct that owns it.
            construct_id: Name within `scope`.
            encryption_key: The key of the log files.
            access_logs: Where S3 writes down who uses it, or None for a bucket of its own.
            life: How long log files are kept.
            deliveries: What CloudTrail writes.
        """
        super().__init__(scope, construct_id)
        self.bucket = encrypted_bucket(
            self,
            "Resource",
            encryption_key=encryption_key,
            lifecycle_rules=life.rules(),
            locked_for=life.default_retention,
        )
        self.access_logs = access_logs if access_logs is not None else own_access_logs(self, kept_days=life.kept_days)
        log_access(self.bucket, into=self.access_logs)
        let_only_services_write(self.bucket)
        if life.lock is not None:
            self._tell_what_a_lock_leaves(encryption_key)
        self._admit(deliveries)
        self.policy.apply_removal_policy(cdk.RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE)  # as long as what it guards
        answer(self.bucket, {f"{pack}-S3BucketReplicationEnabled": KEPT_IN_ONE_REGION for pack in PACKS})

    @property
    def policy(self) -> s3.BucketPolicy:
        """What must be there before CloudTrail looks whether it may write."""
        policy = self.bucket.policy
        assert policy is not None  # noqa: S101  # written by `_admit`
        return policy

    def _tell_what_a_lock_leaves(self, encryption_key: "kms.IKey") -> None:
        cdk.Annotations.of(self).add_info_v2(
            "cdk-key-management:object-lock-leaves",
            f"object_lock keeps log files, and not readable: whoever may delete {encryption_key.node.path} makes them "
            "unreadable for good. s3:PutBucketObjectLockConfiguration takes the lock from files that come later, and a "
            "delete marker hides a file until it is deleted. KeyWatch tells of such calls, guards can forbid the first",
        )

    def _admit(self, deliveries: Deliveries) -> None:
        # https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html
        for_trail = {"aws:SourceArn": deliveries.trail_arn}
        service = iam.ServicePrincipal(_CLOUDTRAIL)
        files = [self.bucket.arn_for_objects(f"{deliveries.prefix}{LOGS}{folder}/*") for folder in deliveries.folders]
        for sid, actions, resources, conditions in (
            ("CloudTrailChecksBucket", CHECK_BUCKET, [self.bucket.bucket_arn], for_trail),
            ("CloudTrailWritesLogFiles", DELIVER_OBJECTS, files, {**_OWNED_BY_BUCKET, **for_trail}),
        ):
            self.bucket.add_to_resource_policy(
                iam.PolicyStatement(
                    sid=sid,
                    principals=[service],
                    actions=list(actions),
                    resources=resources,
                    conditions={"StringEquals": conditions},
                )
            )
