import ast
from pathlib import Path

import pytest

import envelope
from envelope.errors import MalformedMessage, NotAuthentic
from envelope.header import Header, UnverifiedHeader
from envelope.seal import MessageCipher, _wiped_on_failure
from tests.support.message_builder import MessageBuilder

GOOD = MessageBuilder()
COMMITMENT = derived(GOOD.facts, GOOD.own_id, GOOD.own_data_key)[1]
SOURCE = Path(envelope.__file__).parent


def cipher() -> MessageCipher:
    return MessageCipher(GOOD.derived(b"\x04\x78DERIVEKEY"))


def test_a_genuine_header_becomes_a_trusted_one() -> None:
    claimed = UnverifiedHeader.parse(GOOD.build())

    header = cipher().verify_header(claimed, commitment=COMMITMENT)

    assert header == Header(message_id=GOOD.message_id, frame_length=5, length=len(GOOD.header()))


def test_refuses_another_commitment_even_with_a_good_tag() -> None:
    with pytest.raises(NotAuthentic):
        cipher().verify_header(UnverifiedHeader.parse(GOOD.build()), commitment=bytes(32))


def test_refuses_a_wrong_tag_even_with_a_good_commitment() -> None:
    forged = UnverifiedHeader.parse(GOOD.but(header_tag=bytes(16)).build())

    with pytest.raises(NotAuthentic) as caught:
        cipher().verify_header(forged, commitment=COMMITMENT)
    assert caught.value.__cause__ is None


def test_one_function_makes_trusted_headers() -> None:
    makers = {
        (path.name, function.name)
        for path in SOURCE.glob("*.py")
        for function in ast.walk(ast.parse(path.read_text()))
        if isinstance(function, ast.FunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == Header.__name__
    }

    assert makers == {("seal.py", "verify_header")}


def test_seals_a_header_as_the_format_says() -> None:
    assert GOOD.header_body() + cipher().seal_header(GOOD.header_body()) == GOOD.header()


def test_seals_frames_as_the_format_says() -> None:
    body = bytearray(len(GOOD.body()))

    cipher().seal_frames(memoryview(GOOD.plaintext), memoryview(body), message_id=GOOD.message_id, frame_length=5)

    assert body == GOOD.body()


def test_opens_frames() -> None:
    header = cipher().verify_header(UnverifiedHeader.parse(GOOD.build()), commitment=COMMITMENT)

    assert cipher().open_frames(GOOD.build(), header=header) == GOOD.plaintext


def test_wipes_what_was_decrypted_before_a_later_frame_was_refused() -> None:
    for failure in (MalformedMessage("later"), KeyboardInterrupt()):
        plaintext = bytearray(b"the first frame")

        with pytest.raises(type(failure)), _wiped_on_failure(plaintext):
            raise failure
        assert plaintext == bytes(15)


def test_the_repr_shows_no_key() -> None:
    assert GOOD.derived(b"\x04\x78DERIVEKEY").hex() not in repr(cipher())
    assert not hasattr(cipher(), "__dict__")


def test_refuses_a_changed_frame_without_saying_what_found_it() -> None:
    header = cipher().verify_header(UnverifiedHeader.parse(GOOD.build()), commitment=COMMITMENT)

    with pytest.raises(NotAuthentic) as caught:
        cipher().open_frames(GOOD.build()[:-1] + b"\x00", header=header)
    assert caught.value.__cause__ is None
