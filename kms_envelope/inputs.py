"""What a command line names to be read: a file, standard input, or an S3 object."""

import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, Final, TextIO

import click

from kms_envelope.aws_clients import AwsClients
from kms_envelope.s3_name import is_s3_name
from kms_envelope.source import FileSource, Source

STANDARD: Final = "-"
"""The name of standard input and of standard output."""


def standard_stream(text: TextIO | None) -> BinaryIO:
    """Give the bytes of standard input or of standard output.

    Args:
        text: The stream as Python opened it.

    Returns:
        The same, for bytes.

    Raises:
        OSError: If whoever started this process closed it.
    """
    if text is None:
        raise OSError("standard input and output must be open where - stands, got a closed one")
    return text.buffer


@contextmanager
def opened_input(name: str, *, aws: AwsClients) -> Iterator[Source]:
    """Open what a command line names.

    Args:
        name: A path, `-`, or `s3://bucket/key`, with `?versionId=...` behind it for a version that is not the latest.
        aws: Who makes the S3 client.

    Yields:
        What to read.

    Raises:
        UsageError: If it names nothing.
        OSError: If it cannot be opened.
    """
    if not name:
        raise click.UsageError("INPUT must be a file, s3://bucket/key or -, got ''")
    if name == STANDARD:
        yield FileSource(standard_stream(sys.stdin), size=None)
    elif is_s3_name(name):
        from kms_envelope.s3_object import S3Object  # noqa: PLC0415  # a file need not wait for botocore

        yield S3Object.of(name, client=aws.s3())
    else:
        with open(name, "rb") as stream:  # noqa: PTH123  # as it was given, so that an error says it so
            found = os.fstat(stream.fileno())
            yield FileSource(stream, size=found.st_size if stat.S_ISREG(found.st_mode) else None)
