import tracemalloc
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from envelope import message
from envelope.errors import InvalidRequest, LimitExceeded, MalformedMessage, NotAuthentic
from envelope.format.context import EncryptionContext
from envelope.format.expected_context import AtLeast
from envelope.format.frames import body_length
from envelope.format.header import UnverifiedHeader
from envelope.format.suites import COMMITTING, COMMITTING_SIGNED, SUITES, AlgorithmSuite, CommitmentPolicy
from envelope.keys.materials import FreshDataKeys
from envelope.limits import HEADER_BYTES_USUAL, RANGE_FETCH_BYTES
from envelope.streams.ranges import SignedRanges, decrypt_range, range_blocks
from tests.support.message_builder import Frame, MessageBuilder
from tests.support.raw_keyring import KnownDataKey, RawKeyring
from tests.support.sources import Recorded

CONTEXT = EncryptionContext.of({"purpose": "test"})
EXPECTED = AtLeast(CONTEXT)
KEYS = FreshDataKeys(RawKeyring())
GOOD = MessageBuilder()
PLAINTEXT = bytes(range(251)) * 400
FRAME_LENGTH = 1000


def sealed(plaintext: bytes, *, frame_length: int = FRAME_LENGTH, suite: AlgorithmSuite = COMMITTING) -> bytes:
    return bytes(message.encrypt(plaintext, keys=KEYS, context=CONTEXT, frame_length=frame_length, suite=suite))


def part(
    data: bytes | Recorded, first: int, last: int | None, *, message_bytes: int | None = None, **options: Any
) -> bytes:
    fetch = data if isinstance(data, Recorded) else Recorded(data)
    length = len(fetch._message) if message_bytes is None else message_bytes
    found = decrypt_range(
        fetch, message_bytes=length, first=first, last=last, **{"keys": KEYS, "context": EXPECTED, **options}
    )
    return bytes(found)


def part_of(built: MessageBuilder, first: int, last: int | None, **options: Any) -> bytes:
    keys = FreshDataKeys(KnownDataKey(built.own_data_key))
    return part(built.build(), first, last, keys=keys, **options)


@given(
    st.binary(max_size=200),
    st.integers(1, 60),
    st.integers(-210, 210),
    st.none() | st.integers(0, 220),
    st.sampled_from([COMMITTING, COMMITTING_SIGNED]),
)
@settings(max_examples=150)
def test_a_range_is_a_slice_of_the_plaintext(
    plaintext: bytes, frame_length: int, first: int, last: int | None, suite: AlgorithmSuite
) -> None:
    if last is not None and last < max(first, 0):
        return
    data = sealed(plaintext, frame_length=frame_length, suite=suite)

    found = part(data, first, None if first < 0 else last, signed=SignedRanges.UNSAFE_UNSIGNED)

    if first < 0:
        assert found == (plaintext[first:] if -first < len(plaintext) else plaintext)
    else:
        assert found == plaintext[first : None if last is None else last + 1]


@pytest.mark.parametrize("suite_id", [suite_id for suite_id in SUITES if SUITES[suite_id].signature is None])
def test_reads_ranges_under_every_suite_that_does_not_sign(suite_id: int) -> None:
    built = MessageBuilder(suite_id=suite_id)

    assert part_of(built, 7, 8, policy=CommitmentPolicy.UNSAFE_ALLOW_WITHOUT_DERIVATION) == b"at"


def test_fetches_the_header_and_the_frames_that_hold_the_range() -> None:
    data = Recorded(sealed(PLAINTEXT))
    header, stride = UnverifiedHeader.parse(data._message).length, FRAME_LENGTH + 32

    assert part(data, 50_500, 52_499) == PLAINTEXT[50_500:52_500]
    assert data.calls == [
        (0, HEADER_BYTES_USUAL - 1),
        (header + 50 * stride, header + 53 * stride - 1),
    ]


def test_fetches_frames_that_came_with_the_header_only_once() -> None:
    data = Recorded(sealed(PLAINTEXT))

    assert part(data, 0, 4999) == PLAINTEXT[:5000]
    assert data.calls == [(0, HEADER_BYTES_USUAL - 1)]


