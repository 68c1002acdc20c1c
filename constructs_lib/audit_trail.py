"""AuditTrail: every call of an account or an organization on record, where nobody changes it unseen."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_cloudtrail as cloudtrail
from aws_cdk import aws_logs as logs
from constructs import Construct

from constructs_lib.auditing.access_logs import check_access_logs
from constructs_lib.auditing.data_events import DataEvents, check_data_events, event_selectors
from constructs_lib.auditing.insight import Insight, check_insights
from constructs_lib.auditing.key_of_trail import check_keys_of_trail
from constructs_lib.auditing.log_copy import LogCopy
from constructs_lib.auditing.log_life import THREE_MONTHS, LogLife
from constructs_lib.auditing.log_prefix import check_prefix
from constructs_lib.auditing.named_readers import check_readers
from constructs_lib.auditing.organization_of_trail import check_organization_id
from constructs_lib.auditing.record_scope import check_scope
from constructs_lib.auditing.trail_bucket import Deliveries, TrailBucket
from constructs_lib.auditing.trail_name import check_trail_name, claim_trail_name
from constructs_lib.auditing.trail_readers import TrailFiles
from constructs_lib.guardrails.plugin import guard_app
from constructs_lib.key_settings import check_choice
from constructs_lib.service_access.cloudtrail import write_logs_with_bucket_key
from constructs_lib.wiring.recorded_trail import TrailReach
from constructs_lib.wiring.transport_keys import let_service

if TYPE_CHECKING:
    from aws_cdk import aws_iam as iam
    from aws_cdk import aws_kms as kms
    from aws_cdk import aws_s3 as s3

    from constructs_lib.auditing.object_lock import ObjectLock

# What the longest of the common rules asks for: the seven years of 17 CFR 210.2-06, beside six of HIPAA and one of PCI
# DSS. Who learns too late that it was too short cannot get it back, and cold log files cost little.
SEVEN_YEARS = cdk.Duration.days(2557)


class AuditTrail(Construct):
    """A trail that records each call that manages an account, in every Region: all calls to KMS are among them.

    Log files are validated by digests, encrypted under `encryption_key`, and kept in a bucket of their own, into which
    only CloudTrail writes, and only for this trail. A copy in CloudWatch Logs, under `operations_key`, is what alarms
    count in. Bucket, access logs and log group stay when the stack goes. `docs/audit-trail.md` says what each choice
    means, also for an organization.

    CloudTrail has one copy of management events for free in each account; a second trail is paid for.
    https://aws.amazon.com/cloudtrail/pricing/

    It is a `RecordedTrail`: what reads trails takes it as it is. A trail that is there already, such as that of Control
    Tower, is read by `ExistingTrail`.

    Attributes:
        trail: The trail itself.
        trail_name: Its name.
        trail_arn: Its ARN, which policies hold before the trail is there.
        home_region: The Region of the stack.
        home_account: The account of the stack.
        reach: Every Region.
        organization_id: The organization whose accounts it records; None for its own account alone.
        bucket: Where its log files are.
        encryption_key: Their key.
        prefix: What stands before `AWSLogs/` in their keys, with a slash at its end, or nothing.
        log_group: The copy in CloudWatch Logs.
        log_role: The role in which CloudTrail writes there.
        access_logs: Where S3 writes down who uses the bucket.
        readers_policy: What readers of this stack and imported ones of the account may do; None if there are none.
            Roles and users of other stacks have theirs beside them.

    Examples:
        >>> from aws_cdk import aws_kms as kms
        >>> stack = cdk.Stack(cdk.App(), "Audit")
        >>> trail = AuditTrail(
        ...     stack,
        ...     "Trail",
        ...     trail_name="audit",
        ...     encryption_key=kms.Key(stack, "LogKey"),
        ...     operations_key=kms.Key(stack, "OperationsKey"),
        ... )
        >>> trail.reach.value
        'every Region'
    """

    trail: cloudtrail.CfnTrail
    trail_name: str
    trail_arn: str
    home_region: str
    home_account: str
    reach: TrailReach
    organization_id: str | None
    bucket: "s3.IBucket"
    encryption_key: "kms.IKey"
    prefix: str
    log_group: logs.ILogGroup
    log_role: "iam.Role"
    access_logs: "s3.IBucket"
    readers_policy: "iam.ManagedPolicy | None"

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        trail_name: str,
        encryption_key: "kms.IKey",
        operations_key: "kms.IKey",
        access_logs: "s3.IBucket | None" = None,
        organization_id: str | None = None,
        data_events: Sequence[DataEvents] = (),
        insights: Sequence[Insight] = (),
        readers: "Sequence[iam.IGrantable]" = (),
        prefix: str = "",
        kept_for: cdk.Duration = SEVEN_YEARS,
        colder_after: cdk.Duration | None = THREE_MONTHS,
        object_lock: "ObjectLock | None" = None,
        log_group_retention: logs.RetentionDays = logs.RetentionDays.ONE_YEAR,
    ) -> None:
        """Define the trail, its bucket and its log group.

        Args:
            scope: The construct that owns them.
            construct_id: Name within `scope`.
            trail_name: The name of the trail, literal: the policies of key and bucket hold it before it is there.
            encryption_key: The symmetric key of the log files, in the Region of the stack.
            operations_key: The symmetric key of the log group, in the Region of the stack. It may be the same one.
            access_logs: Where S3 writes down who uses the bucket: one of the same Region and account, encrypted by S3.
                Default: a bucket of its own.
            organization_id: The organization whose accounts are recorded, in a stack of its management account.
                Default: the stack's account alone.
            data_events: Which calls on data are recorded as well. Default: none.
            insights: Which unusual activity CloudTrail looks for. Default: none.
            readers: Who may read and decrypt log files: not the log group, nor who used the bucket (`access_logs`).
                Readers of `AuditQueries` may read them without being named here. Default: whom IAM and the key policy
                let otherwise.
            prefix: What stands before `AWSLogs/` in the keys of log files, with the slash between them or without it.
                Default: nothing.
            kept_for: After how long log files expire, in whole days; S3 deletes them for good 90 days later. Default:
                seven years.
            colder_after: When those of 128 KB or more move to Glacier Instant Retrieval, or None for never. Default:
                after 90 days.
            object_lock: For how long nobody deletes a log file, whatever becomes of the bucket's policy. Default: not
                at all, but while that policy stands nobody deletes one either.
            log_group_retention: How long the copy is kept: one of the periods that CloudWatch Logs knows, and not a
                duration, of which it takes no other. Default: a year.

        Raises:
            ConfigurationError: If the name is none or taken in this app, a key or the bucket for access logs is in
                another Region or of a kind that does not work, log files would expire while they are locked or before
                they become colder, or a selector, an insight, a reader, an organization or a prefix is none.
        """
        check_scope(scope)
        check_trail_name(trail_name)
        keys = {"encryption_key": encryption_key, "operations_key": operations_key}
        check_keys_of_trail(scope, keys)
        if access_logs is not None:
            check_access_logs(scope, access_logs)
        events, kinds, who = check_data_events(data_events), check_insights(insights), check_readers(readers)
        check_choice("log_group_retention", log_group_retention, logs.RetentionDays)
        life = LogLife.read(kept_for=kept_for, colder_after=colder_after, object_lock=object_lock)
        self.prefix, self.organization_id = check_prefix(prefix), check_organization_id(organization_id)
        self.encryption_key = encryption_key
        claim_trail_name(scope, construct_id, name=trail_name)
        super().__init__(scope, construct_id)
        guard_app(self.node.root)
        self._locate(trail_name)
        self._admit(encryption_key)
        files = self._files(encryption_key, access_logs, life)
        copy = self._copy(operations_key, log_group_retention)
        self.trail = self._trail(encryption_key, events, kinds)
        self.trail.node.add_dependency(files.policy, copy.policy)
        read = TrailFiles(bucket=self.bucket, prefix=self.prefix, encryption_key=encryption_key)
        self.readers_policy = read.let_read(self, who)

    def _locate(self, trail_name: str) -> None:
        stack = cdk.Stack.of(self)
        self.trail_name, self.reach = trail_name, TrailReach.EVERY_REGION
        self.home_region, self.home_account = stack.region, stack.account
        self.trail_arn = stack.format_arn(service="cloudtrail", resource="trail", resource_name=trail_name)

    def _admit(self, key: "kms.IKey") -> None:
        use = write_logs_with_bucket_key(trail_name=self.trail_name)
        let_service(self, key, use, argument="encryption_key", otherwise="CloudTrail does not make the trail")

    def _files(self, key: "kms.IKey", access_logs: "s3.IBucket | None", life: LogLife) -> TrailBucket:
        folders = (self.home_account, *([self.organization_id] if self.organization_id else ()))
        files = TrailBucket(
            self,
            "Files",
            encryption_key=key,
            access_logs=access_logs,
            life=life,
            deliveries=Deliveries(trail_arn=self.trail_arn, folders=folders, prefix=self.prefix),
        )
        self.bucket, self.access_logs = files.bucket, files.access_logs
        return files

    def _copy(self, key: "kms.IKey", retention: logs.RetentionDays) -> LogCopy:
        # https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-required-policy-for-cloudwatch-logs.html
        streams = [f"{self.home_account}_CloudTrail_{self.home_region}"]
        if self.organization_id:
            streams.append(f"{self.organization_id}_")
        copy = LogCopy(self, "Copy", operations_key=key, retention=retention, streams=streams)
        self.log_group, self.log_role = copy.log_group, copy.role
        return copy

    def _trail(
        self, key: "kms.IKey", events: tuple[DataEvents, ...], kinds: tuple[Insight, ...]
    ) -> cloudtrail.CfnTrail:
        return cloudtrail.CfnTrail(
            self,
            "Resource",
            trail_name=self.trail_name,
            is_logging=True,
            is_multi_region_trail=True,
            include_global_service_events=True,
            enable_log_file_validation=True,
            is_organization_trail=self.organization_id is not None,
            s3_bucket_name=self.bucket.bucket_name,
            s3_key_prefix=self.prefix.removesuffix("/") or None,
            kms_key_id=key.key_arn,
            cloud_watch_logs_log_group_arn=self.log_group.log_group_arn,
            cloud_watch_logs_role_arn=self.log_role.role_arn,
            advanced_event_selectors=event_selectors(events, self.bucket.bucket_arn),
            insight_selectors=[cloudtrail.CfnTrail.InsightSelectorProperty(insight_type=kind.value) for kind in kinds]
            or None,
        )
