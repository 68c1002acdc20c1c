"""RecordedTrail: what everybody who reads a trail must know of it, whoever made the trail."""

from enum import Enum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from aws_cdk import aws_logs as logs
    from aws_cdk import aws_s3 as s3


class TrailReach(Enum):
    """Of which Regions a trail records the events.

    https://docs.aws.amazon.com/awscloudtrail/latest/userguide/receive-cloudtrail-log-files-from-multiple-regions.html
    """

    EVERY_REGION = "every Region"
    HOME_REGION = "its home Region"


class RecordedTrail(Protocol):
    """A trail with its log files: `AuditTrail`, or `ExistingTrail` for one that exists already.

    Attributes:
        trail_name: Its name.
        trail_arn: Its ARN.
        home_region: The Region in which it is defined, and its log group with it; a token where nobody knows yet.
        home_account: The account in which it is defined.
        reach: Of which Regions it records the events.
        organization_id: The organization whose accounts it records; None for its own account alone.
        bucket: Where its log files are.
        prefix: What stands before `AWSLogs/` in their keys, with a slash at its end, or nothing.
        log_group: The copy in CloudWatch Logs, in `home_region`; None if there is none.
    """

    trail_name: str
    trail_arn: str
    home_region: str
    home_account: str
    reach: TrailReach
    organization_id: str | None
    bucket: "s3.IBucket"
    prefix: str
    log_group: "logs.ILogGroup | None"
