"""What is written: a message or plaintext, and what follows from that."""

from enum import Enum


class Content(Enum):
    """What an output holds."""

    MESSAGE = "an encrypted message"
    """It is no secret, and no text."""

    PLAINTEXT = "what was encrypted"
    """It is for its owner; whoever wants to share it says so."""

    @property
    def file_mode(self) -> int:
        """The mode of a new file, of which the umask takes away what it says."""
        return 0o600 if self is Content.PLAINTEXT else 0o666

    @property
    def suits_terminal(self) -> bool:
        """Whether somebody who looks at a terminal may want to see it."""
        return self is Content.PLAINTEXT
