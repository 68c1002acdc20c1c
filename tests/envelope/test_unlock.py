import pytest

from envelope.errors import NotAuthentic
from envelope.format.context import EncryptionContext
from envelope.format.expected_context import AtLeast, ExpectedContext
from envelope.format.header import UnverifiedHeader
from envelope.format.suites import SUITES, CommitmentPolicy
from envelope.keys.keyring import DataKey
from envelope.keys.materials import FreshDataKeys
from envelope.unlock import unlock
from tests.support.message_builder import DATA_KEY, MessageBuilder
from tests.support.raw_keyring import KnownDataKey

EVERYTHING = CommitmentPolicy.UNSAFE_ALLOW_WITHOUT_DERIVATION


def unlocked(built: MessageBuilder, context: ExpectedContext, *, data_key: bytes = DATA_KEY) -> int:
    claimed = UnverifiedHeader.parse(built.build(), policy=EVERYTHING)
    keys = FreshDataKeys(KnownDataKey(data_key[: built.facts.key_bytes]))
    return unlock(claimed, keys=keys, context=context)[0].length


@pytest.mark.parametrize("suite_id", SUITES)
def test_trusts_a_genuine_header_of_every_suite(suite_id: int) -> None:
    built = MessageBuilder(suite_id=suite_id, header_nonce=bytes(12))

    assert unlocked(built, AtLeast(EncryptionContext.of({"purpose": "test"}))) == len(built.header())


@pytest.mark.parametrize("suite_id", SUITES)
def test_refuses_a_header_under_another_data_key(suite_id: int) -> None:
    with pytest.raises(NotAuthentic):
        unlocked(MessageBuilder(suite_id=suite_id), AtLeast(EncryptionContext.of({})), data_key=bytes(32))


def test_reads_the_nonce_that_an_old_header_stores() -> None:
    built = MessageBuilder(suite_id=0x0178, header_nonce=b"twelve bytes")

    assert unlocked(built, EncryptionContext.of({"purpose": "test"})) == len(built.header())


def test_checks_entries_that_the_message_is_bound_to_and_that_its_header_does_not_have() -> None:
    built = MessageBuilder(required_pairs=((b"tenant", b"42"),))

    assert unlocked(built, EncryptionContext.of({"purpose": "test", "tenant": "42"})) == len(built.header())
    for values in ({"purpose": "test"}, {"purpose": "test", "tenant": "43"}):
        with pytest.raises(NotAuthentic):
            unlocked(built, EncryptionContext.of(values))


def test_refuses_another_context_before_it_asks_for_the_data_key() -> None:
    class Asked(Exception):  # noqa: N818  # it is no failure
        pass

    class NoKeyring(KnownDataKey):
        def decrypt_data_key(self, *_: object, **__: object) -> DataKey:
            raise Asked

    claimed = UnverifiedHeader.parse(MessageBuilder().build())
    keys = FreshDataKeys(NoKeyring(DATA_KEY))

    with pytest.raises(NotAuthentic):
        unlock(claimed, keys=keys, context=EncryptionContext.of({"purpose": "another"}))
    with pytest.raises(Asked):
        unlock(claimed, keys=keys, context=EncryptionContext.of({"purpose": "test"}))
