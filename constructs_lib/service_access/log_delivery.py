"""Log delivery: flow logs, resolver query logs, broker logs and other vended logs into an encrypted bucket."""

from constructs_lib.actions import DESCRIBE, USE
from constructs_lib.principals import short_digest
from constructs_lib.service_access.resource_names import checked_account, checked_region
from constructs_lib.service_access.service_use import (
    ACCOUNT,
    PARTITION,
    REGION,
    Allowance,
    ServiceUse,
    both,
    from_account,
    from_arn,
)


def write_to_bucket(*, region: str = REGION, account: str = ACCOUNT) -> ServiceUse:
    """Let the delivery of logs write what an account's resources log into an encrypted bucket.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-S3.html

    Args:
        region: Region where the logs arise.
        account: Account where the logs arise.

    Raises:
        ConfigurationError: If the Region or the account is none.
    """
    where = f"{checked_region('region', region)}:{checked_account('account', account)}"
    source = both(from_account(account), from_arn(f"arn:{PARTITION}:logs:{where}:*"))
    return ServiceUse(
        title="Log delivery: vended logs into a bucket",
        page="https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-S3.html",
        running=(
            Allowance(
                sid=f"LogDeliveryWrites{short_digest(source)}",
                service="delivery.logs.amazonaws.com",
                actions=(*USE, DESCRIBE),
                conditions=source,
            ),
        ),
    )