def test_fetches_a_small_message_at_once() -> None:
    data = Recorded(sealed(b"attack at dawn", frame_length=5))

    assert part(data, -4, None) == b"dawn"
    assert data.calls == [(0, len(data._message) - 1)]


def test_fetches_a_long_range_in_pieces_with_its_end_first() -> None:
    plaintext = bytes(5 * 2**20)
    data = Recorded(sealed(plaintext, frame_length=65536))
    length, header = len(data._message), UnverifiedHeader.parse(data._message).length
    stride, at_once = 65536 + 32, RANGE_FETCH_BYTES // (65536 + 32)

    assert part(data, -len(plaintext), None) == plaintext
    assert data.calls == [
        (0, HEADER_BYTES_USUAL - 1),
        (header + 79 * stride, length - 1),
        (header, header + at_once * stride - 1),
        (header + at_once * stride, header + 2 * at_once * stride - 1),
        (header + 2 * at_once * stride, length - 1),
    ]


def test_takes_no_more_memory_for_a_longer_range() -> None:
    data = Recorded(sealed(bytes(12 * 2**20), frame_length=65536))

    def peak(length: int) -> int:
        tracemalloc.start()
        options: dict[str, Any] = {"keys": KEYS, "context": EXPECTED, "message_bytes": len(data._message)}
        assert sum(map(len, range_blocks(data, first=0, last=length - 1, **options))) == length
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    assert peak(12 * 2**20) < peak(5 * 2**20) + 50_000 < 8 * 2**20


@pytest.mark.parametrize("wanted", [(1, 20_000), (-20_000, None)])
def test_takes_no_more_memory_for_frames_of_one_byte(wanted: tuple[int, int | None]) -> None:
    data = Recorded(sealed(PLAINTEXT[:20_100], frame_length=1))

    tracemalloc.start()
    found = part(data, *wanted)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert found == PLAINTEXT[:20_100][wanted[0] : None if wanted[1] is None else wanted[1] + 1]
    assert len(data.calls) == 2
    assert most < 4 * 2**20


@pytest.mark.parametrize(("first", "last"), [(0, 4), (5, 9), (0, 9), (3, 12)])
def test_reads_around_damage_in_frames_that_it_does_not_fetch(first: int, last: int) -> None:
    frames = GOOD.good_frames()
    built = GOOD.but(frames=(*frames[:2], Frame(b"XXXX", 3, final=True, label=b"wrong")))

    if last < 10:
        assert part_of(built, first, last) == GOOD.plaintext[first : last + 1]
    else:
        with pytest.raises(NotAuthentic):
            part_of(built, first, last)


@pytest.mark.parametrize(("first", "last"), [(-1, None), (0, None), (9, 14), (14, 20), (100, 200)])
def test_a_range_that_depends_on_the_end_authenticates_it(first: int, last: int | None) -> None:
    frames = GOOD.good_frames()
    cut_off = GOOD.but(frames=frames[:2])
    damaged = GOOD.but(frames=(*frames[:2], Frame(b"dawn", 3, final=True, label=b"wrong")))

    with pytest.raises(MalformedMessage):
        part_of(cut_off, first, last)
    with pytest.raises(NotAuthentic):
        part_of(damaged, first, last)


@pytest.mark.parametrize("kept", [0, 1, 40, 73])
def test_refuses_a_message_that_was_cut_to_another_length_that_could_be(kept: int) -> None:
    plaintext = bytes(range(100))
    data = sealed(plaintext, frame_length=10)
    header = UnverifiedHeader.parse(data).length
    cut = data[: header + body_length(kept, frame_length=10)]

    with pytest.raises((MalformedMessage, NotAuthentic)):
        part(cut, -1, None)
    with pytest.raises((MalformedMessage, NotAuthentic)):
        part(cut, max(kept - 1, 0), max(kept - 1, 0))


