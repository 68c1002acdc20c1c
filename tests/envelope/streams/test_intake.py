import io

import pytest

from envelope.errors import InvalidRequest
from envelope.streams.intake import Intake, write_all
from tests.support.sources import BreaksOff, Dripping, Reluctant


def test_reads_whole_buffers_from_a_source_that_gives_less() -> None:
    intake, buffer = Intake(Dripping(b"attack at dawn")), memoryview(bytearray(10))

    assert intake.readinto(buffer) == 10
    assert bytes(buffer) == b"attack at "
    assert intake.readinto(buffer) == 4
    assert bytes(buffer[:4]) == b"dawn"
    assert intake.readinto(buffer) == 0
    assert intake.taken == 14


def test_reads_into_the_buffer_where_the_source_can() -> None:
    class IntoOnly(io.BytesIO):
        def read(self, _size: int | None = -1, /) -> bytes:
            raise AssertionError

    assert Intake(IntoOnly(b"attack")).read(100) == b"attack"


def test_gives_back_what_was_put_back_before_all_others() -> None:
    intake = Intake(Dripping(b"attack at dawn"))
    intake.put_back(intake.read(9)[2:])
    intake.put_back(b"AT")

    assert intake.read(3) == b"ATt"
    assert intake.read(100) == b"ack at dawn"
    assert intake.taken == 12 + 2 - 2 + 2 - 2 + 2


def test_lets_the_errors_of_the_source_through() -> None:
    intake = Intake(BreaksOff(b"attack", ConnectionResetError("broken")))

    with pytest.raises(ConnectionResetError):
        intake.read(100)


@pytest.mark.parametrize(
    ("answer", "text"), [(None, "must wait until it has bytes"), (b"x" * 11, "at most the 10 bytes asked for, got 11")]
)
def test_refuses_a_source_that_is_none(answer: bytes | None, text: str) -> None:
    class Odd:
        def read(self, _: int, /) -> bytes | None:
            return answer

    with pytest.raises(InvalidRequest, match=text):
        Intake(Odd()).read(10)


def test_refuses_a_source_that_says_it_has_filled_more_than_there_is() -> None:
    class Boasting(io.BytesIO):
        def readinto(self, _: object, /) -> int:
            return 11

    with pytest.raises(InvalidRequest, match="got 11"):
        Intake(Boasting()).read(10)


def test_writes_everything_to_a_destination_that_takes_less() -> None:
    destination = Reluctant()

    write_all(destination, memoryview(b"attack at dawn"))

    assert destination.taken == b"attack at dawn"


@pytest.mark.parametrize("most", [0, -1, 20])
def test_refuses_a_destination_that_takes_nothing_or_more_than_all(most: int) -> None:
    class Odd:
        def write(self, _: memoryview, /) -> int:
            return most

    with pytest.raises(InvalidRequest, match=f"destination must take 1 to 14 bytes, got one that took {most}"):
        write_all(Odd(), memoryview(b"attack at dawn"))


def test_trusts_a_destination_that_does_not_say_how_much_it_took() -> None:
    class Silent:
        taken = bytearray()

        def write(self, data: memoryview, /) -> None:
            self.taken += data

    write_all(Silent(), memoryview(b"attack at dawn"))

    assert Silent.taken == b"attack at dawn"
