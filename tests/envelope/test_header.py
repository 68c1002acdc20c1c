import base64

import pytest

from envelope.context import EncryptionContext
from envelope.errors import MalformedMessage
from envelope.header import EncryptedDataKey, UnverifiedHeader, serialise_context, serialise_header
from envelope.suites import COMMITTING
from tests.support.message_builder import MESSAGE_ID, MessageBuilder

GOOD = MessageBuilder()


def test_reads_every_field() -> None:
    header = UnverifiedHeader.parse(GOOD.build())

    assert header.suite is COMMITTING
    assert header.message_id == MESSAGE_ID
    assert header.context.to_dict() == {"purpose": "test"}
    assert header.encrypted_data_keys == (EncryptedDataKey(b"known", b"key", b"wrapped"),)
    assert header.frame_length == 5
    assert header.commitment == GOOD.derived(b"COMMITKEY")
    assert header.body + header.tag == GOOD.header()
    assert header.length == len(GOOD.header())


def test_writes_what_the_builder_writes() -> None:
    body = serialise_header(
        suite=COMMITTING,
        message_id=MESSAGE_ID,
        context=EncryptionContext.of({"purpose": "test"}),
        encrypted_data_keys=[EncryptedDataKey(b"known", b"key", b"wrapped")],
        frame_length=5,
        commitment=GOOD.derived(b"COMMITKEY"),
    )

    assert body == GOOD.header_body()


def test_reads_five_encrypted_data_keys_and_refuses_six() -> None:
    one = GOOD.encrypted_data_keys[0]

    assert len(UnverifiedHeader.parse(GOOD.but(encrypted_data_keys=(one,) * 5).build()).encrypted_data_keys) == 5
    with pytest.raises(MalformedMessage, match="encrypted data key count must be at most 5, got 6"):
        UnverifiedHeader.parse(GOOD.but(encrypted_data_keys=(one,) * 6).build())


def test_refuses_a_hostile_number_of_encrypted_data_keys() -> None:
    with pytest.raises(MalformedMessage, match="at most 5, got 65535"):
        UnverifiedHeader.parse(GOOD.but(encrypted_data_key_count=65535).build())


def test_refuses_every_header_that_is_cut() -> None:
    header = GOOD.header()

    for length in range(len(header)):
        with pytest.raises(MalformedMessage):
            UnverifiedHeader.parse(header[:length])


def test_refuses_message_format_1_and_says_why() -> None:
    with pytest.raises(MalformedMessage, match="got 1: messages without key commitment are not supported"):
        UnverifiedHeader.parse(b"\x01" + GOOD.build()[1:])


@pytest.mark.parametrize("first", [b"\x01\x80", b"\x02\x04"])
def test_refuses_base64_text_and_says_what_to_do(first: bytes) -> None:
    text = base64.b64encode(first + GOOD.build()[2:])

    with pytest.raises(MalformedMessage, match="got their base64 text: decode it first"):
        UnverifiedHeader.parse(text)


@pytest.mark.parametrize("value", [0, 3, 0x41, 0xFF])
def test_refuses_an_unknown_message_format(value: int) -> None:
    with pytest.raises(MalformedMessage, match=f"message format must be 2, got {value}"):
        UnverifiedHeader.parse(GOOD.but(message_format=value).build())


def test_refuses_a_verification_key_in_an_unsigned_message() -> None:
    forged = GOOD.but(context_pairs=((b"aws-crypto-public-key", b"A"),))

    with pytest.raises(MalformedMessage, match="unsigned message must not hold 'aws-crypto-public-key'"):
        UnverifiedHeader.parse(forged.build())


def test_reads_other_reserved_keys_which_old_writers_did_not_refuse() -> None:
    odd = GOOD.but(context_pairs=((b"aws-crypto-foo", b"A"),))

    assert UnverifiedHeader.parse(odd.build()).context.keys == ("aws-crypto-foo",)


def test_reads_a_context_of_the_largest_size() -> None:
    context = EncryptionContext.of({"k": "v" * 65528})

    assert len(serialise_context(context)) == context.size == 65535
    assert UnverifiedHeader.parse(GOOD.but(context_pairs=context.encoded).build()).context == context


def test_the_reprs_hold_no_bytes_of_the_message_but_its_id() -> None:
    text = repr(UnverifiedHeader.parse(GOOD.build()))

    assert "wrapped" not in text
    assert "body" not in text


def test_refuses_a_block_that_calls_itself_frames() -> None:
    block = GOOD.but(content_type=1)
    body = block.header_body().replace(b"\x01\x00\x00\x00\x00", b"\x02\x00\x00\x00\x00")

    with pytest.raises(MalformedMessage, match="frame length must be 1 to 4294967295, got 0"):
        UnverifiedHeader.parse(body + bytes(16) + block.body())


def test_refuses_frames_that_call_themselves_a_block() -> None:
    with pytest.raises(MalformedMessage, match="frame length must be 0 without frames, got 5"):
        UnverifiedHeader.parse(GOOD.but(content_type=1, written_frame_length=5).build())
