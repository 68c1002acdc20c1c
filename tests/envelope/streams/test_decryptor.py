import errno
import io
import tracemalloc
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from envelope import message
from envelope.errors import EnvelopeError, InvalidRequest, LimitExceeded, MalformedMessage, NotAuthentic
from envelope.format.context import EncryptionContext
from envelope.format.expected_context import AtLeast
from envelope.format.frames import body_length
from envelope.format.suites import COMMITTING, COMMITTING_SIGNED, SUITES, AlgorithmSuite, CommitmentPolicy
from envelope.keys.materials import FreshDataKeys
from envelope.limits import BATCH_BYTES, SHORT_STREAM_BYTES
from envelope.streams.decryptor import Release, decrypt_stream, opened
from envelope.streams.encryptor import sealed_blocks
from envelope.streams.reading import BlockReader
from envelope.streams.spool import Spool
from envelope.streams.totals import Totals
from tests.support.message_builder import Frame, MessageBuilder
from tests.support.raw_keyring import KnownDataKey, RawKeyring
from tests.support.sources import BreaksOff, Dripping, Generated

CONTEXT = EncryptionContext.of({"purpose": "test"})
EXPECTED = AtLeast(CONTEXT)
KEYS = FreshDataKeys(RawKeyring())
EVERYTHING = CommitmentPolicy.UNSAFE_ALLOW_WITHOUT_DERIVATION
RELEASES = pytest.mark.parametrize("release", list(Release), ids=lambda release: release.name)
# Each way in which a message can end: with its last frame, with a signature, with its one block.
UNSIGNED, SIGNED, BLOCK = MessageBuilder(), MessageBuilder(suite_id=0x0578), MessageBuilder(content_type=1)
KINDS = pytest.mark.parametrize("built", [UNSIGNED, SIGNED, BLOCK], ids=["unsigned", "signed", "one block"])


def keys_of(built: MessageBuilder) -> FreshDataKeys:
    return FreshDataKeys(KnownDataKey(built.own_data_key))


def streamed(source: Any, built: MessageBuilder = UNSIGNED, **options: Any) -> tuple[bytes, Totals]:
    destination = io.BytesIO()
    totals = decrypt_stream(source, destination, keys=keys_of(built), context=EXPECTED, policy=EVERYTHING, **options)
    return destination.getvalue(), totals


@RELEASES
@pytest.mark.parametrize("content_type", [1, 2])
@pytest.mark.parametrize("suite_id", SUITES)
def test_reads_every_suite_with_and_without_frames(suite_id: int, content_type: int, release: Release) -> None:
    built = MessageBuilder(suite_id=suite_id, content_type=content_type)
    sealed = built.build()

    assert streamed(Dripping(sealed), built, release=release) == (built.plaintext, Totals(14, len(sealed)))


@given(st.binary(max_size=300), st.integers(1, 100), st.sampled_from([COMMITTING, COMMITTING_SIGNED]), st.data())
@settings(max_examples=60)
def test_reads_what_was_written_at_once(
    plaintext: bytes, frame_length: int, suite: AlgorithmSuite, data: st.DataObject
) -> None:
    sealed = message.encrypt(plaintext, keys=KEYS, context=CONTEXT, frame_length=frame_length, suite=suite)
    source = data.draw(st.sampled_from([Dripping, io.BytesIO]))(bytes(sealed))
    destination = io.BytesIO()

    decrypt_stream(source, destination, keys=KEYS, context=EXPECTED, release=data.draw(st.sampled_from(Release)))

    assert destination.getvalue() == plaintext


