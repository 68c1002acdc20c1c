"""Bytes out of the middle of an encrypted object, without reading the rest of it."""

from collections.abc import Callable
from typing import Any

from envelope.errors import InvalidRequest, LimitExceeded, StorageUnavailable
from envelope.format.expected_context import ExpectedContext
from envelope.format.suites import CommitmentPolicy
from envelope.keys.materials import DataKeys
from envelope.limits import PLAINTEXT_BYTES_MAX, RANGE_RESERVE_SECONDS
from envelope.objects.object_id import bound_to
from envelope.objects.object_reading import version_parameters
from envelope.objects.object_request import SourceObject
from envelope.objects.s3_client import S3Client
from envelope.objects.storage_errors import storage_errors
from envelope.objects.time_left import TimeLeft
from envelope.streams.ranges import SignedRanges, decrypt_range


def decrypt_object_range(
    s3: S3Client,
    source: SourceObject,
    *,
    first: int,
    last: int,
    object_id: str | None,
    keys: DataKeys,
    context: ExpectedContext,
    policy: CommitmentPolicy,
    remaining_seconds: Callable[[], float],
    signed: SignedRanges = SignedRanges.REFUSED,
) -> bytearray:
    """Decrypt a range of an object, from the header and the frames that hold it.

    What `envelope.streams.ranges` says about the authenticity of a range holds here too. All reads are of one version.

    Args:
        s3: An S3 client.
        source: The object that holds the message.
        first: The first byte of plaintext, counted from zero.
        last: The last byte, which is part of the range.
        object_id: What the message is bound to. None: the name of the source.
        keys: Who can decrypt the data key.
        context: What the message must be bound to besides its object id.
        policy: Which suites are read.
        remaining_seconds: Seconds until Lambda stops the function.
        signed: What becomes of a signed message. Default: it is refused.

    Returns:
        The plaintext; less than was asked for, or nothing, where the plaintext ends before.

    Raises:
        InvalidRequest: If there is no such range.
        LimitExceeded: If it is longer than an answer can be, or if there is no time left for the next read.
        EnvelopeError: One of its kinds.
    """
    if not 0 <= first <= last:
        raise InvalidRequest(f"range must be 0 <= first <= last, got first {first} and last {last}")
    if last - first >= PLAINTEXT_BYTES_MAX:
        raise LimitExceeded(f"range must be at most {PLAINTEXT_BYTES_MAX} bytes, got {last - first + 1}")
    whole_context = bound_to(object_id or source.name.uri, context)
    with storage_errors("HeadObject of source"):
        answer = s3.head_object(**version_parameters(source))
    return decrypt_range(
        fetching(s3, source, answer, TimeLeft(remaining_seconds, kept_seconds=RANGE_RESERVE_SECONDS)),
        message_bytes=answer["ContentLength"],
        first=first,
        last=last,
        keys=keys,
        context=whole_context,
        policy=policy,
        signed=signed,
    )


def fetching(
    s3: S3Client, source: SourceObject, answer: dict[str, Any], time_left: TimeLeft
) -> Callable[[int, int], bytes]:
    """Read parts of an object, all of one version.

    Args:
        s3: An S3 client.
        source: The object.
        answer: What S3 answered about the version.
        time_left: How long it may take.

    Returns:
        Gives the bytes from a first one to a last one, which is included. It raises what S3 answers, by remedy, and
        `LimitExceeded` if there is no time left.
    """
    # In a bucket with versions the version would do; in any other one the tag keeps the reads together.
    version = SourceObject(source.name, version_id=answer.get("VersionId"), etag=answer["ETag"])

    def fetch(first: int, last: int) -> bytes:
        time_left.demand_more()
        with storage_errors("GetObject of source"):
            part = s3.get_object(**version_parameters(version), Range=f"bytes={first}-{last}")
            content: bytes = part["Body"].read()
        if len(content) != last - first + 1:
            raise StorageUnavailable(f"S3 must give {last - first + 1} bytes of source, got {len(content)}")
        return content

    return fetch
