"""What is written: a new file, or standard output."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

import click

from kms_envelope.content import Content
from kms_envelope.inputs import STANDARD, standard_stream
from kms_envelope.new_file import IfExists, new_file
from kms_envelope.s3_name import is_s3_name

# Following one of them would end at a terminal, at a pipe, or at the file behind >, which would be replaced.
_ALSO_STANDARD: Final = frozenset({"/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"})


@contextmanager
def opened_output(name: str, *, if_exists: IfExists, content: Content) -> Iterator[BinaryIO]:
    """Open what a command line names.

    Args:
        name: A path, or `-`.
        if_exists: What happens to a file that has the name already.
        content: What will be written.

    Yields:
        Where to write.

    Raises:
        UsageError: If it is the name of neither, or if a message would be written to a terminal.
    """
    if name != STANDARD:
        _check(name)
        with new_file(Path(name), if_exists=if_exists, mode=content.file_mode) as file:
            yield file
        return
    stream = standard_stream(sys.stdout)
    if stream.isatty() and not content.suits_terminal:
        raise click.UsageError("OUTPUT must be a file or a program behind | for a message, got a terminal")
    yield stream
    stream.flush()


def _check(name: str) -> None:
    if not name:
        raise click.UsageError("OUTPUT must be a file or -, got ''")
    if is_s3_name(name):
        raise click.UsageError(f"OUTPUT must be a file or -, got {name}: objects are only read")
    if name in _ALSO_STANDARD:
        raise click.UsageError(f"OUTPUT must be a file or -, got {name}: - is standard output")
