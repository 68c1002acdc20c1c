from collections.abc import Callable
from typing import Any

import pytest

from local_aws import LocalAws
from tests.local_aws.server.notifications.conftest import Mail, service

pytestmark = pytest.mark.deploy

USE = ["kms:GenerateDataKey", "kms:Decrypt"]


def _publish(aws: LocalAws, mail: Mail) -> None:
    session: Any = aws.session()
    session.client("sns").publish(TopicArn=mail.topic, Message='"news"')


@pytest.mark.parametrize("pattern", ["mail-*", "post-*"], ids=["admitted", "another topic is admitted"])
def test_a_topic_delivers_to_an_encrypted_queue_whose_key_admits_it_and_to_no_other(
    aws: LocalAws, make_key: Callable[..., str], account_root: str, pattern: str
) -> None:
    receives = {"Effect": "Allow", "Principal": {"AWS": account_root}, "Action": "kms:Decrypt", "Resource": "*"}
    source = {"ArnLike": {"aws:SourceArn": f"arn:aws:sns:{aws.region}:{aws.account}:{pattern}"}}
    mail = Mail(aws, "", queue_key=make_key(receives, service("sns", USE, condition=source)))

    _publish(aws, mail)

    assert mail.heard(0) == (["news"] if pattern == "mail-*" else [])
