"""RetriedQueue: an encrypted queue from which a function is fed, and the dead-letter queue behind it."""

from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from constructs_lib.enveloping.answered_findings import END_OF_THE_WAY
from constructs_lib.wiring.findings import answer

if TYPE_CHECKING:
    from aws_cdk import aws_kms as kms

# Lambda's advice: six times the function's timeout, for batches that are throttled and tried again.
# https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
VISIBLE_AFTER_TIMEOUTS = 6
# What a batch gets besides the function's timeout until its messages come back: Lambda's own time around an invocation.
# Six timeouts, the advice above, are for work that must not be done twice.
_LAMBDA_AROUND = 60
# The longest that SQS keeps a message: what failed waits for somebody to look at it.
LONGEST_RETENTION = cdk.Duration.days(14)


def dead_letters(scope: Construct, construct_id: str, *, key: "kms.IKey") -> sqs.Queue:
    """Define a queue that keeps what failed for fourteen days.

    Args:
        scope: The construct that owns it.
        construct_id: Its name there.
        key: The key under which it is encrypted.
    """
    queue = sqs.Queue(
        scope, construct_id, encryption_master_key=key, enforce_ssl=True, retention_period=LONGEST_RETENTION
    )
    answer(queue, dict.fromkeys(("AwsSolutions-SQS3", "Serverless-SQSRedrivePolicy"), END_OF_THE_WAY))
    return queue


class RetriedQueue(Construct):
    """A queue whose messages go to a dead-letter queue after some tries, for work that may be done twice.

    What fails comes back a minute after the longest that the function may take, so that a short outage costs one such
    time and not six of them. An invocation that Lambda begins late, since there was no concurrency for it, may see its
    batch again in another one.

    Attributes:
        queue: The queue.
        dead_letter_queue: The other one.
    """

    queue: sqs.Queue
    dead_letter_queue: sqs.Queue

    def __init__(
        self, scope: Construct, construct_id: str, *, key: "kms.IKey", function_seconds: int, max_receives: int
    ) -> None:
        """Define both queues.

        Args:
            scope: The construct that owns them.
            construct_id: Name within `scope`.
            key: The key under which both are encrypted.
            function_seconds: How long the function may work on a batch.
            max_receives: How often a message is tried.
        """
        super().__init__(scope, construct_id)
        self.dead_letter_queue = dead_letters(self, "DeadLetters", key=key)
        self.queue = sqs.Queue(
            self,
            "Resource",
            encryption_master_key=key,
            enforce_ssl=True,
            retention_period=LONGEST_RETENTION,
            visibility_timeout=cdk.Duration.seconds(function_seconds + _LAMBDA_AROUND),
            dead_letter_queue=sqs.DeadLetterQueue(max_receive_count=max_receives, queue=self.dead_letter_queue),
        )
