"""What the handlers speak to: clients in memory, each recording what it is told."""

from collections.abc import Callable, Mapping
from typing import Any

from tests.support.fake_kms import FakeKms, client_error

Refusal = Callable[[Mapping[str, Any]], Exception | str | None]
"""Given one entry, says that the whole request is refused (an exception), or that entry (a code), or nothing."""


class FakeQueues:
    """`SendMessageBatch` of every queue."""

    def __init__(self, *, refuse: Refusal = lambda _: None) -> None:
        self.requests: list[list[dict[str, Any]]] = []
        self.queue_urls: set[str] = set()
        self.taken: list[dict[str, Any]] = []
        self._refuse = refuse

    def send_message_batch(self, *, QueueUrl: str, Entries: list[dict[str, Any]]) -> dict[str, Any]:  # noqa: N803
        assert 1 <= len(Entries) <= 10
        assert sum(len(entry["MessageBody"]) for entry in Entries) <= 1_048_576
        assert len({entry["Id"] for entry in Entries}) == len(Entries)
        self.requests.append(Entries)
        self.queue_urls.add(QueueUrl)
        answers = [(entry, self._refuse(entry)) for entry in Entries]
        for _, refusal in answers:
            if isinstance(refusal, Exception):
                raise refusal
        self.taken += [entry for entry, refusal in answers if refusal is None]
        failed = [
            {"Id": entry["Id"], "SenderFault": False, "Code": refusal}
            for entry, refusal in answers
            if refusal is not None
        ]
        # As SQS answers, which leaves out what is empty.
        return {"Successful": [{}] * (len(Entries) - len(failed)), **({"Failed": failed} if failed else {})}

    @property
    def bodies(self) -> list[str]:
        """What arrived."""
        return [entry["MessageBody"] for entry in self.taken]


class FakeStreams:
    """`PutRecords` of every stream."""

    def __init__(self, *, refuse: Refusal = lambda _: None) -> None:
        self.requests: list[list[dict[str, Any]]] = []
        self.stream_arns: set[str] = set()
        self.taken: list[dict[str, Any]] = []
        self._refuse = refuse

    def put_records(self, *, StreamARN: str, Records: list[dict[str, Any]]) -> dict[str, Any]:  # noqa: N803
        assert 1 <= len(Records) <= 500
        assert sum(len(each["Data"]) + len(each["PartitionKey"].encode()) for each in Records) <= 10 * 1024 * 1024
        self.requests.append(Records)
        self.stream_arns.add(StreamARN)
        answers = [(entry, self._refuse(entry)) for entry in Records]
        for _, refusal in answers:
            if isinstance(refusal, Exception):
                raise refusal
        self.taken += [entry for entry, refusal in answers if refusal is None]
        said: list[dict[str, Any]] = [
            {"SequenceNumber": "1", "ShardId": "shardId-000000000000"}
            if refusal is None
            else {"ErrorCode": refusal, "ErrorMessage": "said Kinesis"}
            for _, refusal in answers
        ]
        return {"FailedRecordCount": sum("ErrorCode" in each for each in said), "Records": said}


def denied(operation: str = "SendMessageBatch") -> Exception:
    """What botocore raises when the whole request is forbidden."""
    return client_error("AccessDenied", operation=operation, status=403)


class FakeClients:
    """Gives the same client for every Region, and remembers which Regions were asked for."""

    def __init__(
        self,
        kms: FakeKms,
        *,
        s3: Any = None,
        sqs: FakeQueues | None = None,
        kinesis: FakeStreams | None = None,
    ) -> None:
        self._kms, self._s3 = kms, s3
        self._sqs, self._kinesis = sqs or FakeQueues(), kinesis or FakeStreams()
        self.regions: set[str] = set()

    def kms(self, region: str) -> FakeKms:
        self.regions.add(region)
        return self._kms

    def s3(self) -> Any:
        return self._s3

    def sqs(self) -> FakeQueues:
        return self._sqs

    def kinesis(self, region: str) -> FakeStreams:
        self.regions.add(region)
        return self._kinesis
