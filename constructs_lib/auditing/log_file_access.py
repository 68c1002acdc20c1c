"""What it takes to read the log files of a trail: in an IAM policy, or beside bucket and key for others' people."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aws_cdk import aws_iam as iam

from constructs_lib.actions import CURRENT_OBJECTS, LIST_OBJECTS

if TYPE_CHECKING:
    from constructs_lib.auditing.seen_from import Seen


@dataclass(frozen=True, kw_only=True)
class Access:
    """What somebody must be allowed.

    Attributes:
        sid: What an IAM policy calls it.
        actions: Exact actions.
        resource: The ARN on which.
        conditions: Under which conditions, as a policy document writes them.
    """

    sid: str
    actions: Sequence[str]
    resource: str
    conditions: Mapping[str, Any]

    def in_iam(self) -> iam.PolicyStatement:
        """Return it for an IAM policy."""
        return iam.PolicyStatement(
            sid=self.sid or None,
            actions=list(self.actions),
            resources=[self.resource],
            conditions=self.conditions or None,
        )

    def beside(self, reader: iam.IPrincipal) -> iam.PolicyStatement:
        """Return it for the policy of a bucket or a key, where several readers may have the same.

        Args:
            reader: Who is allowed.
        """
        return iam.PolicyStatement(
            principals=[reader],
            actions=list(self.actions),
            resources=[self.resource],
            conditions=self.conditions or None,
        )


def log_file_access(bucket: "Seen", folder: str) -> Iterator[Access]:
    """Yield what it takes to find and read log files, and nothing else of their bucket.

    Args:
        bucket: Where they are.
        folder: How their keys begin.
    """
    below = bucket.under({"StringLike": {"s3:prefix": f"{folder}*"}})
    objects = f"{bucket.arn}/{folder}*"
    yield Access(sid="ReadsLogFiles", actions=CURRENT_OBJECTS, resource=objects, conditions=bucket.conditions)
    yield Access(sid="ListsLogFiles", actions=LIST_OBJECTS, resource=bucket.arn, conditions=below)
