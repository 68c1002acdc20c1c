"""What a reader knows about the encryption context of a message."""

from dataclasses import dataclass
from typing import TypeAlias

from envelope.errors import NotAuthentic
from envelope.format.context import EncryptionContext


@dataclass(frozen=True, slots=True)
class AtLeast:
    """An expectation for messages that others wrote: they are bound to these entries, and maybe to more.

    Attributes:
        context: The entries that the message must be bound to.

    Examples:
        >>> expected = AtLeast(EncryptionContext.of({"tenant": "42"}))
        >>> expected.expected_for(EncryptionContext.of({"tenant": "42", "stage": "prod"})).to_dict()
        {'stage': 'prod', 'tenant': '42'}
    """

    context: EncryptionContext

    def expected_for(self, found: EncryptionContext) -> EncryptionContext:
        """Compare what a header says with the entries that must be there.

        Args:
            found: What the header says.

        Returns:
            Everything that the message must be bound to. Entries that are not in the header are among it, as
            `EncryptionContext.expected_for` explains.

        Raises:
            NotAuthentic: If the header says something else about one of the entries.
        """
        said = dict(found.encoded)
        if any(said.get(key, value) != value for key, value in self.context.encoded):
            raise NotAuthentic
        return found if all(key in said for key, _ in self.context.encoded) else found.with_entries(self.context)


ExpectedContext: TypeAlias = EncryptionContext | AtLeast
"""What a reader knows about a message: all of its encryption context, or some entries of it."""
