"""Many records in one request: the answer has each in its place, with its result or its own failure."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

from envelope.base64_text import to_base64
from envelope.errors import EnvelopeError, LimitExceeded
from envelope.format.context import EncryptionContext
from envelope.handler.answers import Facts, facts_of_failures, failure_of
from envelope.handler.deployment import Deployment
from envelope.handler.requests import inline
from envelope.keys.cache_limits import CacheCounts
from envelope.keys.data_key_cache import CachedDataKeys
from envelope.limits import COMMITMENT_BYTES, MESSAGE_ID_BYTES, RESPONSE_BYTES_MAX, TAG_BYTES
from envelope.records import batch as records
from envelope.records.batch import Outcome, RecordContent

_LEAST_OVERHEAD: Final = MESSAGE_ID_BYTES + COMMITMENT_BYTES + 2 * TAG_BYTES
"""Bytes that every message has beside its plaintext, its context and the names of its keys; it has some more."""

_LEAST_ANSWER: Final = len('{"message": ""}, ')


def encrypt_batch(given: Sequence[object], deployment: Deployment, facts: Facts) -> dict[str, Any]:
    """Encrypt each record into a message of its own.

    Args:
        given: Records as requests for data in the event have them.
        deployment: Keys and rules.
        facts: What the log line says, to which this adds.

    Returns:
        `{"records": [...]}`, each `{"message": ...}` or `{"error": {...}}`, in their order.

    Raises:
        LimitExceeded: If that is more than Lambda gives to a caller; nothing is cut off.
    """
    contents = [_content(record, "plaintext", deployment) for record in given]
    facts["plaintext_bytes"] = bytes_of(contents)
    # What cannot fit is refused before KMS is asked.
    overhead = _LEAST_OVERHEAD + sum(len(key_arn) for key_arn in deployment.keys.keyring.key_arns)
    _demand_room(
        sum(
            _LEAST_ANSWER + (overhead + content.context.size + len(content.data)) * 4 // 3
            for content in contents
            if isinstance(content, RecordContent)
        )
    )
    with batch_keys(deployment, contents, facts) as keys:
        outcomes = records.sealed(
            contents, keys=keys, suite=deployment.suite, remaining_seconds=deployment.time_left.seconds_left
        )
    return _answer(outcomes, lambda _, sealed: {"message": to_base64(sealed)}, facts)


def decrypt_batch(given: Sequence[object], deployment: Deployment, facts: Facts) -> dict[str, Any]:
    """Decrypt the message of each record.

    Args:
        given: Records as requests for data in the event have them.
        deployment: Keys and rules.
        facts: What the log line says, to which this adds.

    Returns:
        `{"records": [...]}`, each `{"plaintext": ..., "encryption_context": {...}}` or `{"error": {...}}`, in their
        order.

    Raises:
        LimitExceeded: If that is more than Lambda gives to a caller; nothing is cut off.
    """
    contents = [_content(record, "message", deployment) for record in given]
    facts["message_bytes"] = bytes_of(contents)

    def result(position: int, plaintext: bytes | bytearray) -> dict[str, Any]:
        content = contents[position]
        context = content.context if isinstance(content, RecordContent) else EncryptionContext(())
        return {"plaintext": to_base64(plaintext), "encryption_context": context.to_dict()}

    with batch_keys(deployment, contents, facts) as keys:
        outcomes = records.opened(
            contents, keys=keys, policy=deployment.policy, remaining_seconds=deployment.time_left.seconds_left
        )
    return _answer(outcomes, result, facts)


@contextmanager
def batch_keys(
    deployment: Deployment, contents: Sequence[RecordContent | Exception], facts: Facts
) -> Iterator[CachedDataKeys]:
    """Share data keys among the records of an invocation, within what they may ask of KMS, and say what came of it.

    Args:
        deployment: Whose keys. With limits for a cache, data keys also last from one invocation to the next; without
            them they end with the invocation.
        contents: The records.
        facts: What the log line says, to which this adds.

    Yields:
        The keys.
    """
    keys = deployment.keys.cached or CachedDataKeys(deployment.keys.keyring)
    before = keys.counts
    try:
        with deployment.kms_calls.rationed(deployment.time_left.seconds_left):
            yield keys
    finally:
        counts = keys.counts.since(before)
        facts |= {"records": len(contents), "contexts": records.contexts_of(contents)}
        facts |= {"cache_hits": counts.hits, "cache_misses": counts.keyring_calls}
        if counts.is_defeated:
            facts["warning"] = _defeat(counts, facts["contexts"])
        if keys is not deployment.keys.cached:
            keys.clear()


def bytes_of(contents: Sequence[RecordContent | Exception]) -> int:
    """Count what is to be encrypted or decrypted.

    Args:
        contents: The records.

    Returns:
        Bytes of all of them.
    """
    return sum(len(content.data) for content in contents if isinstance(content, RecordContent))


def _defeat(counts: CacheCounts, contexts: object) -> str:
    return (
        f"{counts.keyring_calls} of {counts.keyring_calls + counts.hits} records needed a data key of their own, with "
        f"{contexts} encryption contexts; a data key serves one context, so it should hold what many records share"
    )


def _content(record: object, field: str, deployment: Deployment) -> RecordContent | Exception:
    try:
        request = inline(record, field, deployment.required_context)
    except EnvelopeError as error:
        return error
    return RecordContent(request.data, request.context)


def _answer(
    outcomes: Sequence[Outcome], result: Callable[[int, bytes | bytearray], dict[str, Any]], facts: Facts
) -> dict[str, Any]:
    facts |= facts_of_failures([outcome for outcome in outcomes if isinstance(outcome, Exception)])
    answer = {
        "records": [
            {"error": {"type": type(outcome).__name__, **failure_of(outcome)}}
            if isinstance(outcome, Exception)
            else result(position, outcome)
            for position, outcome in enumerate(outcomes)
        ]
    }
    # As Lambda writes it, or longer: later runtimes write what is not ASCII as it is.
    _demand_room(len(json.dumps(answer)))
    return answer


def _demand_room(length: int) -> None:
    if length > RESPONSE_BYTES_MAX:
        raise LimitExceeded(
            f"records must become an answer of at most {RESPONSE_BYTES_MAX} bytes, got {length} or more: send fewer"
        )
