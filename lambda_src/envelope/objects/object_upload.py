"""Writing an object that is there whole or not at all, and of which nothing is left behind otherwise."""

import io
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import CancelledError
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from envelope.errors import EnvelopeError
from envelope.objects.object_request import ObjectName
from envelope.objects.part_plan import PartPlan
from envelope.objects.s3_client import S3Client
from envelope.objects.storage_errors import remedy
from envelope.objects.time_left import TimeLeft
from envelope.objects.upload_client import UploadClient
from envelope.streams.reading import BlockReader

if TYPE_CHECKING:
    from s3transfer.manager import TransferConfig

_BUFFER_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True)
class WrittenObject:
    """An object that S3 has.

    Attributes:
        length: Its bytes.
        version_id: Its version, in a bucket with versions.
    """

    length: int
    version_id: str | None


def upload(
    s3: S3Client,
    blocks: Iterator[memoryview],
    destination: ObjectName,
    *,
    parameters: Mapping[str, Any],
    longest: int,
    time_left: TimeLeft,
    condition: Mapping[str, str] | None = None,
) -> WrittenObject:
    """Write an object from blocks that become known one after the other.

    Nobody sees the object before the last block came without an error. If anything fails, or if time runs out, the
    upload is taken back. What cannot be taken back by anybody is the upload of a function that Lambda stopped: a
    lifecycle rule of the bucket (`AbortIncompleteMultipartUpload`) is there for it.

    S3 checks every part against its CRC32 and the whole against its length.

    Where S3 made the object and its answer was lost, an error comes out all the same, and says so. The object is then
    there, and whole; trying again replaces it. Where the answer was lost that names an upload, nobody can take it back
    but that lifecycle rule: the error says that too.

    Args:
        s3: An S3 client.
        blocks: The content. Each is used before the next one is asked for.
        destination: Where it goes.
        parameters: What else to write, as parameters of PutObject.
        longest: How long the content can become.
        time_left: How long it may take.
        condition: `IfMatch` or `IfNoneMatch`: what must be there before, to be replaced. Default: anything.

    Returns:
        What S3 has now.

    Raises:
        EnvelopeError: What the blocks raise; what S3 answers, by remedy; `LimitExceeded` if time runs out or if the
            object is longer than uploads can be.
    """
    content = _UploadContent(blocks, time_left=time_left)
    client = UploadClient(s3, condition=condition or {}, length=content.position)
    content.client = client
    # The checksum of the whole and not of its parts' checksums: whoever reads the object can compare that.
    whole = {**parameters, "ChecksumAlgorithm": "CRC32", "ChecksumType": "FULL_OBJECT"}
    try:
        with closing(content):
            _transfer(client, content, destination, parameters=whole, plan=PartPlan.for_length(longest))
    except EnvelopeError as error:
        failure, cause = error, error.__cause__
    except CancelledError:
        failure, cause = time_left.is_up(), None
    except Exception as error:
        if error is not client.failure:
            raise
        failure, cause = remedy("the upload of destination", error), error
    else:
        return WrittenObject(length=content.position(), version_id=client.answer.get("VersionId"))
    if client.left_behind:
        failure = type(failure)("; ".join([str(failure), *client.left_behind]))
    # An upload that is still there is what has to be dealt with, whatever failed before.
    raise failure from client.abort_failure or cause


class _UploadContent:
    """What s3transfer reads parts from, in a thread of its own."""

    def __init__(self, blocks: Iterator[memoryview], *, time_left: TimeLeft) -> None:
        self._buffered = io.BufferedReader(BlockReader(blocks), _BUFFER_BYTES)
        self._position = 0
        self.time_left = time_left
        self.client: UploadClient | None = None

    def position(self) -> int:
        return self._position

    def close(self) -> None:
        self._buffered.close()

    def read(self, length: int = -1) -> bytes:
        if self.client is not None and self.client.failure is not None:
            raise self.client.failure
        self.time_left.demand_more()
        part = self._buffered.read(length)
        self._position += len(part)
        return part


def _transfer(
    client: UploadClient,
    content: _UploadContent,
    destination: ObjectName,
    *,
    parameters: dict[str, Any],
    plan: PartPlan,
) -> None:
    # Here, since requests that have nothing to do with objects need not wait for it.
    from s3transfer.manager import TransferManager  # noqa: PLC0415

    with TransferManager(client, _config(plan)) as manager:  # type: ignore[arg-type]  # all that it calls is there
        future = manager.upload(content, destination.bucket, destination.key, parameters)  # type: ignore[arg-type]  # it reads
        # The content looks at the clock whenever it is read. This is for a part that S3 does not take.
        alarm = threading.Timer(_seconds_until(content.time_left), future.cancel)
        alarm.daemon = True
        alarm.start()
        try:
            future.result()
        finally:
            alarm.cancel()


def _config(plan: PartPlan) -> "TransferConfig":
    from s3transfer.manager import TransferConfig  # noqa: PLC0415  # as above

    return TransferConfig(
        multipart_threshold=plan.part_bytes,
        multipart_chunksize=plan.part_bytes,
        max_request_concurrency=plan.at_once,
        max_in_memory_upload_chunks=plan.at_once,
        max_submission_concurrency=1,
    )


def _seconds_until(time_left: TimeLeft) -> float:
    return min(max(0.0, time_left.seconds_to_work), threading.TIMEOUT_MAX)
