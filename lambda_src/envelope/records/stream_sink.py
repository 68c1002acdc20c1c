"""StreamSink: results of records go into a Kinesis data stream."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from envelope.errors import EnvelopeError, LimitExceeded
from envelope.records.record_sinks import Addressed, Entry, refusal, refusal_of_request

_ENTRIES_MAX: Final = 500  # Kinesis Data Streams API reference, PutRecords
_BYTES_MAX: Final = 10 * 1024 * 1024  # the same: of one record and of the whole request, partition keys included


class StreamSink:
    """A Kinesis data stream. Records keep the partition key of the source, and with it their order.

    A stream can be set to take less than Kinesis does (`MaxRecordSizeInKiB`, 1 MiB unless it is raised); what it
    refuses fails like any other record that was not taken.

    Attributes:
        keeps_order: True.
        entries_max: Records in one request.
        bytes_max: Bytes of all records and partition keys in one request.
    """

    keeps_order = True
    entries_max = _ENTRIES_MAX
    bytes_max = _BYTES_MAX

    def __init__(self, client: Any, *, stream_arn: str) -> None:  # noqa: ANN401  # botocore makes the class
        """Name the stream.

        Args:
            client: A Kinesis client of the stream's Region.
            stream_arn: Its ARN.
        """
        self._client = client
        self._stream_arn = stream_arn

    def entry(self, addressed: Addressed) -> Entry:
        """Write a result as `PutRecords` takes it.

        Args:
            addressed: The result.

        Returns:
            The entry.

        Raises:
            LimitExceeded: If it is more than Kinesis takes in a record.
        """
        size = len(addressed.content) + len(addressed.order_key.encode())
        if size > _BYTES_MAX:
            raise LimitExceeded(f"record must become at most {_BYTES_MAX} bytes for Kinesis, got {size}")
        return Entry({"Data": bytes(addressed.content), "PartitionKey": addressed.order_key}, size)

    def send(self, entries: Sequence[Entry]) -> Mapping[int, EnvelopeError]:
        """Send one request.

        Args:
            entries: At most 500.

        Returns:
            What Kinesis did not take, by its position, and why.

        Raises:
            InvalidRequest: If Kinesis takes none of them because of something in the request.
            StorageAccessDenied: If Kinesis refuses.
            StorageUnavailable: If Kinesis cannot answer now.
        """
        records = [entry.fields for entry in entries]
        try:
            answer = self._client.put_records(StreamARN=self._stream_arn, Records=records)
        except (ClientError, BotoCoreError) as error:
            refused = refusal_of_request("Kinesis", error)
            raise refused from error
        return {
            position: refusal("Kinesis", said["ErrorCode"])
            for position, said in enumerate(answer["Records"])
            if said.get("ErrorCode")
        }
