"""What a failure says: one line, with the way on that a person at this command line has."""

import re
from typing import Final

import click

from envelope.errors import MalformedMessage, NotAuthentic
from envelope.format.suites import SUITES
from kms_envelope.message_facts import least_policy
from kms_envelope.printable import printable

# As `suite_with_id` says it.
_SUITE_NOT_ADMITTED: Final = re.compile(r"algorithm suite must be one that the commitment policy .*, got ([0-9a-f]{4})")


def failure_text(error: Exception) -> str:
    """Say what went wrong.

    Args:
        error: What a command failed with.

    Returns:
        One line.

    Examples:
        >>> print(failure_text(FileNotFoundError(2, "No such file or directory", "orders.enc")))
        kms-envelope: No such file or directory: orders.enc
    """
    if isinstance(error, click.ClickException):
        return f"{_program(error)}: {printable(_usage(error))}"
    return f"kms-envelope: {printable(_text_of(error) + _way_on(error))}"


def _program(error: click.ClickException) -> str:
    context = getattr(error, "ctx", None)
    return "kms-envelope" if context is None else str(context.command_path)


def _usage(error: click.ClickException) -> str:
    text = error.format_message()
    return f"{text.rstrip('.')} ({_program(error)} --help tells more)"


def _text_of(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return f"{error.strerror}: {error.filename}" if error.filename else error.strerror
    return str(error)


def _way_on(error: Exception) -> str:
    if isinstance(error, NotAuthentic):
        # Always the same, so that it says nothing about which check refused.
        return " (kms-envelope inspect shows which keys and which encryption context it names)"
    found = _SUITE_NOT_ADMITTED.fullmatch(str(error)) if isinstance(error, MalformedMessage) else None
    if found is None:
        return ""
    return f", which --commitment-policy {least_policy(SUITES[int(found[1], 16)]).name} reads"
