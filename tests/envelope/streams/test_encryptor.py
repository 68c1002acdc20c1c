import io
import tracemalloc
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from envelope import message
from envelope.errors import InvalidRequest, LimitExceeded, MalformedMessage, NotAuthentic
from envelope.format.context import EncryptionContext
from envelope.format.header import UnverifiedHeader
from envelope.format.suites import COMMITTING, COMMITTING_SIGNED, SUITES, AlgorithmSuite
from envelope.keys.materials import FreshDataKeys
from envelope.limits import BATCH_BYTES, FRAME_BYTES_MAX, SEQUENCE_MAX, SHORT_STREAM_BYTES
from envelope.streams.encryptor import _check_number, encrypt_stream, message_length, sealed_blocks
from envelope.streams.totals import Totals
from tests.support.known_random import known_random
from tests.support.raw_keyring import RawKeyring
from tests.support.sources import BreaksOff, Dripping, Generated, Reluctant

CONTEXT = EncryptionContext.of({"purpose": "test"})
KEYS = FreshDataKeys(RawKeyring())
SIGNED_OR_NOT = pytest.mark.parametrize("suite", [COMMITTING, COMMITTING_SIGNED], ids=["0478", "0578"])


def streamed(source: Any, *, keys: FreshDataKeys = KEYS, **options: Any) -> tuple[bytes, Totals]:
    destination = io.BytesIO()
    totals = encrypt_stream(source, destination, keys=keys, context=CONTEXT, **options)
    return destination.getvalue(), totals


def decrypted(sealed: bytes) -> bytes:
    return bytes(message.decrypt(sealed, keys=KEYS, context=CONTEXT))


@given(st.binary(max_size=300), st.integers(1, 100), st.sampled_from([COMMITTING, COMMITTING_SIGNED]))
@settings(max_examples=60)
def test_what_was_streamed_is_what_is_written_at_once(
    plaintext: bytes, frame_length: int, suite: AlgorithmSuite
) -> None:
    def options() -> dict[str, Any]:
        keys = FreshDataKeys(RawKeyring(random=known_random("keys")))
        return {"keys": keys, "frame_length": frame_length, "suite": suite, "unsafe_random": known_random("id")}

    sealed, totals = streamed(Dripping(plaintext), **options())
    at_once = message.encrypt(plaintext, context=CONTEXT, **options())

    assert totals == Totals(len(plaintext), len(at_once))
    assert decrypted(sealed) == plaintext
    if suite is COMMITTING:
        assert sealed == at_once


