import pytest

from envelope.errors import LimitExceeded, MalformedMessage
from envelope.format.context import EncryptionContext
from envelope.format.encrypted_data_keys import EncryptedDataKey, parse_encrypted_data_keys, serialise_key_section
from envelope.format.wire import Reader
from envelope.limits import ENCRYPTED_DATA_KEYS_MAX

NONE = EncryptionContext.of({})
KEYS = [EncryptedDataKey(b"aws-kms", str(number).encode(), b"wrapped") for number in range(ENCRYPTED_DATA_KEYS_MAX)]


def test_the_order_is_kept() -> None:
    section = serialise_key_section(NONE, KEYS[::-1])

    assert parse_encrypted_data_keys(Reader(section[2:])) == tuple(KEYS[::-1])


def test_the_section_begins_with_the_context() -> None:
    context = EncryptionContext.of({"a": "b"})

    assert serialise_key_section(context, KEYS).startswith(b"\x00\x08" + context.serialise())


def test_refuses_none_and_more_than_a_reader_looks_at() -> None:
    with pytest.raises(MalformedMessage, match="count must be at least 1, got 0"):
        parse_encrypted_data_keys(Reader(b"\x00\x00"))
    with pytest.raises(LimitExceeded, match="at most 5, got 6"):
        parse_encrypted_data_keys(Reader(b"\x00\x06"))


def test_refuses_every_cut() -> None:
    section = serialise_key_section(NONE, KEYS[:2])[2:]

    for length in range(len(section)):
        with pytest.raises(MalformedMessage):
            parse_encrypted_data_keys(Reader(section[:length]))


def test_the_repr_hides_the_ciphertext() -> None:
    assert "wrapped" not in repr(KEYS[0])
