"""Two ways to read a header, of which one is short: they must agree about every one."""

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from envelope import message
from envelope.errors import LimitExceeded, MalformedMessage
from envelope.format.context import EncryptionContext
from envelope.format.header import UnverifiedHeader
from envelope.format.suites import COMMITTING, COMMITTING_SIGNED, SUITES, CommitmentPolicy
from envelope.format.usual_header import parse_usual_header
from envelope.format.wire import Reader
from envelope.keys.materials import FreshDataKeys
from tests.support.message_builder import MessageBuilder
from tests.support.raw_keyring import RawKeyring

STRICT = CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT
KEYS = FreshDataKeys(RawKeyring())


@cache
def sealed(suite_id: int, *, pairs: int) -> bytes:
    context = EncryptionContext.of({f"key {number}": "value" for number in range(pairs)})
    return bytes(message.encrypt(b"text", keys=KEYS, context=context, suite=SUITES[suite_id]))


SEALED = [sealed(suite.suite_id, pairs=pairs) for suite in (COMMITTING, COMMITTING_SIGNED) for pairs in (0, 1, 3)]
OTHERS = [MessageBuilder(suite_id=suite_id).build() for suite_id in (0x0478, 0x0578, 0x0178, 0x0378, 0x0078)]


def field_by_field(data: bytes, policy: CommitmentPolicy) -> UnverifiedHeader | None:
    try:
        return UnverifiedHeader._parse(Reader(data), policy)
    except (MalformedMessage, LimitExceeded):
        return None


def agree(data: bytes, policy: CommitmentPolicy = STRICT) -> bool:
    """Both read the same, or the short way leaves it to the other."""
    usual = parse_usual_header(data)
    return usual is None or UnverifiedHeader._make(usual) == field_by_field(data, policy)


@pytest.mark.parametrize("data", SEALED)
def test_what_we_write_is_usual(data: bytes) -> None:
    for kind in (bytes, bytearray, memoryview):
        usual = parse_usual_header(kind(data))

        assert usual is not None
        assert UnverifiedHeader._make(usual) == field_by_field(data, STRICT)
        assert all(type(each) is bytes for each in (usual[1], usual[2], usual[6], usual[7], usual[9]))


@pytest.mark.parametrize("policy", CommitmentPolicy)
@pytest.mark.parametrize("data", OTHERS)
def test_both_ways_agree_about_every_suite(data: bytes, policy: CommitmentPolicy) -> None:
    assert agree(data, policy)


@given(st.sampled_from(SEALED + OTHERS), st.integers(0, 400), st.integers(0, 255), st.sampled_from(CommitmentPolicy))
def test_both_ways_agree_when_a_byte_is_another(
    data: bytes, position: int, value: int, policy: CommitmentPolicy
) -> None:
    changed = bytearray(data)
    changed[position % len(data)] = value

    assert agree(bytes(changed), policy)


@given(st.sampled_from(SEALED), st.integers(0, 200), st.binary(max_size=4), st.integers(0, 8))
def test_both_ways_agree_when_bytes_are_put_in_or_taken_out(
    data: bytes, position: int, put_in: bytes, taken_out: int
) -> None:
    assert agree(data[:position] + put_in + data[position + taken_out :])


@pytest.mark.parametrize("data", SEALED)
def test_both_ways_agree_about_every_cut(data: bytes) -> None:
    for end in range(len(data)):
        assert agree(data[:end])
        if end < UnverifiedHeader.parse(data).length:
            assert parse_usual_header(data[:end]) is None


def test_a_signed_message_is_not_taken_for_an_unsigned_one_nor_the_other_way_round() -> None:
    signed, unsigned = sealed(0x0578, pairs=1), sealed(0x0478, pairs=1)

    for data in (b"\x02\x04\x78" + signed[3:], b"\x02\x05\x78" + unsigned[3:]):
        assert parse_usual_header(data) is None
        with pytest.raises(MalformedMessage, match="verification key"):
            UnverifiedHeader.parse(data)


def test_long_headers_are_not_remembered() -> None:
    context = EncryptionContext.of({"key": "v" * 5000})
    data = bytes(message.encrypt(b"text", keys=KEYS, context=context))

    assert parse_usual_header(data) is None
    assert UnverifiedHeader.parse(data).context == context
