"""Encrypting objects as they arrive in a bucket: a batch of a queue, each message one arrival.

Queues deliver more than once and in any order. What decides is not the order of delivery but the sequencer of the
arrival, which the destination keeps in its metadata: an older arrival never replaces a newer one, and the same one
changes nothing when it comes again. What is read is the object as it is now, if it still has the content that arrived:
where somebody deleted the destination, and its sequencer with it, a late arrival cannot bring back what was replaced.
S3 decides races: every write is conditional on what was looked at before.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from envelope.errors import EnvelopeError, InvalidRequest, StorageUnavailable
from envelope.failure_facts import failure_facts
from envelope.format.context import EncryptionContext
from envelope.format.suites import AlgorithmSuite
from envelope.keys.materials import DataKeys
from envelope.objects import object_metadata
from envelope.objects.arrival_event import ArrivalEvent
from envelope.objects.object_request import ObjectName, ObjectRequest
from envelope.objects.refusal import Refusal
from envelope.objects.s3_client import S3Client
from envelope.objects.storage_errors import storage_errors
from envelope.objects.time_left import TimeLeft
from envelope.objects.transfer import Facts, encrypt_object

_WRITES_MAX: Final = 3


@dataclass(frozen=True, slots=True)
class ArrivalEncryption:
    """What happens to objects that arrive.

    Attributes:
        s3: An S3 client.
        source_bucket: Where objects arrive. An arrival in another bucket is refused: sequencers are comparable for one
            key of one bucket only, and what a queue says is no permission to read elsewhere.
        bucket: Where encrypted objects go. Not the bucket in which they arrive: that would be an arrival again.
        prefix: What their keys begin with, before the key of the source.
        keys: Where data keys come from.
        key_arn: The key, for the metadata.
        context: What every message is bound to besides its object id.
        suite: How to encrypt.
        log: Takes what is said about each arrival: its `outcome`, an `error` if it failed, and a `warning` if it was
            passed over for a newer one.
    """

    s3: S3Client
    source_bucket: str
    bucket: str
    prefix: str
    keys: DataKeys
    key_arn: str
    context: EncryptionContext
    suite: AlgorithmSuite
    log: Callable[[Facts], None]

    def encrypt_batch(self, event: object, *, remaining_seconds: Callable[[], float]) -> dict[str, Any]:
        """Encrypt what arrived, each object alone.

        Args:
            event: What SQS invokes a function with.
            remaining_seconds: Seconds until Lambda stops the function.

        Returns:
            Which messages the queue keeps, for another try or, in the end, for its dead-letter queue (Lambda
            developer guide, "Reporting batch item failures"). Those for which there is no time left are among them.

        Raises:
            InvalidRequest: If it is no batch of SQS.
        """
        failures = [
            {"itemIdentifier": record["messageId"]}
            for record in _records_of(event)
            if not self._is_done(record, remaining_seconds)
        ]
        return {"batchItemFailures": failures}

    def _is_done(self, record: Mapping[str, Any], remaining_seconds: Callable[[], float]) -> bool:
        facts: Facts = {"message_id": record["messageId"]}
        try:
            facts["outcome"] = self._encrypted(record.get("body"), facts, remaining_seconds)
        except Exception as error:  # noqa: BLE001  # one arrival must not take the others with it
            facts |= failure_facts(error)
        else:
            self.log(facts)
            return True
        self.log(facts)
        return False

    def _encrypted(self, body: object, facts: Facts, remaining_seconds: Callable[[], float]) -> str:
        arrival = ArrivalEvent.parse(body)
        if arrival is None:
            return "ignored: no arrival of an object"
        self._demand_source(arrival.source.name)
        # Before anything is asked or written: the message stays in the queue as it is.
        TimeLeft(remaining_seconds).demand_for(arrival.size)
        destination = ObjectName(self.bucket, f"{self.prefix}{arrival.source.name.key}")
        for attempt in range(_WRITES_MAX):
            condition = self._condition(destination, arrival, facts, is_there=attempt > 0)
            if condition is None:
                return "done before: the destination is of this arrival or of a newer one"
            try:
                facts.update(self._encrypt(arrival, destination, condition, remaining_seconds))
            except EnvelopeError as error:
                refusal = Refusal.behind(error)
                if refusal is Refusal.SOURCE_IS_GONE:
                    return "nothing to do: the source was deleted"
                if refusal is Refusal.SOURCE_WAS_REPLACED:
                    return "nothing to do: the source was replaced, which is an arrival of its own"
                if refusal is not Refusal.DESTINATION_WAS_CHANGED:
                    raise
            else:
                return "encrypted"
        raise StorageUnavailable(f"destination must not change while it is written, got {_WRITES_MAX} changes")

    def _demand_source(self, source: ObjectName) -> None:
        if source.bucket != self.source_bucket:
            raise InvalidRequest(f"bucket of an arrival must be {self.source_bucket!r}, got another one")
        if source.bucket == self.bucket:
            raise InvalidRequest("destination bucket must be another one than the bucket of the arrival, got the same")

    def _condition(
        self, destination: ObjectName, arrival: ArrivalEvent, facts: Facts, *, is_there: bool
    ) -> dict[str, str] | None:
        # What must be at the destination to be replaced by this arrival; None if it must not be replaced.
        try:
            with storage_errors("HeadObject of destination"):
                there = self.s3.head_object(Bucket=destination.bucket, Key=destination.key)
        except EnvelopeError as error:
            refusal = Refusal.behind(error)
            # Without permission to list the bucket this is how S3 says that there is nothing. Should there be an
            # object after all, writing is refused, and then it was a real refusal.
            if refusal is Refusal.NO_DESTINATION or (refusal is Refusal.DESTINATION_IS_HIDDEN and not is_there):
                return {"IfNoneMatch": "*"}
            raise
        sequencer = there["Metadata"].get(object_metadata.SOURCE_SEQUENCER)
        if sequencer is None or there["Metadata"].get(object_metadata.SOURCE_BUCKET) != self.source_bucket:
            raise InvalidRequest("destination must be an object of an arrival in this bucket, or none, got another one")
        if arrival.is_newer_than(sequencer):
            return {"IfMatch": there["ETag"]}
        if arrival.is_older_than(sequencer):
            # Once a queue was out of order that is right; where it goes on, somebody wrote a sequencer into the future.
            facts["warning"] = "arrival was passed over: the destination says that it is of a newer one"
        facts.update(sequencer=arrival.sequencer, destination_sequencer=sequencer)
        return None

    def _encrypt(
        self,
        arrival: ArrivalEvent,
        destination: ObjectName,
        condition: dict[str, str],
        remaining_seconds: Callable[[], float],
    ) -> Facts:
        return encrypt_object(
            self.s3,
            ObjectRequest(arrival.source, destination),
            keys=self.keys,
            key_arn=self.key_arn,
            context=self.context,
            suite=self.suite,
            remaining_seconds=remaining_seconds,
            sequencer=arrival.sequencer,
            condition=condition,
        )


def _records_of(event: object) -> list[Mapping[str, Any]]:
    records = event.get("Records") if isinstance(event, dict) else None
    if not isinstance(records, list) or not all(
        isinstance(record, dict) and isinstance(record.get("messageId"), str) for record in records
    ):
        raise InvalidRequest("event must be a batch of SQS messages, got something else")
    return records
