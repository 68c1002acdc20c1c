"""Runbook: where messages and alarms lead whoever must act now."""

import re
from dataclasses import dataclass

from constructs_lib.errors import ConfigurationError
from constructs_lib.wiring.given_resources import spoken

_OF_THE_LIBRARY = "docs/runbook.md#{section} of cdk-key-management"
_LONGEST = 200
"""Characters, with which the longest description of an alarm has room for the longest name of a log group."""
# What neither ends the text of a message nor stands for a variable in it, and has no section of its own.
_ADDRESS = re.compile(r"(?:https://)?[A-Za-z0-9._~/%?=&+@,;-]+(?::[0-9]+)?[A-Za-z0-9._~/%?=&+@,;-]*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Runbook:
    """A runbook with the sections of `docs/runbook.md` of this library.

    Attributes:
        address: Where it is: an https URL, or a path that people know. Default: the page of this library.

    Examples:
        >>> Runbook("https://wiki.example.com/keys").section("first-look")
        'https://wiki.example.com/keys#first-look'
        >>> Runbook().section("first-look")
        'docs/runbook.md#first-look of cdk-key-management'
    """

    address: str | None = None

    def __post_init__(self) -> None:
        """Refuse what would break a message.

        Raises:
            ConfigurationError: If it is something else, or longer than 200 characters.
        """
        given: object = self.address
        if given is None:
            return
        if not isinstance(given, str):
            raise ConfigurationError(f"runbook must be an https URL or a path, got {spoken(given)}")
        if len(given) > _LONGEST or _ADDRESS.fullmatch(given) is None:
            raise ConfigurationError(
                f"runbook must be an https URL or a path of up to {_LONGEST} characters, without spaces, quotation "
                f"marks and #, got {given!r}"
            )

    def section(self, anchor: str) -> str:
        """Return where a section is.

        Args:
            anchor: Its anchor, as GitHub makes it of the heading.
        """
        return _OF_THE_LIBRARY.format(section=anchor) if self.address is None else f"{self.address}#{anchor}"


OF_THE_LIBRARY = Runbook()
"""The page of this library."""
