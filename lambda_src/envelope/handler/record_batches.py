"""What queues and streams hand over: results go on into another one, failures back to where they came from."""

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from envelope.handler.answers import Facts, can_be_repeated, facts_of_failures
from envelope.handler.batches import batch_keys, bytes_of
from envelope.handler.deployment import Deployment
from envelope.handler.record_events import Arrived, arrived
from envelope.keys.materials import DataKeys
from envelope.records import batch as records
from envelope.records.batch import Outcome, RecordContent
from envelope.records.record_delivery import Delivery, Order

_Work: TypeAlias = Callable[[Sequence[RecordContent | Exception], DataKeys], list[Outcome]]


def encrypt_arrived(event: object, deployment: Deployment, facts: Facts) -> dict[str, Any]:
    """Encrypt what a queue or a stream hands over.

    Args:
        event: What Lambda hands over.
        deployment: Keys, rules and destination.
        facts: What the log line says, to which this adds.

    Returns:
        `{"batchItemFailures": [...]}`: what Lambda has to hand over again.

    Raises:
        EnvelopeError: One of its kinds, if the event is none of a queue or stream, or as `_failures_of` says.
    """

    def seal(contents: Sequence[RecordContent | Exception], keys: DataKeys) -> list[Outcome]:
        return records.sealed(
            contents, keys=keys, suite=deployment.suite, remaining_seconds=deployment.time_left.seconds_left
        )

    return _work_on(arrived(event, "plaintext"), seal, deployment, facts)


def decrypt_arrived(event: object, deployment: Deployment, facts: Facts) -> dict[str, Any]:
    """Decrypt what a queue or a stream hands over.

    Args:
        event: What Lambda hands over.
        deployment: Keys, rules and destination.
        facts: What the log line says, to which this adds.

    Returns:
        `{"batchItemFailures": [...]}`: what Lambda has to hand over again.

    Raises:
        EnvelopeError: One of its kinds, if the event is none of a queue or stream, or as `_failures_of` says.
    """

    def open_all(contents: Sequence[RecordContent | Exception], keys: DataKeys) -> list[Outcome]:
        return records.opened(
            contents, keys=keys, policy=deployment.policy, remaining_seconds=deployment.time_left.seconds_left
        )

    return _work_on(arrived(event, "message"), open_all, deployment, facts)


def _work_on(batch: Arrived, work: _Work, deployment: Deployment, facts: Facts) -> dict[str, Any]:
    facts |= {"request": "records", "source": batch.source, "destination": deployment.records_to}
    context = deployment.encryption_context
    if context is None:
        raise ValueError("ENCRYPTION_CONTEXT must be a JSON object of strings, got None")
    contents = [data if isinstance(data, Exception) else RecordContent(data, context) for data in batch.data]
    facts[f"{batch.field}_bytes"] = bytes_of(contents)
    with batch_keys(deployment, contents, facts) as keys:
        outcomes = work(contents, keys)
    delivery = Delivery(deployment.sink(), order=batch.order, remaining_seconds=deployment.time_left.seconds_left)
    delivery.deliver(batch.records, outcomes)
    facts |= facts_of_failures(list(delivery.failures.values()))
    return {"batchItemFailures": [{"itemIdentifier": each} for each in _failures_of(batch, delivery.failures)]}


def _failures_of(batch: Arrived, failures: dict[int, Exception]) -> list[str]:
    """Name the records that Lambda has to hand over again.

    Of a stream that is the first failed record, to which Lambda goes back. If that is the first one of the batch and
    will never succeed, the whole invocation fails instead: Lambda then halves the batch (`BisectBatchOnFunctionError`),
    again and again, until the bad record is alone and the others are not given up with it.
    """
    if batch.order is not Order.BY_POSITION or not failures:
        return [batch.records[position].identifier for position in sorted(failures)]
    first = min(failures)
    if first == 0 and len(batch.records) > 1 and not can_be_repeated(failures[first]):
        raise failures[first]
    return [batch.records[first].identifier]
