import ast
from collections.abc import Callable
from pathlib import Path

import pytest

import envelope
from envelope.cipher.seal import BLOCK_SLACK_BYTES, MessageCipher
from envelope.errors import NotAuthentic
from envelope.format.header import Header, UnverifiedHeader
from envelope.format.regular_frames import RegularFrames
from envelope.format.suites import COMMITTING
from tests.support.message_builder import MessageBuilder
from tests.support.plain_reader import derived

GOOD = MessageBuilder()
BLOCK = MessageBuilder(content_type=1)
MESSAGE_KEY, COMMITMENT = derived(GOOD.facts, GOOD.own_id, GOOD.own_data_key)
SOURCE = Path(envelope.__file__).parent


def cipher() -> MessageCipher:
    return MessageCipher(MESSAGE_KEY)


def test_a_genuine_header_becomes_a_trusted_one() -> None:
    claimed = UnverifiedHeader.parse(GOOD.build())

    header = cipher().verify_header(claimed, commitment=COMMITMENT)

    assert header == Header(
        suite=COMMITTING,
        message_id=GOOD.message_id,
        context=claimed.context,
        encrypted_data_keys=claimed.encrypted_data_keys,
        frame_length=5,
        length=len(GOOD.header()),
    )


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
        for path in SOURCE.rglob("*.py")
        for function in ast.walk(ast.parse(path.read_text()))
        if isinstance(function, ast.FunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == Header.__name__
    }

    assert makers == {("seal.py", "verify_header")}


def test_seals_a_header_as_the_format_says() -> None:
    assert GOOD.header_body() + cipher().seal_header(GOOD.header_body()) == GOOD.header()


def test_seals_frames_as_the_format_says() -> None:
    body, plaintext = memoryview(bytearray(len(GOOD.body()))), memoryview(GOOD.plaintext)
    frames = RegularFrames(body, plaintext, message_id=GOOD.message_id, frame_length=5)

    cipher().seal_regular(frames, first=1, count=2)
    cipher().seal_final(plaintext[10:], body[2 * 37 :], message_id=GOOD.message_id, sequence=3)

    assert body == GOOD.body()


def test_opens_frames() -> None:
    body, plaintext = memoryview(GOOD.body()), memoryview(bytearray(14))
    frames = RegularFrames(body, plaintext, message_id=GOOD.message_id, frame_length=5)

    assert frames.in_order(1, 2) == 2
    cipher().open_regular(frames, count=2)
    cipher().open_final(body[2 * 37 :], plaintext[10:], message_id=GOOD.message_id, sequence=3)

    assert plaintext == GOOD.plaintext


def test_opens_a_block_at_once_and_piece_by_piece() -> None:
    body, plaintext = memoryview(BLOCK.body()), memoryview(bytearray(14 + BLOCK_SLACK_BYTES))

    cipher().open_block(body, plaintext[:14], message_id=GOOD.message_id)
    assert plaintext[:14] == GOOD.plaintext

    opening, opened = cipher().begin_block(body, message_id=GOOD.message_id, length=14), b""
    for start, stop in ((20, 21), (21, 32), (32, 34)):
        opening.update(body[start:stop], plaintext)
        opened += plaintext[: stop - start]
    opening.finish(body[34:])
    assert opened == GOOD.plaintext


def test_the_repr_shows_no_key() -> None:
    assert MESSAGE_KEY.hex() not in repr(cipher())
    assert not hasattr(cipher(), "__dict__")


def refused_silently(open_it: Callable[[], object]) -> None:
    with pytest.raises(NotAuthentic) as caught:
        open_it()
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


@pytest.mark.parametrize("place", [4, 15, 16, 36])
def test_refuses_a_changed_frame_without_saying_what_found_it(place: int) -> None:
    body, plaintext = memoryview(bytearray(GOOD.body())), memoryview(bytearray(14))
    frames = RegularFrames(body, plaintext, message_id=GOOD.message_id, frame_length=5)
    assert frames.in_order(1, 2) == 2
    body[37 + place] ^= 1

    refused_silently(lambda: cipher().open_regular(frames, count=2))


def test_refuses_a_changed_final_frame_without_saying_what_found_it() -> None:
    final = memoryview(GOOD.body()[2 * 37 : -1] + b"x")

    refused_silently(
        lambda: cipher().open_final(final, memoryview(bytearray(4)), message_id=GOOD.message_id, sequence=3)
    )


def test_refuses_a_changed_block_without_saying_what_found_it() -> None:
    body, plaintext = memoryview(BLOCK.body()[:-1] + b"x"), memoryview(bytearray(14 + BLOCK_SLACK_BYTES))

    refused_silently(lambda: cipher().open_block(body, plaintext[:14], message_id=GOOD.message_id))
    opening = cipher().begin_block(body, message_id=GOOD.message_id, length=14)
    opening.update(body[20:34], plaintext)
    refused_silently(lambda: opening.finish(body[34:]))
