"""How far a source has been read, for a person who watches a terminal and for nobody else."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO, Final, TextIO

import click

from kms_envelope.source import Source

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_STEPS: Final = 200


class WatchedSource(Source):
    """A source that says how much was read of it."""

    def __init__(self, source: Source, *, taken: Callable[[int], object]) -> None:
        """Watch a source.

        Args:
            source: What is read.
            taken: Called with the number of bytes, each time.
        """
        self._source = source
        self._taken = taken
        self.size = source.size

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        """Fill a buffer with the next bytes.

        Args:
            buffer: Where they go.

        Returns:
            How many came; 0 at the end.
        """
        count = self._source.readinto(buffer)
        self._taken(count)
        return count

    def fetch(self, first: int, last: int) -> bytes:
        """Give some bytes.

        Args:
            first: The first one.
            last: The last one.

        Returns:
            They.
        """
        return self._source.fetch(first, last)


@contextmanager
def watched(source: Source, *, output: BinaryIO, label: str, terminal: TextIO | None = None) -> Iterator[Source]:
    """Show a progress bar while a source is read, if somebody can see it and if it is known where the end is.

    Args:
        source: What is read.
        output: What is written. On a terminal it would run into the bar.
        label: What is going on.
        terminal: Where to show it. Default: standard error.

    Yields:
        What to read instead of the source.
    """
    with shown(source.size, output=output, label=label, terminal=terminal) as taken:
        yield source if taken is None else WatchedSource(source, taken=taken)


@contextmanager
def shown(
    size: int | None, *, output: BinaryIO, label: str, terminal: TextIO | None = None
) -> Iterator[Callable[[int], object] | None]:
    """Show a progress bar, if somebody can see it and if it is known where the end is.

    Args:
        size: How many bytes there are to do; None where nobody knows.
        output: What is written. On a terminal it would run into the bar.
        label: What is going on.
        terminal: Where to show it. Default: standard error.

    Yields:
        What to call with the number of bytes, each time; None if nothing is shown.
    """
    stream = sys.stderr if terminal is None else terminal
    if not size or not stream.isatty() or output.isatty():
        yield None
        return
    with click.progressbar(length=size, label=label, file=stream, update_min_steps=max(size // _STEPS, 1)) as bar:
        yield bar.update
