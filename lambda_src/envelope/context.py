"""The encryption context: what may be in it, in which order, and how large it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Self

from envelope.errors import InvalidRequest, LimitExceeded, MalformedMessage, quoted
from envelope.limits import CONTEXT_BYTES_MAX

_RESERVED_PREFIX = "aws-crypto-"
_COUNT_BYTES = 2
_LENGTH_BYTES = 2


@dataclass(frozen=True, slots=True, repr=False)
class EncryptionContext:
    """Names and values that travel with a message in the clear and are bound to it.

    The header tag authenticates them and KMS demands them again to decrypt the data key; CloudTrail records them.
    They are no place for secrets. The `repr` shows the keys and no values, which may be personal data.

    Attributes:
        encoded: Keys and values in UTF-8, sorted by key, each key once.

    Examples:
        >>> context = EncryptionContext.of({"tenant": "42", "purpose": "orders"})
        >>> context
        EncryptionContext(keys=('purpose', 'tenant'))
        >>> EncryptionContext.from_encoded(context.encoded) == context
        True
    """

    encoded: tuple[tuple[bytes, bytes], ...]

    @classmethod
    def of(cls, values: Mapping[str, str]) -> Self:
        """Take the encryption context of a caller.

        Args:
            values: Keys and values; there may be none.

        Returns:
            The context.

        Raises:
            InvalidRequest: If a key starts with `aws-crypto-`, which belongs to the format, or if a key or a
                value is no Unicode text.
            LimitExceeded: If it is larger than its length field can say (message header, "AAD").
        """
        for key in values:
            if key.startswith(_RESERVED_PREFIX):
                raise InvalidRequest(
                    f"encryption_context keys must not start with {_RESERVED_PREFIX!r}, got {quoted(key)}"
                )
        try:
            # By bytes: sorting by characters is not the same in languages whose strings are UTF-16.
            context = cls(tuple(sorted((key.encode(), value.encode()) for key, value in values.items())))
        except UnicodeEncodeError as error:
            raise InvalidRequest("encryption_context must be Unicode text, got half a character") from error
        if context.size > CONTEXT_BYTES_MAX:
            raise LimitExceeded(f"encryption_context must be at most {CONTEXT_BYTES_MAX} bytes, got {context.size}")
        return context

    @classmethod
    def from_encoded(cls, pairs: Sequence[tuple[bytes, bytes]]) -> Self:
        """Take the encryption context of a header.

        Args:
            pairs: Keys and values as they came.

        Returns:
            The context.

        Raises:
            MalformedMessage: If the keys do not ascend, which also means that none comes twice, or if anything
                is not UTF-8 (structures, "Encryption Context").
        """
        keys = [key for key, _ in pairs]
        if any(key >= following for key, following in pairwise(keys)):
            raise MalformedMessage("encryption context keys must ascend, got one out of order or twice")
        context = cls(tuple(pairs))
        try:
            context.to_dict()
        except UnicodeDecodeError as error:
            raise MalformedMessage("encryption context must be UTF-8, got other bytes") from error
        return context

    @property
    def size(self) -> int:
        """Bytes of the context in a header; an empty one has none, not even a count."""
        if not self.encoded:
            return 0
        return _COUNT_BYTES + sum(2 * _LENGTH_BYTES + len(key) + len(value) for key, value in self.encoded)

    def to_dict(self) -> dict[str, str]:
        """Give the context as AWS APIs take it.

        Returns:
            A new dictionary.
        """
        return {key.decode(): value.decode() for key, value in self.encoded}

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys in their order."""
        return tuple(self.to_dict())

    def __repr__(self) -> str:
        """Show the keys alone."""
        return f"{type(self).__name__}(keys={self.keys})"
