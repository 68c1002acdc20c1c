import base64

import pytest

from envelope.errors import LimitExceeded, MalformedMessage
from envelope.format.context import EncryptionContext
from envelope.format.encrypted_data_keys import EncryptedDataKey, serialise_key_section
from envelope.format.header import UnverifiedHeader, serialise_header
from envelope.format.suites import COMMITTING, CommitmentPolicy
from envelope.limits import HEADER_BYTES_MAX
from tests.support.message_builder import MESSAGE_ID, MessageBuilder
from tests.support.plain_reader import derived

GOOD = MessageBuilder()
COMMITMENT = derived(GOOD.facts, GOOD.own_id, GOOD.own_data_key)[1]


def test_reads_every_field() -> None:
    header = UnverifiedHeader.parse(GOOD.build())

    assert header.suite is COMMITTING
    assert header.message_id == MESSAGE_ID
    assert header.context.to_dict() == {"purpose": "test"}
    assert header.encrypted_data_keys == (EncryptedDataKey(b"known", b"key", b"wrapped"),)
    assert header.frame_length == 5
    assert header.commitment == COMMITMENT
    assert header.body + header.tag == GOOD.header()
    assert header.nonce == bytes(12)
    assert header.key_section == serialise_key_section(header.context, header.encrypted_data_keys)
    assert header.key_section in header.body
    assert header.length == len(GOOD.header())


def test_writes_what_the_builder_writes() -> None:
    body = serialise_header(
        suite=COMMITTING,
        message_id=MESSAGE_ID,
        key_section=serialise_key_section(
            EncryptionContext.of({"purpose": "test"}), [EncryptedDataKey(b"known", b"key", b"wrapped")]
        ),
        frame_length=5,
        commitment=COMMITMENT,
    )

    assert body == GOOD.header_body()


def test_reads_five_encrypted_data_keys_and_refuses_six() -> None:
    one = GOOD.encrypted_data_keys[0]

    assert len(UnverifiedHeader.parse(GOOD.but(encrypted_data_keys=(one,) * 5).build()).encrypted_data_keys) == 5
    with pytest.raises(LimitExceeded, match="encrypted data keys must be at most 5, got 6"):
        UnverifiedHeader.parse(GOOD.but(encrypted_data_keys=(one,) * 6).build())


def test_refuses_a_hostile_number_of_encrypted_data_keys() -> None:
    with pytest.raises(LimitExceeded, match="at most 5, got 65535"):
        UnverifiedHeader.parse(GOOD.but(encrypted_data_key_count=65535).build())


def test_refuses_every_header_that_is_cut() -> None:
    header = GOOD.header()

    for length in range(len(header)):
        with pytest.raises(MalformedMessage):
            UnverifiedHeader.parse(header[:length])


def test_refuses_a_header_longer_than_any_and_reads_none_of_what_is_beyond() -> None:
    longest = b"x" * 65535
    long = GOOD.but(encrypted_data_keys=((b"known", longest, longest),))

    with pytest.raises(LimitExceeded, match=f"header must be at most {HEADER_BYTES_MAX} bytes, got more"):
        UnverifiedHeader.parse(long.build())


FORMAT_1 = bytes.fromhex(
    "01 80 0178" + "aa" * 16 + "0000 0001 0005 6b6e6f776e 0003 6b6579 0007 77726170706564"  # one encrypted data key
    "02 00000000 0c 00001000" + "bb" * 12 + "cc" * 16
)
ALLOW = CommitmentPolicy.REQUIRE_ENCRYPT_ALLOW_DECRYPT


def test_reads_every_field_of_message_format_1() -> None:
    header = UnverifiedHeader.parse(FORMAT_1 + b"body", policy=ALLOW)

    assert header.suite.name == "0178"
    assert header.message_id == b"\xaa" * 16
    assert header.frame_length == 4096
    assert header.commitment == b""
    assert (header.nonce, header.tag) == (b"\xbb" * 12, b"\xcc" * 16)
    assert header.body == FORMAT_1[:-28]
    assert header.length == len(FORMAT_1)


def test_refuses_message_format_1_unless_asked_for_and_says_why() -> None:
    with pytest.raises(MalformedMessage, match="commitment policy REQUIRE_ENCRYPT_REQUIRE_DECRYPT reads"):
        UnverifiedHeader.parse(FORMAT_1)


@pytest.mark.parametrize(
    ("found", "instead", "refusal"),
    [
        ("0180", "0181", "message type must be 0x80, got 0x81"),
        ("01800178", "01800478", "must be one of message format 1, got 0478"),
        ("01800178", "01800078", "REQUIRE_ENCRYPT_ALLOW_DECRYPT reads"),
        ("02000000000c", "02000000010c", "reserved bytes must be zero"),
        ("02000000000c", "02000000000d", "nonce length must be 12, got 13"),
        ("02000000000c", "03000000000c", "content type must be 1 or 2, got 3"),
    ],
)
def test_refuses_one_wrong_field_of_message_format_1(found: str, instead: str, refusal: str) -> None:
    changed = FORMAT_1.replace(bytes.fromhex(found), bytes.fromhex(instead), 1)

    assert changed != FORMAT_1
    with pytest.raises(MalformedMessage, match=refusal):
        UnverifiedHeader.parse(changed, policy=ALLOW)


def test_refuses_every_header_of_message_format_1_that_is_cut() -> None:
    for length in range(len(FORMAT_1)):
        with pytest.raises(MalformedMessage):
            UnverifiedHeader.parse(FORMAT_1[:length], policy=ALLOW)


def test_refuses_a_signed_message_without_verification_key() -> None:
    with pytest.raises(MalformedMessage, match="signed message must hold its verification key, got none"):
        UnverifiedHeader.parse(GOOD.but(suite_id=0x0578, public_key=b"").build())


@pytest.mark.parametrize("first", [b"\x01\x80", b"\x02\x04"])
def test_refuses_base64_text_and_says_what_to_do(first: bytes) -> None:
    text = base64.b64encode(first + GOOD.build()[2:])

    with pytest.raises(MalformedMessage, match="got their base64 text: decode it first"):
        UnverifiedHeader.parse(text)


@pytest.mark.parametrize("value", [0, 3, 0x42, 0xFF])
def test_refuses_an_unknown_message_format(value: int) -> None:
    with pytest.raises(MalformedMessage, match=f"message format must be 1 or 2, got {value}"):
        UnverifiedHeader.parse(GOOD.but(message_format=value).build())


def test_refuses_a_verification_key_in_an_unsigned_message() -> None:
    forged = GOOD.but(context_pairs=((b"aws-crypto-public-key", b"A"),))

    with pytest.raises(MalformedMessage, match="unsigned message must not hold a verification key"):
        UnverifiedHeader.parse(forged.build())


@pytest.mark.parametrize("key", [b"aws-crypto-", b"aws-crypto-foo", b"aws-crypto-public-key2"])
def test_refuses_reserved_keys_that_the_format_does_not_have(key: bytes) -> None:
    with pytest.raises(MalformedMessage, match="keys must not start with 'aws-crypto-', got one"):
        UnverifiedHeader.parse(GOOD.but(context_pairs=((key, b"A"),)).build())


def test_reads_a_context_of_the_largest_size() -> None:
    context = EncryptionContext.of({"k": "v" * 65528})

    assert len(context.serialise()) == context.size == 65535
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
