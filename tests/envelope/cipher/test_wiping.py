import pytest

from envelope.cipher.wiping import wipe, wiped_after, wiped_on_failure
from envelope.errors import MalformedMessage

FAILURES = [MalformedMessage("later"), KeyboardInterrupt()]


def test_wipes_a_buffer_and_a_part_of_one() -> None:
    buffer = bytearray(b"plaintext")

    wipe(memoryview(buffer)[:5])
    assert buffer == bytes(5) + b"text"
    wipe(buffer)
    assert buffer == bytes(9)


@pytest.mark.parametrize("failure", FAILURES)
def test_wipes_what_was_decrypted_before_a_later_frame_was_refused(failure: BaseException) -> None:
    buffer = bytearray(b"plaintext")

    with pytest.raises(type(failure)), wiped_on_failure(buffer):
        raise failure
    assert buffer == bytes(9)


def test_keeps_what_was_found_genuine() -> None:
    buffer = bytearray(b"plaintext")

    with wiped_on_failure(buffer):
        pass
    assert buffer == b"plaintext"


@pytest.mark.parametrize("failure", FAILURES)
def test_wipes_the_buffers_of_a_stream_on_failure(failure: BaseException) -> None:
    one, other = bytearray(b"one"), memoryview(bytearray(b"other"))

    with pytest.raises(type(failure)), wiped_after(one, other):
        raise failure
    assert (bytes(one), bytes(other)) == (bytes(3), bytes(5))


def test_wipes_the_buffers_of_a_stream_at_its_end() -> None:
    buffer = bytearray(b"plaintext")

    with wiped_after(buffer):
        assert buffer == b"plaintext"
    assert buffer == bytes(9)
