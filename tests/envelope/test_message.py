import pytest
from hypothesis import given
from hypothesis import strategies as st

from envelope import message
from envelope.context import EncryptionContext
from envelope.errors import EnvelopeError, InvalidRequest, MalformedMessage, NotAuthentic
from envelope.header import UnverifiedHeader
from envelope.kms_keyring import KmsKeyring
from tests.support.fake_kms import KEY_ARN, FakeKms
from tests.support.message_builder import DATA_KEY, MessageBuilder
from tests.support.raw_keyring import KnownDataKey, RawKeyring
from tests.support.sdk import kms_provider, raw_provider, sdk_decrypt, sdk_encrypt

CONTEXT = EncryptionContext.of({"purpose": "test"})
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
CONTEXTS = st.dictionaries(TEXT.filter(lambda key: key and not key.startswith("aws-crypto-")), TEXT, max_size=4)
SDK_FRAME_LENGTHS = st.sampled_from([128, 256, 384, 4096])


@given(st.binary(max_size=600), st.integers(1, 700), CONTEXTS)
def test_what_was_encrypted_is_decrypted(plaintext: bytes, frame_length: int, values: dict[str, str]) -> None:
    context = EncryptionContext.of(values)
    sealed = message.encrypt(plaintext, keyring=RawKeyring(), context=context, frame_length=frame_length)

    assert message.decrypt(sealed, keyring=RawKeyring(), context=context) == plaintext


@given(st.binary(max_size=600), SDK_FRAME_LENGTHS, CONTEXTS)
def test_the_sdk_reads_what_we_write(plaintext: bytes, frame_length: int, values: dict[str, str]) -> None:
    context = EncryptionContext.of(values)
    sealed = message.encrypt(plaintext, keyring=RawKeyring(), context=context, frame_length=frame_length)

    assert sdk_decrypt(bytes(sealed), provider=raw_provider()) == (plaintext, values)


@given(st.binary(max_size=600), SDK_FRAME_LENGTHS, CONTEXTS)
def test_we_read_what_the_sdk_writes(plaintext: bytes, frame_length: int, values: dict[str, str]) -> None:
    sealed = sdk_encrypt(plaintext, provider=raw_provider(), context=values, frame_length=frame_length)

    assert message.decrypt(sealed, keyring=RawKeyring(), context=EncryptionContext.of(values)) == plaintext


@pytest.mark.parametrize("frame_length", [128, 4096, 65536])
@pytest.mark.parametrize("frames", [0, 1, 2, 3])
@pytest.mark.parametrize("more", [-1, 0, 1])
def test_both_agree_around_whole_frames_under_kms(frame_length: int, frames: int, more: int) -> None:
    plaintext = bytes(max(frame_length * frames + more, 0))
    kms, values = FakeKms(), CONTEXT.to_dict()
    keyring, provider = KmsKeyring(kms, key_arn=KEY_ARN), kms_provider(kms, key_arn=KEY_ARN)

    ours = message.encrypt(plaintext, keyring=keyring, context=CONTEXT, frame_length=frame_length)
    theirs = sdk_encrypt(plaintext, provider=provider, context=values, frame_length=frame_length)

    assert sdk_decrypt(bytes(ours), provider=provider) == (plaintext, values)
    assert message.decrypt(theirs, keyring=keyring, context=CONTEXT) == plaintext


def test_writes_frames_of_64_kib_unless_told() -> None:
    sealed = message.encrypt(bytes(70_000), keyring=RawKeyring(), context=CONTEXT)

    assert UnverifiedHeader.parse(sealed).frame_length == 65536


def test_writes_what_the_builder_builds() -> None:
    built = MessageBuilder(encrypted_data_keys=((b"known", str(CONTEXT.size).encode(), b"-"),))

    sealed = message.encrypt(
        built.plaintext,
        keyring=KnownDataKey(DATA_KEY),
        context=CONTEXT,
        frame_length=5,
        unsafe_random=lambda _: built.message_id,
    )

    assert sealed == built.build()


def test_every_message_has_an_id_and_a_data_key_of_its_own() -> None:
    kms = FakeKms()
    keyring = KmsKeyring(kms, key_arn=KEY_ARN)
    ids = {
        UnverifiedHeader.parse(message.encrypt(b"same", keyring=keyring, context=CONTEXT)).message_id for _ in range(20)
    }

    assert len(ids) == len(set(kms.data_keys)) == 20


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview])
def test_takes_any_bytes(kind: type[bytes] | type[bytearray]) -> None:
    sealed = message.encrypt(kind(b"text"), keyring=RawKeyring(), context=CONTEXT)

    assert message.decrypt(kind(sealed), keyring=RawKeyring(), context=CONTEXT) == b"text"


def test_refuses_a_context_that_the_message_does_not_have_without_asking_kms() -> None:
    kms = FakeKms()
    keyring = KmsKeyring(kms, key_arn=KEY_ARN)
    sealed = message.encrypt(b"text", keyring=keyring, context=CONTEXT)

    for values in ({}, {"purpose": "tests"}, {"purpose": "test", "more": ""}):
        with pytest.raises(NotAuthentic):
            message.decrypt(sealed, keyring=keyring, context=EncryptionContext.of(values))
    assert [call.operation for call in kms.calls] == ["GenerateDataKey"]


def test_refuses_an_impossible_frame_length_before_it_asks_for_a_key() -> None:
    kms = FakeKms()

    with pytest.raises(InvalidRequest):
        message.encrypt(b"", keyring=KmsKeyring(kms, key_arn=KEY_ARN), context=CONTEXT, frame_length=0)
    assert kms.calls == []


def test_refuses_too_many_encrypted_data_keys_before_it_asks_for_one() -> None:
    kms = FakeKms()
    key = (b"aws-kms", KEY_ARN.encode(), b"blob")

    with pytest.raises(MalformedMessage):
        message.decrypt(
            MessageBuilder(encrypted_data_keys=(key,) * 6).build(),
            keyring=KmsKeyring(kms, key_arn=KEY_ARN),
            context=CONTEXT,
        )
    assert kms.calls == []


@given(st.binary(max_size=200))
def test_refuses_noise(noise: bytes) -> None:
    for data in (noise, b"\x02\x04\x78" + noise):
        with pytest.raises(EnvelopeError):
            message.decrypt(data, keyring=RawKeyring(), context=CONTEXT)
