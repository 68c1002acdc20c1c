"""ExistingTrail: a trail that this app reads and does not own."""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import aws_cdk as cdk

from constructs_lib.auditing.log_prefix import check_prefix
from constructs_lib.auditing.organization_of_trail import check_organization_id
from constructs_lib.errors import ConfigurationError
from constructs_lib.key_settings import check_choice
from constructs_lib.naming.token_text import tokens_in
from constructs_lib.principals import arn_parts
from constructs_lib.wiring.given_resources import check_bucket, check_symmetric_keys, spoken
from constructs_lib.wiring.recorded_trail import TrailReach

if TYPE_CHECKING:
    from aws_cdk import aws_kms as kms
    from aws_cdk import aws_logs as logs
    from aws_cdk import aws_s3 as s3

_FORM = "arn:partition:cloudtrail:region:account:trail/name"
_TRAIL = "trail/"
_PARTS = {
    "trail_name": re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{1,126}[A-Za-z0-9]", re.ASCII),
    "home_region": re.compile(r"[a-z]{2,}(-[a-z]+)+-[0-9]+", re.ASCII),
    "home_account": re.compile(r"[0-9]{12}", re.ASCII),
}


@dataclass(frozen=True, kw_only=True)
class ExistingTrail:
    """A trail that exists: made by another app, by hand, by Control Tower, or by an organization.

    It is a `RecordedTrail`: what reads trails takes it as it is. Nothing of it is checked or changed; whether it logs,
    and what, is up to its owner, and `aws cloudtrail get-trail-status` says it.
    https://docs.aws.amazon.com/awscloudtrail/latest/userguide/get-and-view-cloudtrail-log-files.html

    Attributes:
        trail_arn: Its ARN, literal or in parts a token.
        bucket: Where its log files are, such as `s3.Bucket.from_bucket_name(...)`.
        encryption_key: The key of its log files, such as `ExistingKey.from_arn(...)`; `aws cloudtrail get-trail` calls
            it `KmsKeyId`. Default: S3 encrypts them, so that readers get no permission to decrypt.
        log_group: Its copy in CloudWatch Logs, in its home Region. Default: there is none, or nothing may count in it.
        prefix: What stands before `AWSLogs/` in the keys of its log files, with the slash between them or without it.
            Default: nothing.
        reach: Of which Regions it records the events. Default: every one.
        organization_id: The organization whose accounts it records. Default: its own account alone.
        trail_name: Its name. Default: what the ARN says.
        home_region: Its home Region. Default: what the ARN says.
        home_account: The account in which it is defined. Default: what the ARN says.

    An ARN that is a token as a whole does not say name, Region and account: these must be given beside it.

    Examples:
        >>> from aws_cdk import aws_s3 as s3
        >>> bucket = s3.Bucket.from_bucket_name(cdk.Stack(cdk.App()), "Logs", "aws-controltower-logs")
        >>> arn = "arn:aws:cloudtrail:eu-west-1:111122223333:trail/main"
        >>> trail = ExistingTrail(trail_arn=arn, bucket=bucket)
        >>> trail.trail_name, trail.home_region, trail.home_account
        ('main', 'eu-west-1', '111122223333')
    """

    trail_arn: str
    bucket: "s3.IBucket"
    encryption_key: "kms.IKey | None" = None
    log_group: "logs.ILogGroup | None" = None
    prefix: str = ""
    reach: TrailReach = TrailReach.EVERY_REGION
    organization_id: str | None = None
    trail_name: str = ""
    home_region: str = ""
    home_account: str = ""

    def __post_init__(self) -> None:
        """Read the ARN and check the rest.

        Raises:
            ConfigurationError: If a value is none.
        """
        for name, said in _said_by(self.trail_arn).items():
            given = getattr(self, name)
            _check_part(name, given, said)
            object.__setattr__(self, name, given or said)
        object.__setattr__(self, "prefix", check_prefix(self.prefix))
        check_bucket("bucket", self.bucket)
        if self.encryption_key is not None:
            check_symmetric_keys({"encryption_key": self.encryption_key})
        check_choice("reach", self.reach, TrailReach)
        check_organization_id(self.organization_id)
        if self.log_group is not None and not hasattr(self.log_group, "log_group_arn"):
            raise ConfigurationError(
                "log_group must be a log group, such as logs.LogGroup.from_log_group_name(...), or None, got "
                f"{spoken(self.log_group)}"
            )


def _said_by(trail_arn: str) -> dict[str, str]:
    # Of a token that is a whole ARN nothing is known.
    if not isinstance(trail_arn, str):
        raise ConfigurationError(f"trail_arn must be {_FORM}, got {spoken(trail_arn)}")
    if [trail_arn] == tokens_in(trail_arn):
        return dict.fromkeys(_PARTS, "")
    try:
        _, _, service, region, account, resource = arn_parts(trail_arn)
    except ConfigurationError as error:
        raise ConfigurationError(f"trail_arn must be {_FORM}, got {trail_arn!r}") from error
    said = {"trail_name": resource.removeprefix(_TRAIL), "home_region": region, "home_account": account}
    wrong = [name for name, value in said.items() if not _fits(name, value)]
    if service != "cloudtrail" or not resource.startswith(_TRAIL) or wrong:
        raise ConfigurationError(f"trail_arn must be {_FORM}, got {trail_arn!r}")
    return said


def _check_part(name: str, given: str, said: str) -> None:
    if not isinstance(given, str) or (given and not _fits(name, given)):
        raise ConfigurationError(f"{name} must be as in an ARN of CloudTrail, {_FORM}, got {given!r}")
    if not given and not said:
        raise ConfigurationError(f"{name} must be given where trail_arn is a token, got none")
    if given and said and given != said and not cdk.Token.is_unresolved(given) and not cdk.Token.is_unresolved(said):
        raise ConfigurationError(f"{name} must be {said!r}, as trail_arn says, got {given!r}")


def _fits(name: str, value: str) -> bool:
    return bool(tokens_in(value)) or _PARTS[name].fullmatch(value) is not None
