"""LogLife: how long log files are kept, when they become colder, and how long nobody may delete them."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import aws_cdk as cdk
from aws_cdk import aws_s3 as s3

from constructs_lib.auditing.object_lock import ObjectLock
from constructs_lib.auditing.whole_days import whole_days
from constructs_lib.errors import ConfigurationError
from constructs_lib.wiring.given_resources import spoken

if TYPE_CHECKING:
    from collections.abc import Sequence

# What was overwritten or deleted, which no log file ever is by CloudTrail, can be looked at and taken back this long.
NONCURRENT = cdk.Duration.days(90)
UNFINISHED = cdk.Duration.days(1)
# PCI DSS wants three months at hand at once, which these are in any class; and colder classes are paid for 90 days.
THREE_MONTHS = cdk.Duration.days(90)


@dataclass(frozen=True, kw_only=True)
class LogLife:
    """Durations that go together.

    Attributes:
        kept_days: After how many days a log file expires.
        colder_days: After how many it becomes colder; None if it never does.
        lock: How long its versions are locked; None if they are not.
    """

    kept_days: int
    colder_days: int | None
    lock: ObjectLock | None

    @classmethod
    def read(cls, *, kept_for: cdk.Duration, colder_after: cdk.Duration | None, object_lock: ObjectLock | None) -> Self:
        """Read what was given.

        Args:
            kept_for: How long log files are kept.
            colder_after: When they become colder, or None for never.
            object_lock: How long they are locked, or None for not at all.

        Raises:
            ConfigurationError: If one is no whole number of days, if log files would expire before they become colder,
                or while they are locked.

        Examples:
            >>> year = cdk.Duration.days(365)
            >>> LogLife.read(kept_for=year, colder_after=None, object_lock=ObjectLock.governance(year)).kept_days
            365
        """
        kept = whole_days("kept_for", kept_for)
        colder = None if colder_after is None else whole_days("colder_after", colder_after)
        if object_lock is not None and not isinstance(object_lock, ObjectLock):
            raise ConfigurationError(
                "object_lock must be ObjectLock.governance(...), ObjectLock.compliance(...) or None, got "
                f"{spoken(object_lock)}"
            )
        if colder is not None and colder >= kept:
            default = ", which is the default" if colder_after is THREE_MONTHS else ""
            raise ConfigurationError(
                f"colder_after must be sooner than kept_for, {kept} days, or None for never, got {colder} days{default}"
            )
        if object_lock is not None and object_lock.days > kept:
            raise ConfigurationError(
                f"kept_for must be at least as long as object_lock, {object_lock.days} days, got {kept} days"
            )
        return cls(kept_days=kept, colder_days=colder, lock=object_lock)

    @property
    def default_retention(self) -> s3.ObjectLockRetention | None:
        """The lock as the CDK takes it."""
        if self.lock is None:
            return None
        days = cdk.Duration.days(self.lock.days)
        if self.lock.mode is s3.ObjectLockMode.COMPLIANCE:
            return s3.ObjectLockRetention.compliance(days)
        return s3.ObjectLockRetention.governance(days)

    def rules(self) -> "Sequence[s3.LifecycleRule]":
        """Return the lifecycle rules of the bucket.

        Glacier Instant Retrieval is read by Athena like any other class, at once. S3 leaves objects of less than
        128 KB where they are, for which that class would cost more.
        https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html
        https://docs.aws.amazon.com/athena/latest/ug/creating-tables.html
        """
        colder = []
        if self.colder_days is not None:
            after = cdk.Duration.days(self.colder_days)
            colder = [s3.Transition(storage_class=s3.StorageClass.GLACIER_INSTANT_RETRIEVAL, transition_after=after)]
        return [
            s3.LifecycleRule(
                id="LogFiles",
                transitions=colder or None,
                expiration=cdk.Duration.days(self.kept_days),
                noncurrent_version_expiration=NONCURRENT,
                abort_incomplete_multipart_upload_after=UNFINISHED,
            )
        ]
