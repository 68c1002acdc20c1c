"""From one key or encryption context to another one: a message is decrypted, and its plaintext becomes a new message.

The header of a message is never written anew in front of the same body: message id and data key would stay, and with
them the message key and its nonces, and whoever has seen both headers can then forge frames. So a new key, a new
recipient or a new context means a new message, with an id and a data key of its own.
"""

from dataclasses import dataclass, field

from envelope import message as messages
from envelope.cipher.wiping import wiped_after
from envelope.format.context import EncryptionContext
from envelope.format.expected_context import AtLeast, ExpectedContext
from envelope.format.header import UnverifiedHeader
from envelope.format.suites import PUBLIC_KEY, AlgorithmSuite, CommitmentPolicy
from envelope.format.wire import Bytes
from envelope.keys.materials import DataKeys
from envelope.objects.signature_choice import SignatureChoice


@dataclass(frozen=True, slots=True)
class ReencryptedMessage:
    """What became of a message.

    Attributes:
        message: The new message.
        old_suite: The suite of the old one.
    """

    message: bytearray = field(repr=False)
    old_suite: AlgorithmSuite


def reencrypt_message(
    message: Bytes,
    *,
    old_keys: DataKeys,
    context: ExpectedContext,
    policy: CommitmentPolicy,
    keys: DataKeys,
    new_context: EncryptionContext | None,
    suite: AlgorithmSuite,
    signature: SignatureChoice = SignatureChoice.KEEP,
) -> ReencryptedMessage:
    """Decrypt a message and encrypt what it held.

    Args:
        message: The message.
        old_keys: Who can decrypt its data key.
        context: What it must be bound to.
        policy: Which suites are read.
        keys: Where the new data key comes from.
        new_context: What the new message is bound to. None: what the old one was bound to.
        suite: How to encrypt.
        signature: Whether a signed message may become one without signature. Default: it may not.

    Returns:
        The new message, and the suite of the old one.

    Raises:
        EnvelopeError: One of its kinds.
    """
    plaintext = messages.decrypt(message, keys=old_keys, context=context, policy=policy)
    with wiped_after(plaintext):
        found = UnverifiedHeader.parse(message, policy=policy)  # which decrypting has verified
        signature.demand(found.suite, suite)
        kept = new_context if new_context is not None else carried_over(found.context, context)
        return ReencryptedMessage(messages.encrypt(plaintext, keys=keys, context=kept, suite=suite), found.suite)


def carried_over(found: EncryptionContext, expected: ExpectedContext) -> EncryptionContext:
    """Say what a new message is bound to if nobody says otherwise: to all that the old one was bound to.

    Args:
        found: What the verified header of the old message says.
        expected: What it had to be bound to, which may be more.

    Returns:
        Both together, without the verification key of the old message's signature.

    Examples:
        >>> old = EncryptionContext.of({"tenant": "42"}).with_public_key("AsDF")
        >>> carried_over(old, AtLeast(EncryptionContext.of({}))).to_dict()
        {'tenant': '42'}
    """
    entries = expected.context if isinstance(expected, AtLeast) else expected
    whole = found.with_entries(entries)
    return EncryptionContext(tuple(entry for entry in whole.encoded if entry[0] != PUBLIC_KEY.encode()))
