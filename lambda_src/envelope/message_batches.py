"""Many messages of one encryption context in memory: what they share is done once, and each fails alone."""

import os
from collections.abc import Callable, Sequence
from typing import Final, Self

from envelope.errors import EnvelopeError
from envelope.format.context import EncryptionContext
from envelope.format.expected_context import ExpectedContext
from envelope.format.frames import body_length
from envelope.format.header import UnverifiedHeader
from envelope.format.suites import COMMITTING, AlgorithmSuite, CommitmentPolicy
from envelope.format.wire import Bytes
from envelope.keys.keyring import DataKey
from envelope.keys.materials import DataKeys
from envelope.limits import FRAME_BYTES_DEFAULT, MESSAGE_ID_BYTES
from envelope.message import opened_with, sealed_with

_USES_MAX: Final = 1000
"""Messages that are opened before a data key is asked for again, in case its time in a cache is over."""


def encrypt_many(
    plaintexts: Sequence[Bytes],
    *,
    keys: DataKeys,
    context: EncryptionContext,
    suite: AlgorithmSuite = COMMITTING,
    frame_length: int = FRAME_BYTES_DEFAULT,
    unsafe_random: Callable[[int], bytes] = os.urandom,
) -> list[bytearray | EnvelopeError]:
    """Encrypt each plaintext into a message of its own, as `message.encrypt` does.

    Args:
        plaintexts: What to encrypt.
        keys: Where data keys come from: a cache, if the messages are to share one.
        context: What each message is bound to. It is in the messages, in the clear.
        suite: How to encrypt: one of the suites that commit to their key. Default: without signature.
        frame_length: Plaintext bytes of a frame. Default: 64 KiB.
        unsafe_random: Where the message ids come from, as for `message.encrypt`.

    Returns:
        The messages in their order. In place of a message that could not be made stands the reason. When no data
        key can be had, all messages from that one on have that reason, and nobody is asked again for each.

    Raises:
        InvalidRequest: If no frame can have that length.
    """
    body_length(0, frame_length=frame_length)  # refuses
    lengths = [len(plaintext) for plaintext in plaintexts]
    results: list[bytearray | EnvelopeError] = []
    while len(results) < len(plaintexts):
        done = len(results)
        try:
            materials, count = keys.to_seal_several(context, suite=suite, plaintext_bytes=lengths[done:])
        except EnvelopeError as error:
            return results + [_without_frames(error)] * (len(plaintexts) - done)
        message_ids = unsafe_random(MESSAGE_ID_BYTES * count)
        with materials:
            for place, plaintext in enumerate(plaintexts[done : done + count]):
                message_id = message_ids[MESSAGE_ID_BYTES * place : MESSAGE_ID_BYTES * (place + 1)]
                try:
                    results.append(sealed_with(materials, plaintext, frame_length=frame_length, message_id=message_id))
                except EnvelopeError as error:
                    results.append(_without_frames(error))
    return results


def decrypt_many(
    messages: Sequence[Bytes],
    *,
    keys: DataKeys,
    context: ExpectedContext,
    policy: CommitmentPolicy = CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT,
) -> list[bytearray | EnvelopeError]:
    """Decrypt each message, all of it or nothing, as `message.decrypt` does.

    Args:
        messages: The messages.
        keys: Who can decrypt their data keys. Messages that follow one another and share a data key ask once, even
            without a cache.
        context: What the caller expects each message to be bound to.
        policy: Which suites are read. Default: those with key commitment.

    Returns:
        The plaintexts in the order of the messages. In place of a plaintext stands the reason why there is none.
    """
    results: list[bytearray | EnvelopeError] = []
    with _LatestDataKey(keys, context) as latest:
        for message in messages:
            try:
                claimed = UnverifiedHeader.parse(message, policy=policy)
                data_key, expected = latest.of(claimed)
                results.append(opened_with(data_key, message, claimed=claimed, expected=expected))
            except EnvelopeError as error:
                results.append(_without_frames(error))
    return results


class _LatestDataKey:
    """The data key of a message, kept for those behind it as long as they share it; or why there is none."""

    def __init__(self, keys: DataKeys, context: ExpectedContext) -> None:
        self._keys = keys
        self._context = context
        self._suite: AlgorithmSuite | None = None
        self._key_section = b""
        self._uses = 0
        self._found: tuple[DataKey, EncryptionContext] | EnvelopeError | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        if isinstance(self._found, tuple):
            self._found[0].__exit__(*error)
        self._found = None

    def of(self, claimed: UnverifiedHeader) -> tuple[DataKey, EncryptionContext]:
        """Give the data key of a message, and everything that the message must be bound to."""
        same = claimed.key_section == self._key_section and claimed.suite is self._suite
        if not same or self._found is None or self._uses >= _USES_MAX:
            self.__exit__()
            self._suite, self._key_section, self._uses = claimed.suite, claimed.key_section, 0
            try:
                expected = self._context.expected_for(claimed.context)
                self._found = self._keys.to_open(claimed, expected), expected
            except EnvelopeError as error:
                self._found = error
        if isinstance(self._found, EnvelopeError):
            raise self._found
        self._uses += 1
        return self._found


def _without_frames(error: EnvelopeError) -> EnvelopeError:
    """Cut off the way that an error came, whose frames hold keys and buffers for as long as somebody has the error."""
    each: BaseException | None = error
    while each is not None:
        each.__traceback__ = None
        each = each.__context__
    return error