def test_an_empty_final_frame_is_where_the_plaintext_ends() -> None:
    built = GOOD.but(frames=(Frame(b"dawn!", 1, final=False), Frame(b"", 2, final=True)))

    assert [part_of(built, *wanted) for wanted in [(0, 4), (-2, None), (4, 5), (5, 9)]] == [b"dawn!", b"n!", b"!", b""]


def test_every_changed_bit_is_refused_or_lies_outside() -> None:
    data = GOOD.build()
    start = len(GOOD.header()) + 37
    keys = FreshDataKeys(KnownDataKey(GOOD.own_data_key))
    unseen = 0
    for position in range(len(data) * 8):
        changed = bytearray(data)
        changed[position // 8] ^= 1 << position % 8
        try:
            found = part(bytes(changed), 5, 9, keys=keys)
        except (MalformedMessage, NotAuthentic, LimitExceeded):
            assert not len(GOOD.header()) <= position // 8 < start
            assert position // 8 < start + 37
        else:
            assert found == GOOD.plaintext[5:10]
            unseen += 1
    assert unseen == 8 * (len(data) - len(GOOD.header()) - 37)


def test_refuses_a_signed_message_unless_told_otherwise() -> None:
    data = sealed(PLAINTEXT, suite=COMMITTING_SIGNED)

    with pytest.raises(InvalidRequest, match="message must not be signed to read a range of it, got a signed one"):
        part(data, 0, 4)
    assert part(data, 0, 4, signed=SignedRanges.UNSAFE_UNSIGNED) == PLAINTEXT[:5]


@pytest.mark.parametrize("length", [101, 102, 104])
def test_finds_the_end_of_a_signed_message_by_any_length_of_signature(length: int) -> None:
    built = GOOD.but(suite_id=0x0578, footer=length.to_bytes(2) + b"\x01" * length)

    assert part_of(built, -4, None, signed=SignedRanges.UNSAFE_UNSIGNED) == b"dawn"


def test_refuses_a_signed_message_without_signature() -> None:
    built = GOOD.but(suite_id=0x0578, footer=b"")

    with pytest.raises(MalformedMessage, match="message must end with a signature, got none"):
        part_of(built, 0, 4, signed=SignedRanges.UNSAFE_UNSIGNED)


def test_refuses_a_message_without_frames() -> None:
    with pytest.raises(InvalidRequest, match="message must be in frames to read a range of it, got one block"):
        part_of(GOOD.but(content_type=1), 0, 4)


def test_refuses_frames_that_are_too_long_before_it_takes_memory() -> None:
    with pytest.raises(LimitExceeded, match="frame length must be at most 4 bytes, got 5"):
        part_of(GOOD, 0, 4, max_frame_bytes=4)


def test_refuses_a_range_that_is_none_before_anything_is_fetched() -> None:
    data = Recorded(GOOD.build())

    with pytest.raises(InvalidRequest, match="range must end at or behind its first byte 5, got 4"):
        part(data, 5, 4)
    assert data.calls == []


def test_refuses_another_context_and_another_key() -> None:
    data = sealed(PLAINTEXT)

    with pytest.raises(NotAuthentic):
        part(data, 0, 4, context=EncryptionContext.of({"purpose": "another"}))
    with pytest.raises(NotAuthentic):
        part(data, 0, 4, keys=FreshDataKeys(KnownDataKey(bytes(32))))


def test_refuses_less_than_it_asked_for() -> None:
    data = Recorded(sealed(PLAINTEXT), change=lambda fetched: fetched[:-1])

    with pytest.raises(MalformedMessage, match=r"message must be \d+ bytes, got 8191"):
        part(data, 0, 4)


def test_refuses_nothing_at_all() -> None:
    with pytest.raises(MalformedMessage):
        part(b"", 0, None)


def test_overwrites_its_plaintext() -> None:
    data = Recorded(sealed(PLAINTEXT))
    blocks = range_blocks(data, message_bytes=len(data._message), first=0, last=None, keys=KEYS, context=EXPECTED)
    seen = list(blocks)

    assert seen
    assert not any(any(block) for block in seen)
