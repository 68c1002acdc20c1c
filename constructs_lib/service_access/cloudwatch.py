"""CloudWatch: alarms that publish to an encrypted topic."""

from constructs_lib.service_access.publishing import publish_to_topic
from constructs_lib.service_access.service_use import ACCOUNT, REGION, ServiceUse, from_account


def notify_topic(*, topic_name: str | None = None, region: str = REGION, account: str = ACCOUNT) -> ServiceUse:
    """Let the account's alarms publish to an encrypted topic. Without it the alarm's action fails, and nobody hears.

    https://repost.aws/knowledge-center/cloudwatch-configure-alarm-sns
    https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html

    Args:
        topic_name: Name of the topic, or a pattern of it; by default every topic of the account that has this key.
        region: Region of the topic.
        account: Account of the alarms and the topic.

    Raises:
        ConfigurationError: If the name, the Region or the account is none.
    """
    return ServiceUse(
        title="CloudWatch: alarms to a topic",
        page="https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html",
        running=(
            publish_to_topic(
                "AlarmsNotify",
                "cloudwatch.amazonaws.com",
                topic_name=topic_name,
                region=region,
                account=account,
                source=from_account(account),
            ),
        ),
    )
