"""The step that tells a warehouse of a new API key. It takes nothing but the standard library.

The API of the warehouse: a client has at most two keys, and each of them opens every door.

- `GET /v1/clients/{client}` answers 200 to a request with a valid key, and 401 to any other.
- `PUT /v1/clients/{client}/keys` with `{"key": "..."}` adds a key beside the one that asked, and answers 204. A third
  one takes the place of the older of the others.
- `DELETE /v1/clients/{client}/keys` revokes the key that asks, and answers 204.
"""

import json
import urllib.error
import urllib.request
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from secret_rotation.secret_value import SecretValue

_SECONDS = 10
_REFUSED = 401


class Warehouse:
    """What the rotation function asks of the warehouse. Each of its calls may come twice."""

    def apply(
        self,
        *,
        current: "SecretValue | None",
        pending: "SecretValue",
        superuser: "SecretValue | None",  # noqa: ARG002  # part of the protocol: here are no users
    ) -> None:
        """Have the warehouse take the new key beside the one that is in use.

        Raises:
            PermissionError: If there is no key yet with which it could be asked.
        """
        if self._accepts(pending):
            return
        if current is None:
            raise PermissionError("the first key of a client is registered by hand")
        self._ask("PUT", "/keys", current, {"key": pending.fields["key"]})

    def verify(self, value: "SecretValue", /) -> None:
        """Find out whether the warehouse takes a key."""
        self._ask("GET", "", value)

    def retire(self, previous: "SecretValue", /) -> None:
        """Revoke the key before the current one; what is revoked already is refused."""
        if self._accepts(previous):
            self._ask("DELETE", "/keys", previous)

    def _accepts(self, value: "SecretValue") -> bool:
        try:
            self.verify(value)
        except urllib.error.HTTPError as error:
            if error.code != _REFUSED:
                raise
            return False
        return True

    def _ask(self, method: str, path: str, value: "SecretValue", body: dict[str, str] | None = None) -> None:
        fields = value.fields
        request = urllib.request.Request(  # noqa: S310  # the scheme is that of the secret, which the app fixes
            f"{fields['url']}/v1/clients/{fields['client']}{path}",
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {fields['key']}", "Content-Type": "application/json"},
            method=method,
        )
        urllib.request.urlopen(request, timeout=_SECONDS).close()  # noqa: S310  # likewise
