"""Reading a header from where its length is not known before."""

from collections.abc import Callable

from envelope.errors import MalformedMessage
from envelope.format.header import UnverifiedHeader
from envelope.format.suites import CommitmentPolicy
from envelope.limits import HEADER_BYTES_MAX, HEADER_BYTES_USUAL, SHORT_STREAM_BYTES
from envelope.streams.intake import Intake


def read_header(beginning: Callable[[int], bytes], *, policy: CommitmentPolicy) -> tuple[UnverifiedHeader, bytes]:
    """Read a header with few requests: one, unless the header is longer than nearly all are.

    Args:
        beginning: Gives the first bytes of the message, as many as it is told or all that there are; called once, or
            twice with more.
        policy: Which suites are read.

    Returns:
        The claims of the header, and all bytes that were read for it.

    Raises:
        MalformedMessage: If this is no header, or none that the policy admits.
    """
    data = beginning(HEADER_BYTES_USUAL)
    try:
        return UnverifiedHeader.parse(data, policy=policy), data
    except MalformedMessage:
        if len(data) < HEADER_BYTES_USUAL:
            raise
    # One byte more than a header may have: only so the parser can tell a header that is too long.
    data = beginning(HEADER_BYTES_MAX + 1)
    return UnverifiedHeader.parse(data, policy=policy), data


def claimed_header(intake: Intake, *, policy: CommitmentPolicy) -> tuple[UnverifiedHeader, int | None]:
    """Read the header of a stream.

    Args:
        intake: The stream, which stands behind the header afterwards.
        policy: Which suites are read.

    Returns:
        The claims of the header, and how many bytes follow it if the stream was found to end already.

    Raises:
        MalformedMessage: If this is no header, or none that the policy admits.
    """
    read = b""

    def beginning(length: int) -> bytes:
        nonlocal read
        read += intake.read(max(length, SHORT_STREAM_BYTES) - len(read))
        return read

    claimed, data = read_header(beginning, policy=policy)
    intake.put_back(memoryview(data)[claimed.length :])
    return claimed, len(data) - claimed.length if len(data) < SHORT_STREAM_BYTES else None
