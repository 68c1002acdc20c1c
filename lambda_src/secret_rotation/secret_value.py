"""SecretValue: what a version of a secret holds. It shows itself only to who asks for its text or its fields."""

import hmac
import json
from collections.abc import Mapping
from typing import Any, Final

from secret_rotation.errors import SecretUnusable

_HIDDEN: Final = "SecretValue(...)"


class SecretValue:
    """A text, or a JSON object as a text. Neither `repr`, `str` nor a format shows it, and it cannot be pickled."""

    __slots__ = ("_text",)
    __hash__ = None  # type: ignore[assignment]  # nothing to look up by a secret

    def __init__(self, text: str) -> None:
        """Take the text.

        Args:
            text: What Secrets Manager keeps as `SecretString`.

        Examples:
            >>> SecretValue("hunter2")
            SecretValue(...)
        """
        self._text = text

    @property
    def text(self) -> str:
        """All of it."""
        return self._text

    @property
    def fields(self) -> dict[str, Any]:
        """The fields of the JSON object.

        Raises:
            SecretUnusable: If it is none.

        Examples:
            >>> SecretValue('{"username": "shop"}').fields["username"]
            'shop'
        """
        found = self._loaded()
        if not isinstance(found, dict):
            raise SecretUnusable("secret must be a JSON object, got something else")
        return found

    @property
    def is_object(self) -> bool:
        """Whether it is a JSON object."""
        return isinstance(self._loaded(), dict)

    def with_fields(self, changes: Mapping[str, str]) -> "SecretValue":
        """Give the same object with other values in some fields.

        Args:
            changes: The new values by field.

        Returns:
            The object; this one stays as it is.

        Raises:
            SecretUnusable: If this is no JSON object.
        """
        return SecretValue(json.dumps({**self.fields, **changes}))

    def __eq__(self, other: object) -> bool:
        """Compare two values, without telling by the time it takes where they differ."""
        if not isinstance(other, SecretValue):
            return NotImplemented
        return hmac.compare_digest(self._text.encode(), other._text.encode())

    def __repr__(self) -> str:
        """Say that there is one, and no more."""
        return _HIDDEN

    def __reduce__(self) -> str:
        """Refuse to be pickled or copied into something that shows itself.

        Raises:
            TypeError: Always.
        """
        raise TypeError("a secret value must be handed over as it is, got a request to pickle or copy it")

    def _loaded(self) -> object:
        try:
            return json.loads(self._text)
        except ValueError:
            return None  # not raised: what json raises holds the text