@pytest.mark.parametrize("frame_length", [4096, 65536, 2**20])
@pytest.mark.parametrize("length", [BATCH_BYTES - 1, BATCH_BYTES, BATCH_BYTES + 1, 800_000])
def test_batches_meet_where_they_should(length: int, frame_length: int) -> None:
    plaintext = (bytes(range(251)) * (length // 251 + 1))[:length]
    sealed = message.encrypt(plaintext, keys=KEYS, context=CONTEXT, frame_length=frame_length)
    destination = io.BytesIO()

    decrypt_stream(io.BytesIO(sealed), destination, keys=KEYS, context=CONTEXT)

    assert destination.getvalue() == plaintext


@pytest.mark.parametrize("frame_length", [1000, 5000, 65536])
@pytest.mark.parametrize("length", [SHORT_STREAM_BYTES + more for more in (-2, -1, 0, 1)])
def test_reads_messages_as_long_as_what_is_read_first(length: int, frame_length: int) -> None:
    options: dict[str, Any] = {"keys": KEYS, "context": CONTEXT, "frame_length": frame_length}
    header = len(message.encrypt(b"", **options)) - body_length(0, frame_length=frame_length)
    held = next(n for n in range(length) if header + body_length(n, frame_length=frame_length) == length)
    plaintext = (bytes(range(1, 251)) * 400)[:held]
    sealed = message.encrypt(plaintext, **options)
    assert len(sealed) == length

    for source in (io.BytesIO(sealed), Dripping(bytes(sealed), sizes=(30_000, 1))):
        destination = io.BytesIO()
        decrypt_stream(source, destination, keys=KEYS, context=CONTEXT)
        assert destination.getvalue() == plaintext


def test_reads_an_empty_final_frame_behind_full_ones() -> None:
    built = UNSIGNED.but(frames=(Frame(b"dawn!", 1, final=False), Frame(b"", 2, final=True)))

    assert streamed(io.BytesIO(built.build())) == (b"dawn!", Totals(5, len(built.build())))


def test_says_what_the_header_says_before_anything_else_is_read() -> None:
    source = Dripping(UNSIGNED.build(), sizes=(50,))

    opening = opened(source, keys=keys_of(UNSIGNED), context=CONTEXT)

    assert (opening.header.context, opening.header.suite) == (CONTEXT, COMMITTING)


def released(built: MessageBuilder, data: bytes, release: Release) -> tuple[bytes, str]:
    """What came out, and the name of what was raised."""
    destination, name = io.BytesIO(), ""
    try:
        decrypt_stream(
            io.BytesIO(data), destination, keys=keys_of(built), context=EXPECTED, policy=EVERYTHING, release=release
        )
    except EnvelopeError as error:
        name = type(error).__name__
    return destination.getvalue(), name


@RELEASES
@KINDS
def test_refuses_every_cut(built: MessageBuilder, release: Release) -> None:
    sealed = built.build()

    for length in range(len(sealed)):
        out, name = released(built, sealed[:length], release)
        assert name in {"MalformedMessage", "NotAuthentic"}
        assert release is not Release.AFTER_ALL or built is UNSIGNED or out == b""
        assert built.plaintext.startswith(out)
        assert out != built.plaintext


@RELEASES
@KINDS
def test_refuses_every_byte_behind(built: MessageBuilder, release: Release) -> None:
    for suffix in (b"\0", bytes(2), bytes(200), built.build()):
        out, name = released(built, built.build() + suffix, release)
        assert name == "MalformedMessage"
        assert out != built.plaintext


@KINDS
def test_refuses_every_changed_bit_and_lets_nothing_wrong_out(built: MessageBuilder) -> None:
    sealed = built.build()

    for position in range(len(sealed) * 8):
        changed = bytearray(sealed)
        changed[position // 8] ^= 1 << position % 8
        out, name = released(built, bytes(changed), Release.AFTER_ALL)
        assert name in {"MalformedMessage", "NotAuthentic", "LimitExceeded"}
        assert out == b""


@pytest.mark.parametrize("built", [SIGNED, BLOCK], ids=["signed", "one block"])
def test_releases_nothing_of_a_message_that_turns_out_wrong_at_its_end(built: MessageBuilder) -> None:
    large = built.but(plaintext=bytes(range(200)) * 3000, frame_length=4096)
    changed = large.build()[:-1] + bytes([large.build()[-1] ^ 1])

    assert released(large, changed, Release.AFTER_ALL) == (b"", "NotAuthentic")
    held, name = released(large, changed, Release.HELD_BY_DESTINATION)
    assert name == "NotAuthentic"
    assert 0 < len(held) < len(large.plaintext)


def test_releases_frames_of_an_unsigned_message_as_they_are_found_genuine() -> None:
    large = UNSIGNED.but(plaintext=bytes(600_000), frame_length=4096)
    changed = large.build()[:-1] + b"x"

    out, name = released(large, changed, Release.AFTER_ALL)

    assert name == "NotAuthentic"
    assert out == bytes(len(out))
    assert BATCH_BYTES <= len(out) < 600_000


@pytest.mark.parametrize("frame_bytes", [65537, 2**31, 2**32 - 1])
def test_refuses_frames_that_are_too_long_before_it_takes_memory(frame_bytes: int) -> None:
    built = UNSIGNED.but(written_frame_length=frame_bytes)

    with pytest.raises(LimitExceeded, match=f"frame length must be at most 65536 bytes, got {frame_bytes}"):
        opened(io.BytesIO(built.build()), keys=keys_of(built), context=CONTEXT, max_frame_bytes=65536)


def test_believes_a_frame_length_only_of_a_genuine_header() -> None:
    built = UNSIGNED.but(written_frame_length=2**32 - 1, header_tag=bytes(16))

    with pytest.raises(NotAuthentic):
        opened(io.BytesIO(built.build()), keys=keys_of(built), context=CONTEXT)


def test_by_default_frames_are_at_most_64_mib() -> None:
    built = UNSIGNED.but(written_frame_length=64 * 2**20 + 1)

    with pytest.raises(LimitExceeded, match="at most 67108864 bytes"):
        opened(io.BytesIO(built.build()), keys=keys_of(built), context=CONTEXT)


def test_reads_only_messages_that_commit_to_their_key_unless_told() -> None:
    built = MessageBuilder(suite_id=0x0178)

    with pytest.raises(MalformedMessage, match="commitment policy"):
        opened(io.BytesIO(built.build()), keys=keys_of(built), context=CONTEXT)


def test_a_reader_that_stops_early_is_told_so() -> None:
    def stop_early() -> None:
        with opened(io.BytesIO(UNSIGNED.build()), keys=keys_of(UNSIGNED), context=CONTEXT) as opening:
            next(opening.blocks())

    with pytest.raises(InvalidRequest, match="message must be read to its end, got a reader that stopped before"):
        stop_early()


def test_a_reader_that_comes_to_the_end_is_content() -> None:
    with opened(io.BytesIO(UNSIGNED.build()), keys=keys_of(UNSIGNED), context=CONTEXT) as opening:
        assert BlockReader(opening.blocks()).read(100) == UNSIGNED.plaintext


def test_a_reader_that_fails_hears_of_its_own_failure() -> None:
    with pytest.raises(KeyError), opened(io.BytesIO(UNSIGNED.build()), keys=keys_of(UNSIGNED), context=CONTEXT):
        raise KeyError


def test_the_last_block_comes_after_the_end_was_checked() -> None:
    opening = opened(io.BytesIO(UNSIGNED.build() + b"x"), keys=keys_of(UNSIGNED), context=CONTEXT)

    with pytest.raises(MalformedMessage, match="message must end behind its body, got more bytes"):
        next(opening.blocks())


@KINDS
def test_overwrites_its_plaintext(built: MessageBuilder) -> None:
    opening = opened(io.BytesIO(built.build()), keys=keys_of(built), context=EXPECTED)
    seen = []
    for block in opening.blocks():
        seen.append(block)
        assert any(block)

    assert seen
    assert not any(any(block) for block in seen)


@KINDS
def test_overwrites_its_plaintext_on_failure(built: MessageBuilder) -> None:
    large = built.but(plaintext=b"x" * 600_000, frame_length=4096)
    source = io.BytesIO(large.build()[:-1] + b"x")
    blocks = opened(source, keys=keys_of(large), context=EXPECTED).blocks(release=Release.HELD_BY_DESTINATION)
    first = next(blocks)
    assert bytes(first[:10]) == b"x" * 10

    with pytest.raises(NotAuthentic):
        list(blocks)
    assert not any(first)


def test_lets_the_errors_of_the_source_through() -> None:
    source = BreaksOff(UNSIGNED.build()[:-3], ConnectionResetError("broken"))

    with pytest.raises(ConnectionResetError):
        streamed(source)


class _FullDisk(io.BytesIO):
    def write(self, _: object, /) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("built", [SIGNED, BLOCK], ids=["signed", "one block"])
def test_leaves_nothing_where_there_is_no_room_for_the_temporary_file(built: MessageBuilder) -> None:
    destination, files = io.BytesIO(), []

    def new_spool() -> Spool:
        files.append(_FullDisk())
        return Spool(new_file=lambda: files[0])

    with pytest.raises(LimitExceeded, match="No space left on device"):
        decrypt_stream(
            io.BytesIO(built.build()), destination, keys=keys_of(built), context=EXPECTED, new_spool=new_spool
        )
    assert destination.getvalue() == b""
    assert files[0].closed


def test_only_messages_that_are_checked_at_their_end_need_a_temporary_file() -> None:
    made = []

    def new_spool() -> Spool:
        made.append(True)
        return Spool()

    streamed(io.BytesIO(UNSIGNED.build()), new_spool=new_spool)
    streamed(io.BytesIO(SIGNED.build()), SIGNED, new_spool=new_spool, release=Release.HELD_BY_DESTINATION)
    assert made == []
    streamed(io.BytesIO(SIGNED.build()), SIGNED, new_spool=new_spool)
    assert made == [True]


def test_no_plaintext_is_in_the_temporary_file() -> None:
    file = io.BytesIO()
    held = []

    class Kept(Spool):
        def rewind(self) -> None:
            held.append(file.getvalue())
            super().rewind()

    out, _ = streamed(io.BytesIO(SIGNED.build()), SIGNED, new_spool=lambda: Kept(new_file=lambda: file))

    assert out == SIGNED.plaintext
    assert held == [SIGNED.body()]


@pytest.mark.parametrize("suite", [COMMITTING, COMMITTING_SIGNED], ids=["0478", "0578"])
def test_takes_no_more_memory_for_more_plaintext(suite: AlgorithmSuite) -> None:
    def peak(length: int) -> int:
        blocks = sealed_blocks(Generated(length), keys=KEYS, context=CONTEXT, suite=suite)
        tracemalloc.start()
        for _ in opened(BlockReader(blocks), keys=KEYS, context=EXPECTED).blocks():
            pass
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    assert peak(8 * 2**20) < peak(2 * 2**20) + 50_000
    assert peak(2 * 2**20) < 8 * 2**20
