"""Many small messages with few calls of KMS: each record succeeds or fails on its own."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from envelope.errors import NotReached
from envelope.format.context import EncryptionContext
from envelope.format.suites import AlgorithmSuite, CommitmentPolicy
from envelope.format.wire import Bytes
from envelope.keys.materials import DataKeys
from envelope.message_batches import decrypt_many, encrypt_many

_AT_ONCE: Final = 100
"""Records between two looks at the clock."""

RESERVE_SECONDS: Final = 2.0
"""What is kept back of an invocation's time for a last call to end and for the answer."""

Outcome: TypeAlias = bytes | bytearray | Exception
"""What became of a record: its message or plaintext, or why there is none."""

TOO_LATE: Final = NotReached("records must be few enough for the function's time, got more")
"""What became of the records for which there was no time left."""

_Work: TypeAlias = Callable[[Sequence[Bytes], EncryptionContext], Sequence[Outcome]]


@dataclass(frozen=True, slots=True)
class RecordContent:
    """What is to be done to one record. Its `repr` hides the data.

    Attributes:
        data: Plaintext or message.
        context: What the message is bound to.
    """

    data: Bytes = field(repr=False)
    context: EncryptionContext


def sealed(
    contents: Sequence[RecordContent | Exception],
    *,
    keys: DataKeys,
    suite: AlgorithmSuite,
    remaining_seconds: Callable[[], float],
) -> list[Outcome]:
    """Encrypt each record into a message of its own.

    A data key serves the records of one encryption context only, as KMS binds it to that. Where every record has a
    context of its own, each costs a call of KMS, whatever the cache: put into the context what many records share,
    and the rest into the records.

    Args:
        contents: The records, some of which may have failed before.
        keys: Where data keys come from: a cache, if there is to be less than one call of KMS for each record.
        suite: How to encrypt.
        remaining_seconds: Seconds until Lambda stops the function.

    Returns:
        What became of each, in their order.
    """

    def seal(plaintexts: Sequence[Bytes], context: EncryptionContext) -> Sequence[Outcome]:
        return encrypt_many(plaintexts, keys=keys, context=context, suite=suite)

    return _by_context(contents, seal, remaining_seconds)


def opened(
    contents: Sequence[RecordContent | Exception],
    *,
    keys: DataKeys,
    policy: CommitmentPolicy,
    remaining_seconds: Callable[[], float],
) -> list[Outcome]:
    """Decrypt the message of each record.

    Args:
        contents: The records, some of which may have failed before.
        keys: Who decrypts data keys: a cache, if messages that share one are to share the call of KMS too.
        policy: Which messages are read.
        remaining_seconds: Seconds until Lambda stops the function.

    Returns:
        What became of each, in their order.
    """

    def open_all(messages: Sequence[Bytes], context: EncryptionContext) -> Sequence[Outcome]:
        return decrypt_many(messages, keys=keys, context=context, policy=policy)

    return _by_context(contents, open_all, remaining_seconds)


def contexts_of(contents: Sequence[RecordContent | Exception]) -> int:
    """Count encryption contexts.

    Args:
        contents: The records.

    Returns:
        How many different ones they have: no cache can do with fewer calls of KMS.
    """
    return len({content.context for content in contents if isinstance(content, RecordContent)})


def _by_context(
    contents: Sequence[RecordContent | Exception], work: _Work, remaining_seconds: Callable[[], float]
) -> list[Outcome]:
    outcomes: list[Outcome] = [content if isinstance(content, Exception) else TOO_LATE for content in contents]
    positions_of: dict[EncryptionContext, list[int]] = {}
    for position, content in enumerate(contents):
        if isinstance(content, RecordContent):
            positions_of.setdefault(content.context, []).append(position)
    for context, positions in positions_of.items():
        for start in range(0, len(positions), _AT_ONCE):
            if remaining_seconds() <= RESERVE_SECONDS:
                return outcomes
            some = positions[start : start + _AT_ONCE]
            data = [content.data for content in map(contents.__getitem__, some) if isinstance(content, RecordContent)]
            for position, outcome in zip(some, _each_alone(data, context, work), strict=True):
                outcomes[position] = outcome
    return outcomes


def _each_alone(data: Sequence[Bytes], context: EncryptionContext, work: _Work) -> Sequence[Outcome]:
    try:
        return work(data, context)
    except Exception as error:  # noqa: BLE001  # whatever it is, it is the failure of one record alone
        if len(data) == 1:
            return [error]
        return [outcome for each in data for outcome in _each_alone([each], context, work)]
