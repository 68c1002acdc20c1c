"""Options that more than one command takes, as values that mean something."""

from collections.abc import Callable, Sequence
from typing import Any, Final, TypeVar

import click
from click import Context, Parameter

from envelope.format.context import EncryptionContext
from kms_envelope.aws_clients import MakeClients
from kms_envelope.byte_range import ByteRange
from kms_envelope.new_file import IfExists

NO_CONTEXT: Final = "--no-context"

_Command = Callable[..., Any]
_T = TypeVar("_T")


def chosen(given: _T, *, otherwise: _T) -> Callable[[Context, Parameter, bool], _T]:
    """Make a callback of click that turns a flag into a value with a name.

    Args:
        given: What the flag stands for.
        otherwise: What holds without it.

    Returns:
        The callback.
    """
    return lambda _context, _parameter, flag: given if flag else otherwise


def as_entries(_: Context, __: Parameter, texts: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Split entries of an encryption context at their first equals sign; a callback of click.

    Args:
        texts: What the command line says: `KEY=VALUE`, several times.

    Returns:
        Keys and values.

    Raises:
        BadParameter: If one of them is anything else.
    """
    entries = []
    for text in texts:
        key, sign, value = text.partition("=")
        if not key or not sign:
            raise click.BadParameter(f"must be KEY=VALUE, got {text!r}")
        entries.append((key, value))
    return tuple(entries)


def as_range(_: Context, __: Parameter, text: str | None) -> ByteRange | None:
    """Read a range of bytes; a callback of click.

    Args:
        text: What the command line says.

    Returns:
        The range.

    Raises:
        BadParameter: If it is none.
    """
    try:
        return None if text is None else ByteRange.parse(text)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


def as_url(_: Context, __: Parameter, text: str | None) -> str | None:
    """Take what begins as a URL does; a callback of click.

    Args:
        text: What the command line says.

    Returns:
        The same.

    Raises:
        BadParameter: If it is anything else.
    """
    if text is not None and not text.startswith(("https://", "http://")):
        raise click.BadParameter(f"must begin with https:// or http://, got {text!r}")
    return text


def stated_context(entries: Sequence[tuple[str, str]]) -> EncryptionContext:
    """Make an encryption context of what a command line says.

    Args:
        entries: Keys and values.

    Returns:
        The context.

    Raises:
        UsageError: If a key comes twice.
        EnvelopeError: If the format does not take it.
    """
    values = dict(entries)
    if len(values) != len(entries):
        raise click.UsageError("each key of the encryption context must be given once, got one twice")
    return EncryptionContext.of(values)


def one_of(names: Sequence[str], given: Sequence[object]) -> None:
    """Make sure that exactly one of some options was chosen.

    Args:
        names: How the command line spells them.
        given: What it gave for each; empty for nothing.

    Raises:
        UsageError: If it gave none or several.
    """
    found = [name for name, value in zip(names, given, strict=True) if value]
    if len(found) != 1:
        raise click.UsageError(f"one of {', '.join(names)} must be given, got {' and '.join(found) or 'none'}")


def aws_options(command: _Command) -> _Command:
    """Add the options that say which AWS this is; the command gets `aws`, who makes clients.

    Args:
        command: What to add them to.

    Returns:
        The command with them.
    """

    @click.option("--profile", metavar="NAME", help="A profile of your AWS configuration.")
    @click.option("--region", metavar="REGION", help="For S3. A KMS key is used in the Region of its ARN.")
    @click.option("--endpoint-url", callback=as_url, metavar="URL", help="Where AWS answers, for every service.")
    @click.pass_obj
    def with_clients(
        make: MakeClients, /, profile: str | None, region: str | None, endpoint_url: str | None, **others: object
    ) -> object:
        return command(aws=make(profile, region, endpoint_url), **others)

    with_clients.__doc__ = command.__doc__
    with_clients.__name__ = command.__name__
    with_clients.__dict__.setdefault("__click_params__", []).extend(getattr(command, "__click_params__", []))
    return with_clients


overwrite_option = click.option(
    "--overwrite",
    "if_exists",
    is_flag=True,
    callback=chosen(IfExists.REPLACE, otherwise=IfExists.REFUSE),
    help="Replace OUTPUT if it exists. It stays as it was until the new one is complete.",
)

grant_option = click.option(
    "--grant-token",
    "grant_tokens",
    multiple=True,
    metavar="TOKEN",
    help="A grant that KMS may not know everywhere yet.",
)
