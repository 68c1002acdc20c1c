import pytest

from envelope.errors import LimitExceeded, MalformedMessage
from envelope.format.suites import CommitmentPolicy
from envelope.limits import HEADER_BYTES_MAX, HEADER_BYTES_USUAL
from envelope.streams.header_reading import claimed_header, read_header
from envelope.streams.intake import Intake
from tests.support.message_builder import MessageBuilder
from tests.support.sources import Dripping

STRICT = CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT
SHORT = MessageBuilder()
LONG = MessageBuilder(context_pairs=((b"long", bytes(60_000)),))
TOO_LONG = MessageBuilder(encrypted_data_keys=((b"a", b"b", bytes(60_000)),) * 3)


def asked(message: bytes) -> list[int]:
    """How many bytes are asked for until the header is found."""
    lengths = []

    def beginning(length: int) -> bytes:
        lengths.append(length)
        return message[:length]

    claimed, data = read_header(beginning, policy=STRICT)
    assert message.startswith(data)
    assert len(data) >= claimed.length
    return lengths


def test_asks_once_for_a_usual_header_and_twice_for_a_long_one() -> None:
    assert asked(SHORT.build()) == [HEADER_BYTES_USUAL]
    assert asked(LONG.build()) == [HEADER_BYTES_USUAL, HEADER_BYTES_MAX + 1]


@pytest.mark.parametrize("built", [SHORT, LONG])
def test_a_stream_stands_behind_its_header_afterwards(built: MessageBuilder) -> None:
    intake = Intake(Dripping(built.build(), sizes=(1, 1000, 5000)))

    claimed, follows = claimed_header(intake, policy=STRICT)

    assert claimed.length == len(built.header()) == intake.taken
    assert follows == (len(built.body()))
    assert intake.read(10**6) == built.body()


def test_refuses_a_header_that_is_longer_than_any() -> None:
    with pytest.raises(LimitExceeded, match=f"header must be at most {HEADER_BYTES_MAX} bytes, got more"):
        asked(TOO_LONG.build())


@pytest.mark.parametrize("length", [0, 1, 5, len(SHORT.header()) - 1])
def test_refuses_a_header_that_is_cut_short_without_asking_again(length: int) -> None:
    intake = Intake(Dripping(SHORT.build()[:length]))

    with pytest.raises(MalformedMessage):
        claimed_header(intake, policy=STRICT)
