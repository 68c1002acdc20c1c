"""AWS Config: configuration history into an encrypted bucket."""

from constructs_lib.actions import DECRYPT, GENERATE_DATA_KEY
from constructs_lib.principals import short_digest
from constructs_lib.service_access.resource_names import checked_account
from constructs_lib.service_access.service_use import ACCOUNT, Allowance, ServiceUse, from_account


def write_to_bucket(*, account: str = ACCOUNT) -> ServiceUse:
    """Let AWS Config write what it records of an account into an encrypted bucket.

    https://docs.aws.amazon.com/config/latest/developerguide/s3-kms-key-policy.html

    Args:
        account: Account that is recorded.

    Raises:
        ConfigurationError: If the account is none.
    """
    source = from_account(checked_account("account", account))
    return ServiceUse(
        title="AWS Config: delivery into a bucket",
        page="https://docs.aws.amazon.com/config/latest/developerguide/s3-kms-key-policy.html",
        running=(
            Allowance(
                sid=f"ConfigWrites{short_digest(source)}",
                service="config.amazonaws.com",
                actions=(*DECRYPT, *GENERATE_DATA_KEY),
                conditions=source,
            ),
        ),
    )
