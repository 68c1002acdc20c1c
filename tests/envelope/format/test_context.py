import pytest
from hypothesis import given
from hypothesis import strategies as st

from envelope.errors import InvalidRequest, LimitExceeded, MalformedMessage, NotAuthentic
from envelope.format.context import EncryptionContext
from envelope.limits import CONTEXT_BYTES_MAX

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@given(st.dictionaries(TEXT.filter(lambda key: not key.startswith("aws-crypto-")), TEXT, max_size=8))
def test_sorts_by_utf8_bytes_and_gives_back_what_it_took(values: dict[str, str]) -> None:
    context = EncryptionContext.of(values)

    assert context.to_dict() == values
    assert [key for key, _ in context.encoded] == sorted(key.encode() for key in values)
    assert EncryptionContext.parse(context.serialise()) == context
    assert len(context.serialise()) == context.size


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


def written(*pairs: tuple[bytes, bytes]) -> bytes:
    parts = [len(part).to_bytes(2) + part for pair in pairs for part in pair]
    return len(pairs).to_bytes(2) + b"".join(parts)


PUBLIC_KEY = b"aws-crypto-public-key"


@pytest.mark.parametrize(
    "keys", [(b"a", b"a"), (b"b", b"a"), (b"a", b"c", b"b"), (b"a", b"b", b"a"), (PUBLIC_KEY, b"a", PUBLIC_KEY)]
)
def test_refuses_keys_that_do_not_ascend(keys: tuple[bytes, ...]) -> None:
    with pytest.raises(MalformedMessage, match="out of order or twice"):
        EncryptionContext.parse(written(*((key, b"") for key in keys)))


@pytest.mark.parametrize("position", [0, 1, 2])
def test_the_verification_key_may_stand_anywhere(position: int) -> None:
    pairs = [(b"a", b"1"), (b"b", b"2")]
    pairs.insert(position, (PUBLIC_KEY, b"key"))

    assert EncryptionContext.parse(written(*pairs)) == EncryptionContext.of({"a": "1", "b": "2"}).with_public_key("key")


@pytest.mark.parametrize("pair", [(b"\xff", b""), (b"a", b"\xc3"), (b"\xed\xa0\x80", b"")])
def test_refuses_bytes_that_are_not_utf8(pair: tuple[bytes, bytes]) -> None:
    with pytest.raises(MalformedMessage, match="must be UTF-8"):
        EncryptionContext.parse(written(pair))


@pytest.mark.parametrize(
    ("data", "refusal"),
    [
        (b"\x00\x00", "count must be at least 1, got 0"),
        (b"\x00", "length of|count must be 2 bytes"),
        (written((b"a", b"b")) + b"x", "must end at offset 8, got 1 more bytes"),
        (written((b"a", b"b"))[:-1], "value must be 1 bytes"),
        (b"\xff\xff" + written((b"a", b"b"))[2:], "length of encryption context key must be 2 bytes"),
    ],
)
def test_refuses_another_spelling(data: bytes, refusal: str) -> None:
    with pytest.raises(MalformedMessage, match=refusal):
        EncryptionContext.parse(data)


def test_expects_what_the_header_says_and_what_writers_may_keep_back() -> None:
    full = EncryptionContext.of({"a": "1", "b": "2"})
    part = EncryptionContext.of({"b": "2"})

    assert full.expected_for(full) is full
    assert full.expected_for(part) == full
    assert full.expected_for(part).besides(part) == EncryptionContext.of({"a": "1"})
    assert full.expected_for(part.with_public_key("key")) == full.with_public_key("key")


@pytest.mark.parametrize("found", [{"a": "2"}, {"a": "1", "b": "3"}, {"c": ""}, {"a": "1", "b": "2", "c": ""}])
def test_refuses_a_header_that_says_anything_else(found: dict[str, str]) -> None:
    with pytest.raises(NotAuthentic):
        EncryptionContext.of({"a": "1", "b": "2"}).expected_for(EncryptionContext.of(found))


def test_refuses_to_outgrow_its_length_field_by_a_verification_key() -> None:
    largest = EncryptionContext.of({"k": "v" * (CONTEXT_BYTES_MAX - 7)})

    with pytest.raises(LimitExceeded):
        largest.with_public_key("key")
    assert EncryptionContext.of({"a": "b"}).with_public_key("key").public_key == "key"
