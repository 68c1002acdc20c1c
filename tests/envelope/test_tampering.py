"""Every single bit, every cut, every byte more: refused, through the public function and through the handler."""

from collections.abc import Callable, Iterator

import pytest

from envelope import message
from envelope.context import EncryptionContext
from envelope.errors import EnvelopeError, MalformedMessage, NotAuthentic
from envelope.handler import decrypt
from envelope.kms_keyring import KmsKeyring
from tests.support.fake_kms import KEY_ARN, FakeKms
from tests.support.requests import CONTEXT, deployment_over, to_base64

PLAINTEXT = b"thirteen bytes"[:13]
FRAME_LENGTH = 5
REFUSALS = {"MalformedMessage", "NotAuthentic"}


@pytest.fixture(scope="module")
def kms() -> FakeKms:
    return FakeKms()


@pytest.fixture(scope="module")
def sealed(kms: FakeKms) -> bytes:
    keyring = KmsKeyring(kms, key_arn=KEY_ARN)
    context = EncryptionContext.of(CONTEXT)
    return bytes(message.encrypt(PLAINTEXT, keyring=keyring, context=context, frame_length=FRAME_LENGTH))


def by_message(kms: FakeKms) -> Callable[[bytes], bytes]:
    """Decrypt as other code in this package would."""
    keyring, context = KmsKeyring(kms, key_arn=KEY_ARN), EncryptionContext.of(CONTEXT)
    return lambda data: bytes(message.decrypt(data, keyring=keyring, context=context))


def by_handler(kms: FakeKms) -> Callable[[bytes], bytes]:
    """Decrypt as a caller of the function would."""
    deployment = deployment_over(kms)

    def call(data: bytes) -> bytes:
        event = {"message": to_base64(data), "encryption_context": CONTEXT}
        plaintext: str = decrypt(event, None, deployment=deployment)["plaintext"]
        return plaintext.encode()

    return call


DOORS = [by_message, by_handler]


def flipped(data: bytes) -> Iterator[bytes]:
    for position in range(len(data) * 8):
        changed = bytearray(data)
        changed[position // 8] ^= 1 << position % 8
        yield bytes(changed)


def refused(opener: Callable[[bytes], bytes], data: bytes) -> str:
    """The name of the refusal; nothing was returned."""
    try:
        opened = opener(data)
    except EnvelopeError as error:
        return type(error).__name__
    raise AssertionError(f"{len(opened)} bytes were returned")


@pytest.mark.parametrize("door", DOORS)
def test_the_message_itself_is_accepted(
    door: Callable[[FakeKms], Callable[[bytes], bytes]], kms: FakeKms, sealed: bytes
) -> None:
    assert door(kms)(sealed) in {PLAINTEXT, to_base64(PLAINTEXT).encode()}


@pytest.mark.parametrize("door", DOORS)
def test_refuses_every_single_bit_that_is_changed(
    door: Callable[[FakeKms], Callable[[bytes], bytes]], kms: FakeKms, sealed: bytes
) -> None:
    opener = door(kms)

    names = [refused(opener, data) for data in flipped(sealed)]

    assert len(names) == 8 * len(sealed)
    assert set(names) == REFUSALS


@pytest.mark.parametrize("door", DOORS)
def test_refuses_every_cut(door: Callable[[FakeKms], Callable[[bytes], bytes]], kms: FakeKms, sealed: bytes) -> None:
    opener = door(kms)

    names = [refused(opener, sealed[:length]) for length in range(len(sealed))]
    names += [refused(opener, sealed[length:]) for length in range(1, len(sealed) + 1)]

    assert set(names) <= REFUSALS


@pytest.mark.parametrize("door", DOORS)
def test_refuses_every_byte_behind_and_before(
    door: Callable[[FakeKms], Callable[[bytes], bytes]], kms: FakeKms, sealed: bytes
) -> None:
    opener = door(kms)

    for value in range(256):
        assert refused(opener, sealed + bytes([value])) == MalformedMessage.__name__
        assert refused(opener, bytes([value]) + sealed) in REFUSALS
    for more in range(2, 200):
        assert refused(opener, sealed + bytes(more)) == MalformedMessage.__name__


def test_the_refusals_are_the_ones_that_the_house_knows() -> None:
    assert {error.__name__ for error in (MalformedMessage, NotAuthentic)} == REFUSALS
