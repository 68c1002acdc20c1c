"""Steps that talk to the warehouse of the tests, and die where it tells them to. They need no package."""

import json
import os
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from secret_rotation.secret_value import SecretValue

_SECONDS = 10


class Passwords:
    """Changes a password: as the user himself, or as the superuser."""

    @property
    def username_length_max(self) -> int:
        """Ask how long a name may be, so that something is asked in createSecret too."""
        with _alive("longest"):
            return int(_answer("longest")["length"])

    def apply(self, *, current: "SecretValue | None", pending: "SecretValue", superuser: "SecretValue | None") -> None:
        """Change it."""
        with _alive("apply", pending):
            who = superuser or current
            if not _accepts(pending) and who is not None:
                _answer("change", by=who.fields, to=pending.fields)

    def verify(self, value: "SecretValue", /) -> None:
        """Log in.

        Raises:
            PermissionError: If nobody gets in with it.
        """
        with _alive("verify", value):
            if not _accepts(value):
                raise PermissionError(value.text)


class Keys:
    """Has the warehouse make keys."""

    def propose(self, *, current: "SecretValue | None", token: str) -> "SecretValue":  # noqa: ARG002  # the protocol's
        """Make one by the name of the rotation."""
        from secret_rotation.secret_value import SecretValue  # noqa: PLC0415  # only in the function's asset

        with _alive("propose"):
            return SecretValue(_answer("make", token=token)["key"])

    def apply(
        self,
        *,
        current: "SecretValue | None",  # noqa: ARG002  # the protocol's, here and below
        pending: "SecretValue",
        superuser: "SecretValue | None",  # noqa: ARG002
    ) -> None:
        """Find it valid, since the warehouse made it."""
        self.verify(pending)

    def verify(self, value: "SecretValue", /) -> None:
        """Show the key.

        Raises:
            PermissionError: If no door opens.
        """
        with _alive("verify", value):
            if not _answer("opens", key=value.text)["yes"]:
                raise PermissionError(value.text)

    def retire(self, previous: "SecretValue", /) -> None:
        """Revoke it."""
        with _alive("retire", previous):
            _answer("revoke", key=previous.text)


@contextmanager
def _alive(call: str, value: "SecretValue | None" = None) -> Iterator[None]:
    for moment in ("before", "after"):
        how = _answer("fate", call=call, moment=moment)["how"]
        if how == "exit":
            os._exit(1)
        if how == "raise":
            raise ConnectionError(value.text if value else call)
        if moment == "before":
            yield


def _accepts(value: "SecretValue") -> bool:
    return bool(_answer("enters", who=value.fields)["yes"])


def _answer(what: str, **told: object) -> dict[str, Any]:
    url = f"{os.environ['WAREHOUSE_URL']}/{what}"
    request = urllib.request.Request(url, data=json.dumps(told).encode(), method="POST")  # noqa: S310  # of loopback
    with urllib.request.urlopen(request, timeout=_SECONDS) as answer:  # noqa: S310  # likewise
        return dict(json.load(answer))
