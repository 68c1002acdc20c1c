"""What one message is sealed or opened with, and where that comes from: a new data key, or a cached one."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol, Self

from envelope.cipher.sign import SigningKey
from envelope.format.context import EncryptionContext
from envelope.format.encrypted_data_keys import EncryptedDataKey, serialise_key_section
from envelope.format.header import UnverifiedHeader
from envelope.format.suites import AlgorithmSuite, check_written
from envelope.keys.keyring import DataKey, Keyring


class SealingMaterials(NamedTuple):
    """What a message is written with, for as long as a `with` block lasts; it overwrites the data key.

    Its `repr` says the suite and the keys of the context.

    Attributes:
        suite: How to encrypt.
        context: What the message is bound to, with the verification key if it is signed.
        data_key: The plaintext data key, this message's own copy.
        encrypted_data_keys: The same key, encrypted.
        key_section: Context and encrypted data keys as the header carries them.
        signing_key: Signs the message, if the suite does.
    """

    suite: AlgorithmSuite
    context: EncryptionContext
    data_key: DataKey
    encrypted_data_keys: tuple[EncryptedDataKey, ...]
    key_section: bytes
    signing_key: SigningKey | None = None

    def copied(self) -> "SealingMaterials":
        """Give the same materials to another message, which overwrites its copy of the data key.

        Returns:
            The materials, with a data key of their own.
        """
        suite, context, data_key, encrypted_data_keys, key_section, signing_key = self
        return SealingMaterials(suite, context, data_key.copied(), encrypted_data_keys, key_section, signing_key)

    def __repr__(self) -> str:
        """Hide the data key, and the encryption context's values, which are in the key section too."""
        return f"{type(self).__name__}(suite={self.suite.name}, context={self.context!r}, data_key={self.data_key!r})"

    def __enter__(self) -> Self:
        """Begin the use of the data key."""
        return self

    def __exit__(self, *error: object) -> None:
        """Overwrite the data key, however the block ended."""
        self.data_key.__exit__(*error)


class DataKeys(Protocol):
    """Gives each message its data key: `FreshDataKeys`, or a cache in front of the same keyring."""

    def to_seal(
        self, context: EncryptionContext, *, suite: AlgorithmSuite, plaintext_bytes: int | None
    ) -> SealingMaterials:
        """Give what a message is written with.

        Args:
            context: What the message is bound to.
            suite: How to encrypt.
            plaintext_bytes: How much will be encrypted, which a cache counts. None: not known.

        Returns:
            The materials, to be used in a `with` block.
        """
        ...

    def to_seal_several(
        self, context: EncryptionContext, *, suite: AlgorithmSuite, plaintext_bytes: Sequence[int]
    ) -> tuple[SealingMaterials, int]:
        """Give what as many messages as possible are written with.

        Args:
            context: What the messages are bound to.
            suite: How to encrypt.
            plaintext_bytes: How much will be encrypted into each message; at least one message.

        Returns:
            The materials, to be used in a `with` block, and how many messages from the first one on they are for;
            the others need to be asked for again.
        """
        ...

    def to_open(self, claimed: UnverifiedHeader, context: EncryptionContext) -> DataKey:
        """Give the data key of a message.

        Args:
            claimed: The header as it came.
            context: Everything that the message must be bound to, from `EncryptionContext.expected_for`.

        Returns:
            The data key, to be used in a `with` block.
        """
        ...


class FreshDataKeys:
    """A new data key for each message that is written, and a call of the keyring for each that is read."""

    def __init__(self, keyring: Keyring) -> None:
        """Name the keyring.

        Args:
            keyring: Where data keys come from.
        """
        self._keyring = keyring

    def to_seal(
        self,
        context: EncryptionContext,
        *,
        suite: AlgorithmSuite,
        plaintext_bytes: int | None = None,  # noqa: ARG002  # each key is used once, whatever the length
    ) -> SealingMaterials:
        """Make what a message is written with.

        Args:
            context: What the message is bound to.
            suite: How to encrypt.
            plaintext_bytes: Not looked at.

        Returns:
            The materials, to be used in a `with` block.

        Raises:
            EnvelopeError: What the keyring raises.
        """
        return new_materials(self._keyring, context, suite=suite)

    def to_seal_several(
        self, context: EncryptionContext, *, suite: AlgorithmSuite, plaintext_bytes: Sequence[int]
    ) -> tuple[SealingMaterials, int]:
        """Make what one message is written with.

        Args:
            context: What the message is bound to.
            suite: How to encrypt.
            plaintext_bytes: Not looked at.

        Returns:
            The materials, to be used in a `with` block, and 1: every message has a data key of its own.

        Raises:
            EnvelopeError: What the keyring raises.
        """
        return self.to_seal(context, suite=suite, plaintext_bytes=plaintext_bytes[0]), 1

    def to_open(self, claimed: UnverifiedHeader, context: EncryptionContext) -> DataKey:
        """Get the data key of a message.

        Args:
            claimed: The header as it came.
            context: Everything that the message must be bound to.

        Returns:
            The data key, to be used in a `with` block.

        Raises:
            EnvelopeError: What the keyring raises.
        """
        return self._keyring.decrypt_data_key(claimed.encrypted_data_keys, context, key_bytes=claimed.suite.key_bytes)


def new_materials(keyring: Keyring, context: EncryptionContext, *, suite: AlgorithmSuite) -> SealingMaterials:
    """Have a keyring make a data key, and sign what it is for if the suite does.

    Args:
        keyring: Where the data key comes from.
        context: What the message is bound to.
        suite: How to encrypt.

    Returns:
        The materials, to be used in a `with` block.

    Raises:
        InvalidRequest: If the suite is one that is only read: what is written commits to its key.
        EnvelopeError: What the keyring raises.
    """
    check_written(suite)
    signing_key = None
    if suite.signature is not None:
        # Before the data key is made: KMS must bind it to the verification key too.
        signing_key = SigningKey.generate(suite.signature)
        context = context.with_public_key(signing_key.public_key)
    data_key, encrypted_data_keys = keyring.generate_data_key(context)
    return SealingMaterials(
        suite=suite,
        context=context,
        data_key=data_key,
        encrypted_data_keys=tuple(encrypted_data_keys),
        key_section=serialise_key_section(context, encrypted_data_keys),
        signing_key=signing_key,
    )
