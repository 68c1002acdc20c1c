"""What becomes of the signature when a signed message is encrypted again."""

from enum import Enum

from envelope.errors import InvalidRequest
from envelope.format.suites import AlgorithmSuite


class SignatureChoice(Enum):
    """The choice, by the word that a request says.

    Examples:
        >>> SignatureChoice("unsafe-drop")
        <SignatureChoice.UNSAFE_DROP: 'unsafe-drop'>
    """

    KEEP = "keep"
    """The new message of a signed one is signed too, by who encrypts it again."""

    UNSAFE_DROP = "unsafe-drop"
    """It need not be: whoever may decrypt the new message can then write another one in its place."""

    def demand(self, old: AlgorithmSuite, new: AlgorithmSuite) -> None:
        """Refuse to lose a signature if nobody asked for that.

        Args:
            old: The suite of the old message, which was verified.
            new: The suite of the new one.

        Raises:
            InvalidRequest: If the old message is signed, the new one is not, and this is `KEEP`.
        """
        if self is SignatureChoice.KEEP and old.signature is not None and new.signature is None:
            raise InvalidRequest(
                f"signature must be {SignatureChoice.UNSAFE_DROP.value!r} where a signed message ({old.name}) becomes "
                f"one without signature ({new.name}), got {self.value!r}"
            )
