"""What is written: a new file, or standard output."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import click

from kms_envelope.inputs import STANDARD, standard_stream
from kms_envelope.new_file import IfExists, Readers, new_file


@contextmanager
def opened_output(name: str, *, if_exists: IfExists, readers: Readers) -> Iterator[BinaryIO]:
    """Open what a command line names.

    Args:
        name: A path, or `-`.
        if_exists: What happens to a file that has the name already.
        readers: Who may read a new file.

    Yields:
        Where to write.

    Raises:
        UsageError: If a message would be written to a terminal.
    """
    if name != STANDARD:
        with new_file(Path(name), if_exists=if_exists, readers=readers) as file:
            yield file
        return
    stream = standard_stream(sys.stdout)
    if readers is Readers.AS_UMASK_SAYS and stream.isatty():
        raise click.UsageError("a message is no text for a terminal: name a file, or a program behind |")
    yield stream
    stream.flush()
