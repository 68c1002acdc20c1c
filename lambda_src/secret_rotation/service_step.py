"""ServiceStep: what somebody writes who has a service of his own that must be told of a new value."""

from typing import Protocol, runtime_checkable

from secret_rotation.secret_value import SecretValue


class ServiceStep(Protocol):
    """The part of a rotation that talks to the service.

    It is made once, without arguments. Every method returns if it did what it should, and raises anything otherwise;
    of what it raises, only the name of the class is ever told, since the text may hold a value.

    Any call may be repeated: after a failure, after the function was killed in the middle of it, and at any later
    time. It may also be the other way round: a rotation that was cancelled is taken back by `apply` with the values
    exchanged.
    """

    def apply(self, *, current: SecretValue | None, pending: SecretValue, superuser: SecretValue | None) -> None:
        """Have the service accept the pending value from now on.

        When it returns, the service must accept `pending`; if it never will, it must raise. If the service accepts it
        already, it must return and change nothing: an earlier call may have got through. `current` may then be no
        longer accepted.

        Args:
            current: What the service accepts, unless an earlier call got through; None if there was nothing yet.
                With alternating users it is the other user's, which must go on working.
            pending: What it should accept.
            superuser: Credentials that may change users; None with a single user.
        """
        ...

    def verify(self, value: SecretValue, /) -> None:
        """Find out whether the service accepts a value, and change nothing.

        Args:
            value: The value, mostly the pending one.
        """
        ...


@runtime_checkable
class IssuesValues(Protocol):
    """A step of a service that makes its keys itself."""

    def propose(self, *, current: SecretValue | None, token: str) -> SecretValue:
        """Have the service make a new value.

        Called again with the same token, it must return the same value, or another one and revoke the first: the
        function may have been killed before it could keep what it got. The same one is better: a call that comes
        late must not revoke what readers have by then.

        Args:
            current: What readers have now; None if there was nothing yet.
            token: What this rotation is recognised by. It is not secret, and a good name for what is made.
        """
        ...


@runtime_checkable
class RetiresValues(Protocol):
    """A step of a service that accepts several values at once, until each is revoked."""

    def retire(self, previous: SecretValue, /) -> None:
        """Revoke the value before the current one, when a new current one is about to take its place.

        Readers had a whole rotation interval to turn away from it. If it is revoked already, or has nothing in it
        that could be, it must return: the rotation does not end before it does.

        Args:
            previous: The value that nobody should use any more.
        """
        ...
