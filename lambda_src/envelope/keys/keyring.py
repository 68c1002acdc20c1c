"""Where data keys come from: what a keyring does, and the object that holds a plaintext data key."""

from collections.abc import Sequence
from typing import NoReturn, Protocol, Self

from envelope.format.context import EncryptionContext
from envelope.format.encrypted_data_keys import EncryptedDataKey


class DataKey:
    """A plaintext data key, for as long as a `with` block lasts.

    Leaving the block overwrites the key. That is as far as Python goes: whoever handed the bytes over (the HTTP
    client, the JSON parser) made copies that nobody can overwrite, and the interpreter frees memory without
    clearing it. What this class does promise: the key is in no `repr`, no pickle and, after the block, no longer
    in this object, which then refuses to be used: nothing is ever encrypted under the zeros that are left.

    Examples:
        >>> with DataKey(b"k" * 32) as data_key:
        ...     print(data_key, len(data_key.secret))
        DataKey(hidden) 32
        >>> data_key.secret
        Traceback (most recent call last):
        ...
        ValueError: data key must be used within its block, got its end
    """

    __slots__ = ("_is_over", "_secret")

    def __init__(self, secret: bytes | bytearray) -> None:
        """Copy the key into memory that can be overwritten.

        Args:
            secret: The key. Forget it after this call.
        """
        self._secret = bytearray(secret)
        self._is_over = False

    @property
    def secret(self) -> bytearray:
        """The key itself, not a copy.

        Raises:
            ValueError: After the `with` block.
        """
        if self._is_over:
            raise ValueError("data key must be used within its block, got its end")
        return self._secret

    def copied(self) -> "DataKey":
        """Give the same key to somebody else, who overwrites his copy and leaves this one alone.

        Returns:
            A copy.

        Raises:
            ValueError: After the `with` block.
        """
        return DataKey(self.secret)

    def __enter__(self) -> Self:
        """Begin the use of the key."""
        return self

    def __exit__(self, *_: object) -> None:
        """Overwrite the key, however the block ended."""
        self._is_over = True  # before it is overwritten, for whoever looks at the same moment
        self._secret[:] = bytes(len(self._secret))

    def __repr__(self) -> str:
        """Hide the key."""
        return "DataKey(hidden)"

    def __reduce__(self) -> NoReturn:
        """Refuse to be pickled or copied.

        Raises:
            TypeError: Always.
        """
        raise TypeError("a data key must not be copied or pickled")


class Keyring(Protocol):
    """Something that makes data keys and gets them back: KMS, or in tests a key in memory."""

    def generate_data_key(self, context: EncryptionContext) -> tuple[DataKey, Sequence[EncryptedDataKey]]:
        """Make a data key of 32 bytes.

        Args:
            context: What the encrypted data key is bound to.

        Returns:
            The plaintext data key and the same key, encrypted at least once.
        """
        ...

    def decrypt_data_key(
        self, encrypted_data_keys: Sequence[EncryptedDataKey], context: EncryptionContext, *, key_bytes: int
    ) -> DataKey:
        """Get the data key of a message back.

        Args:
            encrypted_data_keys: As the header has them; some may be for keys that this keyring does not have.
            context: What they were bound to.
            key_bytes: How long the data key must be.

        Returns:
            The plaintext data key.
        """
        ...
