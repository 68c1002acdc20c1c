from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from envelope import message
from envelope.errors import EnvelopeError, InvalidRequest, LimitExceeded, MalformedMessage, NotAuthentic
from envelope.format.context import EncryptionContext
from envelope.format.expected_context import AtLeast
from envelope.format.header import UnverifiedHeader
from envelope.format.suites import COMMITTING, COMMITTING_SIGNED, AlgorithmSuite, CommitmentPolicy
from envelope.keys.kms_keyring import KmsKeyring
from envelope.keys.materials import FreshDataKeys
from tests.support.fake_kms import KEY_ARN, FakeKms
from tests.support.message_builder import DATA_KEY, MessageBuilder
from tests.support.raw_keyring import KnownDataKey, RawKeyring
from tests.support.sdk import FORMAT_1, kms_provider, raw_provider, sdk_decrypt, sdk_encrypt

CONTEXT = EncryptionContext.of({"purpose": "test"})
RAW = FreshDataKeys(RawKeyring())
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
CONTEXTS = st.dictionaries(TEXT.filter(lambda key: key and not key.startswith("aws-crypto-")), TEXT, max_size=4)
SDK_FRAME_LENGTHS = st.sampled_from([128, 256, 384, 4096])


def under_kms(kms: FakeKms) -> FreshDataKeys:
    return FreshDataKeys(KmsKeyring(lambda _: kms, key_arn=KEY_ARN))


@pytest.mark.parametrize("suite", [COMMITTING, COMMITTING_SIGNED], ids=lambda suite: suite.name)
@given(st.binary(max_size=600), st.integers(1, 700), CONTEXTS)
def test_what_was_encrypted_is_decrypted(
    suite: AlgorithmSuite, plaintext: bytes, frame_length: int, values: dict[str, str]
) -> None:
    context = EncryptionContext.of(values)
    sealed = message.encrypt(plaintext, keys=RAW, context=context, suite=suite, frame_length=frame_length)

    assert message.decrypt(sealed, keys=RAW, context=context) == plaintext


@given(st.binary(max_size=600), SDK_FRAME_LENGTHS, CONTEXTS)
def test_the_sdk_reads_what_we_write(plaintext: bytes, frame_length: int, values: dict[str, str]) -> None:
    context = EncryptionContext.of(values)
    sealed = message.encrypt(plaintext, keys=RAW, context=context, frame_length=frame_length)

    assert sdk_decrypt(bytes(sealed), provider=raw_provider()) == (plaintext, values)


@given(st.binary(max_size=600), SDK_FRAME_LENGTHS, CONTEXTS)
def test_we_read_what_the_sdk_writes(plaintext: bytes, frame_length: int, values: dict[str, str]) -> None:
    sealed = sdk_encrypt(plaintext, provider=raw_provider(), context=values, frame_length=frame_length)

    assert message.decrypt(sealed, keys=RAW, context=EncryptionContext.of(values)) == plaintext


@pytest.mark.parametrize("frame_length", [128, 4096, 65536])
@pytest.mark.parametrize("frames", [0, 1, 2, 3])
@pytest.mark.parametrize("more", [-1, 0, 1])
def test_both_agree_around_whole_frames_under_kms(frame_length: int, frames: int, more: int) -> None:
    plaintext = bytes(max(frame_length * frames + more, 0))
    kms, values = FakeKms(), CONTEXT.to_dict()
    keys, provider = under_kms(kms), kms_provider(kms, key_arn=KEY_ARN)

    ours = message.encrypt(plaintext, keys=keys, context=CONTEXT, frame_length=frame_length)
    theirs = sdk_encrypt(plaintext, provider=provider, context=values, frame_length=frame_length)

    assert sdk_decrypt(bytes(ours), provider=provider) == (plaintext, values)
    assert message.decrypt(theirs, keys=keys, context=CONTEXT) == plaintext


def test_writes_frames_of_64_kib_unless_told() -> None:
    sealed = message.encrypt(bytes(70_000), keys=RAW, context=CONTEXT)

    assert UnverifiedHeader.parse(sealed).frame_length == 65536


def test_writes_what_the_builder_builds() -> None:
    built = MessageBuilder(encrypted_data_keys=((b"known", str(CONTEXT.size).encode(), b"-"),))

    sealed = message.encrypt(
        built.plaintext,
        keys=FreshDataKeys(KnownDataKey(DATA_KEY)),
        context=CONTEXT,
        frame_length=5,
        unsafe_random=lambda _: built.message_id,
    )

    assert sealed == built.build()


