"""A message under another key or context."""

import pytest

from envelope import message
from envelope.errors import InvalidRequest, NotAuthentic
from envelope.format.context import EncryptionContext
from envelope.format.expected_context import AtLeast, ExpectedContext
from envelope.format.header import UnverifiedHeader
from envelope.format.suites import COMMITTING, COMMITTING_SIGNED, CommitmentPolicy
from envelope.keys.materials import FreshDataKeys
from envelope.objects.reencryption import reencrypt_message
from envelope.objects.signature_choice import SignatureChoice
from tests.support.raw_keyring import RawKeyring

OLD, NEW = FreshDataKeys(RawKeyring()), FreshDataKeys(RawKeyring())
CONTEXT = EncryptionContext.of({"tenant": "42", "purpose": "orders"})
TENANT = AtLeast(EncryptionContext.of({"tenant": "42"}))


def again(
    sealed: bytearray,
    context: ExpectedContext,
    new_context: EncryptionContext | None = None,
    signature: SignatureChoice = SignatureChoice.UNSAFE_DROP,
) -> bytearray:
    return reencrypt_message(
        sealed,
        old_keys=OLD,
        context=context,
        policy=CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT,
        keys=NEW,
        new_context=new_context,
        suite=COMMITTING,
        signature=signature,
    ).message


@pytest.mark.parametrize("expected", [CONTEXT, TENANT])
@pytest.mark.parametrize("suite", [COMMITTING, COMMITTING_SIGNED])
def test_a_message_is_a_new_one_of_the_same_context(expected: ExpectedContext, suite: object) -> None:
    sealed = message.encrypt(b"plaintext", keys=OLD, context=CONTEXT, suite=suite)  # type: ignore[arg-type]
    new = again(sealed, expected)
    assert message.decrypt(new, keys=NEW, context=CONTEXT) == b"plaintext"
    assert UnverifiedHeader.parse(new).message_id != UnverifiedHeader.parse(sealed).message_id


def test_refuses_to_lose_a_signature_unless_that_is_said() -> None:
    sealed = message.encrypt(b"plaintext", keys=OLD, context=CONTEXT, suite=COMMITTING_SIGNED)
    with pytest.raises(InvalidRequest, match="signature must be 'unsafe-drop'"):
        again(sealed, CONTEXT, signature=SignatureChoice.KEEP)


def test_a_forged_message_is_refused_as_such_before_its_signature_is_missed() -> None:
    sealed = message.encrypt(b"plaintext", keys=OLD, context=CONTEXT, suite=COMMITTING_SIGNED)
    sealed[-1] ^= 1
    with pytest.raises(NotAuthentic):
        again(sealed, CONTEXT, signature=SignatureChoice.KEEP)


def test_a_message_can_get_another_context() -> None:
    other = EncryptionContext.of({"tenant": "43"})
    new = again(message.encrypt(b"plaintext", keys=OLD, context=CONTEXT), CONTEXT, other)
    assert message.decrypt(new, keys=NEW, context=other) == b"plaintext"


def test_refuses_a_message_of_another_context() -> None:
    with pytest.raises(NotAuthentic):
        again(message.encrypt(b"plaintext", keys=OLD, context=CONTEXT), EncryptionContext.of({"tenant": "43"}))
