"""RecordedTrail: what everybody who reads a trail must know of it, whoever made the trail."""

from enum import Enum
from typing import TYPE_CHECKING, Protocol

from constructs_lib.errors import ConfigurationError
from constructs_lib.wiring.given_resources import spoken

if TYPE_CHECKING:
    from aws_cdk import aws_kms as kms
    from aws_cdk import aws_logs as logs
    from aws_cdk import aws_s3 as s3


class TrailReach(Enum):
    """Of which Regions a trail records the events.

    https://docs.aws.amazon.com/awscloudtrail/latest/userguide/receive-cloudtrail-log-files-from-multiple-regions.html
    """

    EVERY_REGION = "every Region"
    HOME_REGION = "its home Region"


class RecordedTrail(Protocol):
    """A trail with its log files: `AuditTrail`, or `ExistingTrail` for one that exists already."""

    @property
    def trail_name(self) -> str:
        """Its name."""

    @property
    def trail_arn(self) -> str:
        """Its ARN."""

    @property
    def home_region(self) -> str:
        """The Region in which it is defined, and its log group with it; a token where nobody knows yet."""

    @property
    def home_account(self) -> str:
        """The account in which it is defined."""

    @property
    def reach(self) -> TrailReach:
        """Of which Regions it records the events."""

    @property
    def organization_id(self) -> str | None:
        """The organization whose accounts it records; None for its own account alone."""

    @property
    def bucket(self) -> "s3.IBucket":
        """Where its log files are."""

    @property
    def encryption_key(self) -> "kms.IKey | None":
        """The key of its log files; None if S3 encrypts them."""

    @property
    def prefix(self) -> str:
        """What stands before `AWSLogs/` in their keys, with a slash at its end, or nothing."""

    @property
    def log_group(self) -> "logs.ILogGroup | None":
        """The copy in CloudWatch Logs, in `home_region`; None if there is none."""


_FACTS = tuple(name for name, value in vars(RecordedTrail).items() if isinstance(value, property))


def check_trail(trail: "RecordedTrail") -> None:
    """Refuse what is no trail.

    Args:
        trail: What was given.

    Raises:
        ConfigurationError: If it does not say what everybody who reads a trail must know of it.
    """
    if not all(hasattr(trail, fact) for fact in _FACTS):
        raise ConfigurationError(f"trail must be AuditTrail(...) or ExistingTrail(...), got {spoken(trail)}")
