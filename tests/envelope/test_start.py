import pytest

from envelope.errors import InvalidRequest
from envelope.format.context import EncryptionContext
from envelope.format.header import UnverifiedHeader
from envelope.format.suites import COMMITTING, COMMITTING_SIGNED, SUITES, AlgorithmSuite
from envelope.keys.materials import FreshDataKeys, SealingMaterials
from envelope.start import StartedMessage, start_message
from tests.support.message_builder import DATA_KEY, MESSAGE_ID, MessageBuilder
from tests.support.raw_keyring import KnownDataKey

CONTEXT = EncryptionContext.of({"purpose": "test"})


class Watched(FreshDataKeys):
    """Keeps what it was asked for and what it gave."""

    def __init__(self) -> None:
        super().__init__(KnownDataKey(DATA_KEY))
        self.asked: list[int | None] = []
        self.given: list[bytearray] = []

    def to_seal(
        self, context: EncryptionContext, *, suite: AlgorithmSuite, plaintext_bytes: int | None = None
    ) -> SealingMaterials:
        materials = super().to_seal(context, suite=suite)
        self.asked.append(plaintext_bytes)
        self.given.append(materials.data_key.secret)
        return materials


def started(keys: FreshDataKeys, *, suite: AlgorithmSuite = COMMITTING) -> StartedMessage:
    return start_message(
        keys=keys, context=CONTEXT, suite=suite, frame_length=5, plaintext_bytes=14, unsafe_random=lambda _: MESSAGE_ID
    )


def test_writes_the_header_that_the_builder_builds() -> None:
    built = MessageBuilder(encrypted_data_keys=((b"known", str(CONTEXT.size).encode(), b"-"),))

    assert started(Watched()).header == built.header()


def test_asks_for_a_key_for_as_much_as_there_is_and_overwrites_it() -> None:
    keys = Watched()

    started(keys)

    assert keys.asked == [14]
    assert keys.given == [bytes(32)]


def test_a_signed_message_carries_its_verification_key() -> None:
    message = started(Watched(), suite=COMMITTING_SIGNED)

    assert message.signing_key is not None
    assert UnverifiedHeader.parse(message.header).context.public_key == message.signing_key.public_key


@pytest.mark.parametrize("suite", [suite for suite in SUITES.values() if not suite.commits], ids=str)
def test_refuses_to_write_suites_that_are_only_read(suite: AlgorithmSuite) -> None:
    keys = Watched()

    with pytest.raises(InvalidRequest, match=f"suite must be one that commits to its key, got {suite.name}"):
        started(keys, suite=suite)
    assert keys.given == []


def test_shows_no_key() -> None:
    assert "signing_key" not in repr(started(Watched(), suite=COMMITTING_SIGNED))