def test_every_message_has_an_id_and_a_data_key_of_its_own() -> None:
    kms = FakeKms()
    keys = under_kms(kms)
    ids = {UnverifiedHeader.parse(message.encrypt(b"same", keys=keys, context=CONTEXT)).message_id for _ in range(20)}

    assert len(ids) == len(set(kms.data_keys)) == 20


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview])
def test_takes_any_bytes(kind: type[bytes] | type[bytearray]) -> None:
    sealed = message.encrypt(kind(b"text"), keys=RAW, context=CONTEXT)

    assert message.decrypt(kind(sealed), keys=RAW, context=CONTEXT) == b"text"


def test_refuses_a_context_that_contradicts_the_message_without_asking_kms() -> None:
    kms = FakeKms()
    keys = under_kms(kms)
    sealed = message.encrypt(b"text", keys=keys, context=CONTEXT)

    for values in ({}, {"purpose": "tests"}, {"other": "test"}):
        with pytest.raises(NotAuthentic):
            message.decrypt(sealed, keys=keys, context=EncryptionContext.of(values))
    with pytest.raises(NotAuthentic):
        message.decrypt(sealed, keys=keys, context=AtLeast(EncryptionContext.of({"purpose": "tests"})))
    assert [call.operation for call in kms.calls] == ["GenerateDataKey"]


def test_refuses_an_entry_that_the_message_is_not_bound_to() -> None:
    more = EncryptionContext.of({"purpose": "test", "more": ""})

    for keys in (under_kms(FakeKms()), FreshDataKeys(KnownDataKey(DATA_KEY))):
        sealed = message.encrypt(b"text", keys=keys, context=CONTEXT)
        for expected in (more, AtLeast(more)):
            with pytest.raises(NotAuthentic):
                message.decrypt(sealed, keys=keys, context=expected)


def test_some_entries_are_enough_where_that_is_asked_for_by_name() -> None:
    sealed = message.encrypt(b"text", keys=RAW, context=EncryptionContext.of({"purpose": "test", "stage": "prod"}))

    assert message.decrypt(sealed, keys=RAW, context=AtLeast(CONTEXT)) == b"text"


@pytest.mark.parametrize("frame_length", [4, 4096])
def test_refuses_a_signed_message_whose_signature_is_another_messages(frame_length: int) -> None:
    options: dict[str, Any] = {"keys": FreshDataKeys(KnownDataKey(DATA_KEY)), "context": CONTEXT}
    first, second = (
        message.encrypt(b"same text", suite=COMMITTING_SIGNED, frame_length=frame_length, **options) for _ in range(2)
    )

    assert message.decrypt(first, **options) == b"same text"
    with pytest.raises(NotAuthentic):
        message.decrypt(first[:-103] + second[-103:], **options)


def test_reads_format_1_only_where_the_policy_says_so() -> None:
    sealed = sdk_encrypt(b"old", provider=raw_provider(), context=CONTEXT.to_dict(), algorithm=FORMAT_1)
    allow = CommitmentPolicy.REQUIRE_ENCRYPT_ALLOW_DECRYPT

    with pytest.raises(MalformedMessage, match="commitment policy REQUIRE_ENCRYPT_REQUIRE_DECRYPT reads"):
        message.decrypt(sealed, keys=RAW, context=CONTEXT)
    assert message.decrypt(sealed, keys=RAW, context=CONTEXT, policy=allow) == b"old"


def test_refuses_an_impossible_frame_length_before_it_asks_for_a_key() -> None:
    kms = FakeKms()

    with pytest.raises(InvalidRequest):
        message.encrypt(b"", keys=under_kms(kms), context=CONTEXT, frame_length=0)
    assert kms.calls == []


def test_refuses_too_many_encrypted_data_keys_before_it_asks_for_one() -> None:
    kms = FakeKms()
    key = (b"aws-kms", KEY_ARN.encode(), b"blob")

    with pytest.raises(LimitExceeded):
        message.decrypt(
            MessageBuilder(encrypted_data_keys=(key,) * 6).build(),
            keys=under_kms(kms),
            context=CONTEXT,
        )
    assert kms.calls == []


@given(st.binary(max_size=200))
def test_refuses_noise(noise: bytes) -> None:
    for data in (noise, b"\x02\x04\x78" + noise):
        with pytest.raises(EnvelopeError):
            message.decrypt(data, keys=RAW, context=CONTEXT)
