"""SNS delivers to an encrypted queue only if its key admits SNS for the topic; ministack asks the queue's policy.

https://docs.aws.amazon.com/sns/latest/dg/sns-enable-encryption-for-topic-sqs-queue-subscriptions.html
"""

import logging
from typing import Any

from ministack.services import sns, sqs

from local_aws.server.at_rest.messages import SENDING, data_of
from local_aws.server.service_principal import acting_for

_log = logging.getLogger(__name__)
_SNS = "sns.amazonaws.com"

_deliver_as_ministack = sns._deliver_to_sqs


def extend() -> None:
    """Stand before the deliveries to queues."""
    sns._deliver_to_sqs = _deliver


def _deliver(endpoint: str, *rest: Any, topic_arn: str = "", **options: Any) -> None:  # noqa: ANN401  # ministack's own
    queue = sqs._queue_by_arn(endpoint)
    if queue is not None and not data_of(queue).admits_service(_SNS, SENDING, sent=acting_for(topic_arn)):
        _log.warning("the key of %s does not admit %s for %s", endpoint, _SNS, topic_arn)
        return
    _deliver_as_ministack(endpoint, *rest, topic_arn=topic_arn, **options)
