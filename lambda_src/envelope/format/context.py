"""The encryption context: what may be in it, its bytes, and how it is compared with an expectation."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Self

from envelope.errors import InvalidRequest, LimitExceeded, MalformedMessage, NotAuthentic, quoted
from envelope.format.suites import PUBLIC_KEY
from envelope.format.wire import Bytes, Reader, Writer
from envelope.limits import CONTEXT_BYTES_MAX

_RESERVED_PREFIX = "aws-crypto-"
_RESERVED = _RESERVED_PREFIX.encode()
_COUNT_BYTES = 2
_LENGTH_BYTES = 2
_PUBLIC_KEY = PUBLIC_KEY.encode()


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
        >>> EncryptionContext.parse(context.serialise()) == context
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
        _within_limit(context)
        return context

    @classmethod
    def parse(cls, data: Bytes) -> Self:
        """Read the encryption context of a header (structures, "Encryption Context").

        Args:
            data: Its bytes, without the length that a header puts before them.

        Returns:
            The context.

        Raises:
            MalformedMessage: If the bytes are another spelling than the one that `serialise` writes: keys that do
                not ascend, a key that comes twice, text that is not UTF-8, an empty context with a count, bytes
                behind the last entry; or if a key is reserved and none that the format has. Only the verification
                key may stand anywhere: some published messages have it behind all others.
        """
        if not data:
            return cls(())
        reader = Reader(data)
        count = reader.number(_COUNT_BYTES, field="encryption context count")
        if count == 0:
            raise MalformedMessage("encryption context count must be at least 1, got 0")
        pairs = tuple(
            (
                reader.sized(_LENGTH_BYTES, field="encryption context key"),
                reader.sized(_LENGTH_BYTES, field="encryption context value"),
            )
            for _ in range(count)
        )
        reader.finish(field="encryption context")
        own = [key for key, _ in pairs if key != _PUBLIC_KEY]
        if any(key >= following for key, following in pairwise(own)) or len(pairs) - len(own) > 1:
            raise MalformedMessage("encryption context keys must ascend, got one out of order or twice")
        if any(key.startswith(_RESERVED) for key in own):
            raise MalformedMessage(f"encryption context keys must not start with {_RESERVED_PREFIX!r}, got one")
        context = cls(tuple(sorted(pairs)))
        try:
            context.to_dict()
        except UnicodeDecodeError as error:
            raise MalformedMessage("encryption context must be UTF-8, got other bytes") from error
        return context

    def serialise(self) -> bytes:
        """Write the context as headers carry it (structures, "Encryption Context").

        Returns:
            Its bytes, without the length that a header puts before them; none at all for an empty context.

        Examples:
            >>> EncryptionContext.of({"a": "b"}).serialise().hex()
            '0001000161000162'
            >>> EncryptionContext.of({}).serialise()
            b''
        """
        if not self.encoded:
            return b""
        writer = Writer().number(_COUNT_BYTES, len(self.encoded))
        for key, value in self.encoded:
            writer.sized(_LENGTH_BYTES, key).sized(_LENGTH_BYTES, value)
        return writer.value

    def expected_for(self, found: "EncryptionContext") -> "EncryptionContext":
        """Compare what a header says with this context, which the message must be bound to and to nothing else.

        An entry that is expected and not in the header may still be bound to the message: writers can keep entries
        back that a reader must know ("required encryption context"). Whether it is, key and header tag decide.

        Args:
            found: What the header says.

        Returns:
            Everything that the message must be bound to.

        Raises:
            NotAuthentic: If the header says anything else than this context does. The verification key of a signed
                message is not counted.
        """
        if found.encoded == self.encoded:
            return found
        expected = dict(self.encoded)
        if any(key != _PUBLIC_KEY and expected.get(key) != value for key, value in found.encoded):
            raise NotAuthentic
        return found.with_entries(self)

    def with_entries(self, others: "EncryptionContext") -> "EncryptionContext":
        """Add entries.

        Args:
            others: What to add; the same key with another value replaces the entry.

        Returns:
            A new context.

        Raises:
            LimitExceeded: If it is larger than its length field can say.
        """
        return _within_limit(EncryptionContext(tuple(sorted({**dict(self.encoded), **dict(others.encoded)}.items()))))

    def besides(self, others: "EncryptionContext") -> "EncryptionContext":
        """Leave entries out.

        Args:
            others: What to leave out.

        Returns:
            A new context, with the entries that `others` does not have.
        """
        theirs = set(others.encoded)
        return EncryptionContext(tuple(entry for entry in self.encoded if entry not in theirs))

    def with_public_key(self, text: str) -> "EncryptionContext":
        """Add the verification key of a signed message.

        Args:
            text: The key as `envelope.cipher.sign` writes it.

        Returns:
            A new context.

        Raises:
            LimitExceeded: If it is larger than its length field can say.
        """
        return self.with_entries(EncryptionContext(((_PUBLIC_KEY, text.encode()),)))

    @property
    def public_key(self) -> str | None:
        """The verification key of a signed message, as its header says; None if it says none."""
        value = dict(self.encoded).get(_PUBLIC_KEY)
        return None if value is None else value.decode()

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


def _within_limit(context: EncryptionContext) -> EncryptionContext:
    if context.size > CONTEXT_BYTES_MAX:
        raise LimitExceeded(f"encryption_context must be at most {CONTEXT_BYTES_MAX} bytes, got {context.size}")
    return context
