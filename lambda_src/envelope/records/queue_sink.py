"""QueueSink: results of records go into an SQS queue."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from envelope.base64_text import to_base64
from envelope.errors import EnvelopeError, InvalidRequest, LimitExceeded
from envelope.records.record_sinks import Addressed, Entry, refusal, refusal_of_request

_ENTRIES_MAX: Final = 10  # Amazon SQS API reference, SendMessageBatch
_BYTES_MAX: Final = 1_048_576  # the same: of one message and of the whole batch; 262,144 until August 2025
_GROUP: Final = re.compile(r"[A-Za-z0-9!-/:-@\[-`{-~]{1,128}")  # the same, MessageGroupId


class QueueSink:
    """An SQS queue. The body of each message is base64, since a queue takes text and a result is any bytes.

    A FIFO queue (`.fifo`) gets the message group and the deduplication id of the source, or the source's own names for
    its records: what is encrypted twice gives two different messages, which deduplication by content would not notice.

    Attributes of a source's messages are not passed on: they would be neither encrypted nor authenticated, and a reader
    could not see that.

    Attributes:
        keeps_order: True for a FIFO queue.
        entries_max: Entries in one request.
        bytes_max: Bytes of all entries in one request.
    """

    entries_max = _ENTRIES_MAX
    bytes_max = _BYTES_MAX

    def __init__(self, client: Any, *, queue_url: str) -> None:  # noqa: ANN401  # botocore makes the class
        """Name the queue.

        Args:
            client: An SQS client of the queue's Region.
            queue_url: Its URL.
        """
        self._client = client
        self._queue_url = queue_url
        self.keeps_order = queue_url.endswith(".fifo")

    def entry(self, addressed: Addressed) -> Entry:
        """Write a result as `SendMessageBatch` takes it.

        Args:
            addressed: The result.

        Returns:
            The entry.

        Raises:
            LimitExceeded: If it is more than SQS takes in a message.
            InvalidRequest: If the queue keeps order and SQS takes no such message group.
        """
        body = to_base64(addressed.content)
        if len(body) > _BYTES_MAX:
            raise LimitExceeded(f"record must become at most {_BYTES_MAX} bytes of base64 for SQS, got {len(body)}")
        fields = {"MessageBody": body}
        if self.keeps_order:
            if not _GROUP.fullmatch(addressed.order_key):
                raise InvalidRequest("order key must be 1 to 128 ASCII letters, digits and marks for SQS, got another")
            fields |= {"MessageGroupId": addressed.order_key, "MessageDeduplicationId": addressed.identity}
        return Entry(fields, len(body))

    def send(self, entries: Sequence[Entry]) -> Mapping[int, EnvelopeError]:
        """Send one batch.

        Args:
            entries: At most ten.

        Returns:
            What SQS did not take, by its position, and why.

        Raises:
            InvalidRequest: If SQS takes none of them because of something in the request.
            StorageAccessDenied: If SQS refuses.
            StorageUnavailable: If SQS cannot answer now.
        """
        named = [{"Id": str(position), **entry.fields} for position, entry in enumerate(entries)]
        try:
            answer = self._client.send_message_batch(QueueUrl=self._queue_url, Entries=named)
        except (ClientError, BotoCoreError) as error:
            refused = refusal_of_request("SQS", error)
            raise refused from error
        return {int(failed["Id"]): refusal("SQS", failed["Code"]) for failed in answer.get("Failed", ())}
