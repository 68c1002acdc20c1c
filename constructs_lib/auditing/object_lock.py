"""ObjectLock: log files that nobody deletes for a time, not even whoever may delete objects."""

from dataclasses import dataclass
from typing import Self

from aws_cdk import Duration
from aws_cdk import aws_s3 as s3

from constructs_lib.auditing.whole_days import whole_days


@dataclass(frozen=True)
class ObjectLock:
    """How long, and for whom, each version of a log file is locked from when it is written.

    A lock keeps a version and does not keep it readable: whoever deletes its key ends that. It is about files that are
    written while the bucket has this default, and a delete marker may hide what it keeps.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html

    Attributes:
        mode: `GOVERNANCE` or `COMPLIANCE`.
        days: For how many days.
    """

    mode: s3.ObjectLockMode
    days: int

    @classmethod
    def governance(cls, duration: Duration) -> Self:
        """Lock against everybody but whoever has `s3:BypassGovernanceRetention`, who can delete sooner.

        Args:
            duration: For how long, in whole days.

        Raises:
            ConfigurationError: If it is no whole number of days, or longer than a century.

        Examples:
            >>> ObjectLock.governance(Duration.days(30)).days
            30
        """
        return cls(s3.ObjectLockMode.GOVERNANCE, whole_days("duration", duration))

    @classmethod
    def compliance(cls, duration: Duration) -> Self:
        """Lock against everybody, the account's root user included: nothing but the account's end frees the space.

        Args:
            duration: For how long, in whole days.

        Raises:
            ConfigurationError: If it is no whole number of days, or longer than a century.

        Examples:
            >>> ObjectLock.compliance(Duration.days(365)).mode.name
            'COMPLIANCE'
        """
        return cls(s3.ObjectLockMode.COMPLIANCE, whole_days("duration", duration))