@pytest.mark.parametrize("frame_length", [1, 4096, 65536, 2**20])
@pytest.mark.parametrize(
    "length", [0, 1, BATCH_BYTES - 1, BATCH_BYTES, BATCH_BYTES + 1, BATCH_BYTES + 64, BATCH_BYTES + 65, 800_000]
)
def test_batches_meet_where_they_should(length: int, frame_length: int) -> None:
    length = min(length, 3000) if frame_length == 1 else length
    plaintext = (bytes(range(251)) * (length // 251 + 1))[:length]

    sealed, totals = streamed(io.BytesIO(plaintext), frame_length=frame_length)

    assert decrypted(sealed) == plaintext
    assert totals == Totals(length, len(sealed))


@pytest.mark.parametrize("frame_length", [40, 1000, 5000, SHORT_STREAM_BYTES, 100_000])
@pytest.mark.parametrize(
    "length", [0, 1023, 1025, 4999, 5001, *(SHORT_STREAM_BYTES + more for more in (-1, 0, 1, 64, 65))]
)
def test_short_streams_end_where_they_should(length: int, frame_length: int) -> None:
    plaintext = (bytes(range(251)) * 400)[:length]

    for plaintext_bytes in (None, length):
        for source in (io.BytesIO(plaintext), Dripping(plaintext, sizes=(1, 30_000))):
            sealed, totals = streamed(source, frame_length=frame_length, plaintext_bytes=plaintext_bytes)
            assert decrypted(sealed) == plaintext
            assert totals == Totals(length, len(sealed))


@pytest.mark.parametrize("more", [-1, 1, 63, 64, 65, 10_000])
@pytest.mark.parametrize("length", [100, SHORT_STREAM_BYTES - 1, SHORT_STREAM_BYTES, 100_000, BATCH_BYTES])
def test_refuses_another_length_at_every_border(length: int, more: int) -> None:
    with pytest.raises(InvalidRequest, match=f"source must give {length} bytes, got"):
        streamed(io.BytesIO(bytes(length + more)), frame_length=4096, plaintext_bytes=length)


@SIGNED_OR_NOT
@pytest.mark.parametrize("length", [0, 1, 5, 6, 100])
def test_the_length_of_a_message_is_known_before(suite: AlgorithmSuite, length: int) -> None:
    sealed, _ = streamed(io.BytesIO(bytes(length)), frame_length=5, suite=suite)
    header_length = UnverifiedHeader.parse(sealed).length

    assert len(sealed) == message_length(length, header_length=header_length, frame_length=5, suite=suite)


def test_writes_to_a_destination_that_takes_a_few_bytes_at_a_time() -> None:
    destination = Reluctant()

    encrypt_stream(io.BytesIO(b"attack at dawn"), destination, keys=KEYS, context=CONTEXT, frame_length=5)

    assert decrypted(bytes(destination.taken)) == b"attack at dawn"


@pytest.mark.parametrize("length", [0, 13, 15, 10_000])
def test_refuses_another_length_than_the_one_that_was_said(length: int) -> None:
    with pytest.raises(InvalidRequest, match="source must give 14 bytes, got"):
        streamed(io.BytesIO(bytes(length)), plaintext_bytes=14, frame_length=5)


def test_takes_the_length_that_was_said() -> None:
    for length in (0, 14, 700_000):
        assert decrypted(streamed(io.BytesIO(bytes(length)), plaintext_bytes=length)[0]) == bytes(length)


def test_says_how_much_will_be_encrypted_to_where_the_data_key_comes_from() -> None:
    asked = []

    class Counted(FreshDataKeys):
        def to_seal(self, *arguments: Any, plaintext_bytes: int | None = None, **options: Any) -> Any:
            asked.append(plaintext_bytes)
            return super().to_seal(*arguments, **options)

    streamed(io.BytesIO(bytes(14)), keys=Counted(RawKeyring()), plaintext_bytes=14)
    streamed(io.BytesIO(bytes(14)), keys=Counted(RawKeyring()))

    assert asked == [14, None]


@pytest.mark.parametrize("frame_length", [0, -1, FRAME_BYTES_MAX + 1])
def test_refuses_frames_that_cannot_be_before_anything_is_asked_for(frame_length: int) -> None:
    with pytest.raises(InvalidRequest, match="frame_length must be 1 to 2147483647 bytes"):
        sealed_blocks(NEVER_READ, keys=NO_KEYS, context=CONTEXT, frame_length=frame_length)


def test_refuses_more_frames_than_sequence_numbers_before_anything_is_asked_for() -> None:
    with pytest.raises(LimitExceeded, match="at most 4294967295 frames of 1 bytes"):
        sealed_blocks(NEVER_READ, keys=NO_KEYS, context=CONTEXT, frame_length=1, plaintext_bytes=SEQUENCE_MAX + 1)


def test_refuses_the_frame_behind_the_last_sequence_number() -> None:
    _check_number(SEQUENCE_MAX)
    with pytest.raises(LimitExceeded, match="at most 4294967295 frames, got more"):
        _check_number(SEQUENCE_MAX + 1)


@pytest.mark.parametrize("suite", [suite for suite in SUITES.values() if not suite.commits], ids=str)
def test_refuses_to_write_suites_that_are_only_read(suite: AlgorithmSuite) -> None:
    with pytest.raises(InvalidRequest, match="suite must be one that commits to its key"):
        sealed_blocks(NEVER_READ, keys=NO_KEYS, context=CONTEXT, suite=suite)


@SIGNED_OR_NOT
def test_a_source_that_breaks_off_leaves_nothing_that_can_be_read(suite: AlgorithmSuite) -> None:
    destination = io.BytesIO()
    source = BreaksOff(bytes(500_000), ConnectionResetError("broken"))

    with pytest.raises(ConnectionResetError):
        encrypt_stream(source, destination, keys=KEYS, context=CONTEXT, suite=suite, frame_length=4096)

    assert len(destination.getvalue()) > BATCH_BYTES
    with pytest.raises(MalformedMessage, match="must end with its final frame"):
        decrypted(destination.getvalue())


def test_takes_a_data_key_at_once_and_reads_when_blocks_are_taken() -> None:
    class Counted(RawKeyring):
        made = 0

        def generate_data_key(self, context: EncryptionContext) -> Any:
            Counted.made += 1
            return super().generate_data_key(context)

    source = Generated(10**9)
    blocks = sealed_blocks(source, keys=FreshDataKeys(Counted()), context=CONTEXT)

    assert (Counted.made, source.given) == (1, 0)
    next(blocks)
    assert source.given == 0
    next(blocks)
    assert source.given == BATCH_BYTES + 64


@pytest.mark.parametrize("kind", ["a finished stream", "a stream that was given up", "a stream that failed"])
def test_overwrites_its_plaintext(kind: str) -> None:
    seen: list[memoryview] = []

    class Watching(Generated):
        def readinto(self, buffer: memoryview, /) -> int:
            seen.append(buffer)
            if kind == "a stream that failed" and self.given:
                raise ConnectionResetError
            return super().readinto(buffer)

    blocks = sealed_blocks(Watching(100), keys=KEYS, context=CONTEXT, frame_length=60)
    if kind == "a stream that was given up":
        next(blocks), next(blocks)
        blocks.close()  # type: ignore[attr-defined]  # it is a generator
    elif kind == "a stream that failed":
        with pytest.raises(ConnectionResetError):
            list(blocks)
    else:
        list(blocks)

    assert seen
    assert not any(any(buffer) for buffer in seen)


@pytest.mark.parametrize("frame_length", [4096, 65536, 2**20])
def test_takes_no_more_memory_for_more_plaintext(frame_length: int) -> None:
    def peak(length: int) -> int:
        tracemalloc.start()
        for _ in sealed_blocks(Generated(length), keys=KEYS, context=CONTEXT, frame_length=frame_length):
            pass
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    assert peak(16 * 2**20) < peak(4 * 2**20) + 50_000
    assert peak(4 * 2**20) < 8 * 2**20 + 4 * frame_length


def test_a_failing_source_of_data_keys_is_heard_at_once() -> None:
    with pytest.raises(NotAuthentic):
        sealed_blocks(NEVER_READ, keys=NO_KEYS, context=CONTEXT)


class _NoKeys(FreshDataKeys):
    def to_seal(self, *_: object, **__: object) -> Any:
        raise NotAuthentic


class _NeverRead:
    def read(self, _: int, /) -> bytes:
        raise AssertionError("read")


NO_KEYS, NEVER_READ = _NoKeys(RawKeyring()), _NeverRead()
