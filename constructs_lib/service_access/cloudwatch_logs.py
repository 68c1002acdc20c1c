"""CloudWatch Logs: log groups encrypted under a customer-managed key."""

from constructs_lib.actions import USE
from constructs_lib.errors import ConfigurationError
from constructs_lib.principals import short_digest
from constructs_lib.statements import Statement

LOG_GROUP_CONTEXT = "kms:EncryptionContext:aws:logs:arn"


def encrypt_log_group(*, region: str, log_group_arn: str) -> Statement:
    """Let CloudWatch Logs encrypt and decrypt one log group, and no other.

    Every call that CloudWatch Logs makes carries the log group's ARN as encryption context, and the statement
    admits that ARN alone. AWS's own example adds `kms:Describe*` under the same condition, where it allows
    nothing: `DescribeKey` has no encryption context.
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html

    Args:
        region: Region of the log group; the service's principal is regional.
        log_group_arn: ARN of the log group without `:*` at its end. Where CloudFormation chooses the name, `*`
            stands for what it adds: `arn:aws:logs:eu-west-1:111122223333:log-group:Orders-Encrypt-*`.

    Raises:
        ConfigurationError: If the ARN is not one of a log group, or it covers every log group.

    Examples:
        >>> arn = "arn:aws:logs:eu-west-1:111122223333:log-group:orders"
        >>> encrypt_log_group(region="eu-west-1", log_group_arn=arn).render()["Principal"]
        {'Service': 'logs.eu-west-1.amazonaws.com'}
    """
    _, marker, name = log_group_arn.partition(":log-group:")
    if not marker or not name.strip("*?:") or name.endswith(":*") or name.startswith(("*", "?")):
        raise ConfigurationError(
            f"log_group_arn must be the ARN of one log group without ':*' at its end, got {log_group_arn!r}"
        )
    return Statement(
        sid=f"CloudWatchLogs{short_digest(log_group_arn)}",
        principals={"Service": (f"logs.{region}.amazonaws.com",)},
        actions=USE,
        conditions={"ArnLike": {LOG_GROUP_CONTEXT: (log_group_arn,)}},
    )
