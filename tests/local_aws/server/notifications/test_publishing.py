from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local_aws import LocalAws
from tests.local_aws.server.notifications.conftest import Mail
from tests.support.iam_statement import allow

pytestmark = pytest.mark.deploy


@pytest.fixture
def delegated(account_root: str) -> dict[str, Any]:
    """Leave the use of a key to IAM, through SNS."""
    return {
        "Effect": "Allow",
        "Principal": {"AWS": account_root},
        "Action": ["kms:Decrypt", "kms:GenerateDataKey"],
        "Resource": "*",
        "Condition": {"StringEquals": {"kms:ViaService": "sns.eu-central-1.amazonaws.com"}},
    }


def test_a_person_publishes_to_an_encrypted_topic_who_may_use_its_key(
    aws: LocalAws, make_key: Callable[..., str], make_role: Callable[..., str], delegated: dict[str, Any]
) -> None:
    mail = Mail(aws, make_key(delegated))
    bound = {"kms:EncryptionContext:aws:sns:topicArn": mail.topic}
    role = make_role(allow("sns:Publish"), allow("kms:GenerateDataKey", "kms:Decrypt", **bound))

    aws.session(aws.assume(role)).client("sns").publish(TopicArn=mail.topic, Message='"news"')

    assert mail.heard(1) == ["news"]


@pytest.mark.parametrize("permitted", ["kms:GenerateDataKey", "kms:Decrypt"])
def test_refuses_a_publisher_who_may_not_use_the_key(
    aws: LocalAws,
    make_key: Callable[..., str],
    make_role: Callable[..., str],
    delegated: dict[str, Any],
    permitted: str,
) -> None:
    mail = Mail(aws, make_key(delegated))
    client = aws.session(aws.assume(make_role(allow("sns:Publish"), allow(permitted)))).client("sns")

    with pytest.raises(ClientError, match="KMSAccessDenied"):
        client.publish(TopicArn=mail.topic, Message='"news"')
    with pytest.raises(ClientError, match="KMSAccessDenied"):
        client.publish_batch(TopicArn=mail.topic, PublishBatchRequestEntries=[{"Id": "1", "Message": '"news"'}])
