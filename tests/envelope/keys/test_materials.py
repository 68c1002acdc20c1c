import pytest

from envelope import message
from envelope.errors import InvalidRequest
from envelope.format.context import EncryptionContext
from envelope.format.encrypted_data_keys import serialise_key_section
from envelope.format.header import UnverifiedHeader
from envelope.format.suites import COMMITTING, COMMITTING_SIGNED, SUITES, AlgorithmSuite
from envelope.keys.data_key_cache import CachedDataKeys
from envelope.keys.materials import DataKeys, FreshDataKeys
from envelope.message_batches import encrypt_many
from tests.support.message_builder import DATA_KEY, MessageBuilder
from tests.support.raw_keyring import KnownDataKey, RawKeyring

CONTEXT = EncryptionContext.of({"purpose": "test"})
KEYS = FreshDataKeys(RawKeyring())


def test_the_data_key_is_gone_after_the_block() -> None:
    with KEYS.to_seal(CONTEXT, suite=COMMITTING) as materials:
        assert materials.data_key.secret != bytes(32)
    assert materials.data_key._secret == bytes(32)


def test_every_message_has_a_data_key_of_its_own() -> None:
    first, second = (KEYS.to_seal(CONTEXT, suite=COMMITTING) for _ in range(2))

    assert first.data_key.secret != second.data_key.secret


def test_a_signed_message_is_bound_to_its_verification_key_before_the_data_key_is_made() -> None:
    materials = KEYS.to_seal(CONTEXT, suite=COMMITTING_SIGNED)

    assert materials.signing_key is not None
    assert materials.context == CONTEXT.with_public_key(materials.signing_key.public_key)
    # The keyring of these tests binds what it wraps to the context that it is given.
    unwrapped = RawKeyring().decrypt_data_key(materials.encrypted_data_keys, materials.context, key_bytes=32)
    assert unwrapped.secret == materials.data_key.secret


def test_an_unsigned_message_has_no_verification_key() -> None:
    materials = KEYS.to_seal(CONTEXT, suite=COMMITTING)

    assert materials.signing_key is None
    assert materials.context == CONTEXT
    assert materials.key_section == serialise_key_section(CONTEXT, materials.encrypted_data_keys)


ONLY_READ = [suite for suite in SUITES.values() if not suite.commits]


@pytest.mark.parametrize("suite", ONLY_READ, ids=lambda suite: suite.name)
@pytest.mark.parametrize("keys", [KEYS, CachedDataKeys(RawKeyring())], ids=["fresh", "cached"])
def test_refuses_to_write_what_does_not_commit_to_its_key(suite: AlgorithmSuite, keys: DataKeys) -> None:
    refusal = f"suite must be one that commits to its key, got {suite.name}"

    with pytest.raises(InvalidRequest, match=refusal):
        message.encrypt(b"", keys=keys, context=CONTEXT, suite=suite)
    assert [str(error) for error in encrypt_many([b""], keys=keys, context=CONTEXT, suite=suite)] == [refusal]


def test_the_repr_shows_neither_a_key_nor_a_value_of_the_context() -> None:
    materials = FreshDataKeys(KnownDataKey(DATA_KEY)).to_seal(CONTEXT, suite=COMMITTING_SIGNED)

    assert repr(materials) == (
        "SealingMaterials(suite=0578, context=EncryptionContext(keys=('aws-crypto-public-key', 'purpose')), "
        "data_key=DataKey(hidden))"
    )


def test_gives_the_data_key_of_a_message_back() -> None:
    claimed = UnverifiedHeader.parse(MessageBuilder().build())

    with FreshDataKeys(KnownDataKey(DATA_KEY)).to_open(claimed, CONTEXT) as data_key:
        assert data_key.secret == DATA_KEY
    assert data_key._secret == bytes(32)
