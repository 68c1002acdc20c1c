"""What a message that is read from an object has to be bound to besides its encryption context."""

from enum import Enum


class SourceBinding(Enum):
    """The choice, by the word that a request says.

    Examples:
        >>> SourceBinding("unsafe-none")
        <SourceBinding.UNSAFE_NONE: 'unsafe-none'>
    """

    OBJECT_ID = "object-id"
    """Its object id, to which every object is bound that this package wrote."""

    UNSAFE_NONE = "unsafe-none"
    """Nothing, for objects that another program wrote: nothing shows whether one was put in the place of another."""
