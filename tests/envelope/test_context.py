import pytest
from hypothesis import given
from hypothesis import strategies as st

from envelope.context import EncryptionContext
from envelope.errors import InvalidRequest, LimitExceeded, MalformedMessage
from envelope.limits import CONTEXT_BYTES_MAX

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@given(st.dictionaries(TEXT.filter(lambda key: not key.startswith("aws-crypto-")), TEXT, max_size=8))
def test_sorts_by_utf8_bytes_and_gives_back_what_it_took(values: dict[str, str]) -> None:
    context = EncryptionContext.of(values)

    assert context.to_dict() == values
    assert [key for key, _ in context.encoded] == sorted(key.encode() for key in values)
    assert EncryptionContext.from_encoded(context.encoded) == context


def test_the_order_is_that_of_utf8_where_utf16_has_another() -> None:
    # In UTF-16 the second key begins with the surrogate D83D, which comes before F900.
    assert EncryptionContext.of({"🔑": "", "豈": ""}).keys == ("豈", "🔑")


def test_equality_does_not_depend_on_the_order_of_the_caller() -> None:
    assert EncryptionContext.of({"a": "1", "b": "2"}) == EncryptionContext.of({"b": "2", "a": "1"})


def test_the_repr_shows_no_values() -> None:
    assert repr(EncryptionContext.of({"patient": "Ada"})) == "EncryptionContext(keys=('patient',))"


@pytest.mark.parametrize("key", ["aws-crypto-public-key", "aws-crypto-", "aws-crypto-foo"])
def test_refuses_reserved_keys(key: str) -> None:
    with pytest.raises(InvalidRequest, match=f"must not start with 'aws-crypto-', got '{key}'"):
        EncryptionContext.of({key: "x"})


@pytest.mark.parametrize("values", [{"\ud800": "x"}, {"x": "\udfff"}])
def test_refuses_what_is_no_unicode(values: dict[str, str]) -> None:
    with pytest.raises(InvalidRequest, match="got half a character"):
        EncryptionContext.of(values)


def test_takes_as_much_as_the_length_field_can_say_and_refuses_one_byte_more() -> None:
    largest = {"k": "v" * (CONTEXT_BYTES_MAX - 7)}

    assert EncryptionContext.of(largest).size == CONTEXT_BYTES_MAX
    with pytest.raises(LimitExceeded, match="at most 65535 bytes, got 65536"):
        EncryptionContext.of({"k": largest["k"] + "v"})


def test_an_empty_context_has_no_bytes() -> None:
    assert EncryptionContext.of({}).size == 0


@pytest.mark.parametrize("keys", [(b"a", b"a"), (b"b", b"a"), (b"a", b"c", b"b")])
def test_refuses_keys_that_do_not_ascend(keys: tuple[bytes, ...]) -> None:
    with pytest.raises(MalformedMessage, match="out of order or twice"):
        EncryptionContext.from_encoded([(key, b"") for key in keys])


@pytest.mark.parametrize("pair", [(b"\xff", b""), (b"a", b"\xc3"), (b"\xed\xa0\x80", b"")])
def test_refuses_bytes_that_are_not_utf8(pair: tuple[bytes, bytes]) -> None:
    with pytest.raises(MalformedMessage, match="must be UTF-8"):
        EncryptionContext.from_encoded([pair])
