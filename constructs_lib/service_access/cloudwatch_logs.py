"""CloudWatch Logs: log groups encrypted under a customer-managed key."""

from constructs_lib.actions import USE
from constructs_lib.errors import ConfigurationError
from constructs_lib.principals import short_digest
from constructs_lib.service_access.resource_names import LOG_GROUP, checked_account, checked_region
from constructs_lib.service_access.service_use import ACCOUNT, PARTITION, REGION, Allowance, ServiceUse

LOG_GROUP_CONTEXT = "kms:EncryptionContext:aws:logs:arn"

_PAGE = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html"


def encrypt_log_group(*, log_group_name: str, region: str = REGION, account: str = ACCOUNT) -> ServiceUse:
    """Let CloudWatch Logs encrypt and decrypt one log group, and no other.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html

    Args:
        log_group_name: Name of the log group. Where CloudFormation chooses it, `*` stands for what it adds:
            `Orders-Encrypt-*`.
        region: Region of the log group; the service's principal is regional.
        account: Account of the log group.

    Raises:
        ConfigurationError: If the name is none or covers every log group, or the Region or the account is none.

    Examples:
        >>> use = encrypt_log_group(log_group_name="orders", region="cn-north-1", account="111122223333")
        >>> use.statements()[0].render()["Principal"]
        {'Service': 'logs.cn-north-1.amazonaws.com.cn'}
    """
    name = LOG_GROUP.check_pattern("log_group_name", log_group_name)
    where = f"{checked_region('region', region)}:{checked_account('account', account)}"
    return _encrypting(f"arn:{PARTITION}:logs:{where}:log-group:{name}", region)


def encrypt_log_group_at(*, log_group_arn: str, region: str = REGION) -> ServiceUse:
    """Let CloudWatch Logs encrypt and decrypt the log group of one ARN, and no other.

    Every call that CloudWatch Logs makes carries the log group's ARN as encryption context, and the statement
    admits that ARN alone. AWS's own example adds `kms:Describe*` under the same condition, where it allows
    nothing: `DescribeKey` has no encryption context.
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html

    Args:
        log_group_arn: ARN of the log group without `:*` at its end. Where CloudFormation chooses the name, `*`
            stands for what it adds: `arn:aws:logs:eu-west-1:111122223333:log-group:Orders-Encrypt-*`.
        region: Region of the log group; the service's principal is regional.

    Raises:
        ConfigurationError: If the ARN is not one of a log group, or it covers every log group.

    Examples:
        >>> arn = "arn:aws:logs:eu-west-1:111122223333:log-group:orders"
        >>> encrypt_log_group_at(log_group_arn=arn, region="eu-west-1").statements()[0].render()["Principal"]
        {'Service': 'logs.eu-west-1.amazonaws.com'}
    """
    try:
        LOG_GROUP.check_pattern("name", log_group_arn.partition(":log-group:")[2])
    except ConfigurationError as error:
        raise ConfigurationError(
            f"log_group_arn must be the ARN of one log group without ':*' at its end, got {log_group_arn!r}"
        ) from error
    return _encrypting(log_group_arn, checked_region("region", region))


def _encrypting(arn: str, region: str) -> ServiceUse:
    return ServiceUse(
        title="CloudWatch Logs: a log group",
        page=_PAGE,
        running=(
            Allowance(
                sid=f"CloudWatchLogs{short_digest(arn)}",
                service=f"logs.{region}.{_suffix(region)}",
                actions=USE,
                conditions={"ArnLike": {LOG_GROUP_CONTEXT: (arn,)}},
            ),
        ),
        creator="logs",
    )


def _suffix(region: str) -> str:
    # Unlike most service principals this one ends in the suffix of its partition.
    # https://docs.amazonaws.cn/en_us/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
    if "${" in region:
        return "${AWS::URLSuffix}"
    return "amazonaws.com.cn" if region.startswith("cn-") else "amazonaws.com"
