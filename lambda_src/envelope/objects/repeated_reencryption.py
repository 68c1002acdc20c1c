"""What to say when an object that was re-encrypted in its place is to be re-encrypted once more.

A caller whose answer got lost tries again, and the old keys do not open what is there now. The header says in the clear
which key and encryption context it is under: nobody has authenticated that, so it changes only what the refusal says.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from envelope.errors import EnvelopeError, InvalidRequest, NotAuthentic
from envelope.format.expected_context import AtLeast, ExpectedContext
from envelope.format.header import UnverifiedHeader
from envelope.format.suites import CommitmentPolicy
from envelope.objects.object_id import bound_to, without_object_id
from envelope.objects.object_ranges import fetching
from envelope.objects.object_reading import OpenedObject
from envelope.objects.object_request import ObjectRequest
from envelope.objects.s3_client import S3Client
from envelope.objects.time_left import TimeLeft
from envelope.streams.header_reading import read_header

_TEXT = (
    "source must hold a message under the old keys and encryption context, got one that names the new ones: "
    "it was re-encrypted before, or it is forged"
)


@contextmanager
def repetition_named(
    s3: S3Client,
    request: ObjectRequest,
    opened: OpenedObject,
    *,
    key_arn: str,
    context: ExpectedContext,
    policy: CommitmentPolicy,
    time_left: TimeLeft,
) -> Iterator[None]:
    """Add to a refusal that it may be one of a repetition.

    Args:
        s3: An S3 client.
        request: What was asked for.
        opened: The object that is read.
        key_arn: The new key.
        context: What the new message is bound to besides its object id, or as much of it as is known.
        policy: Which suites are read.
        time_left: How long it may take.

    Yields:
        Once, for the work.

    Raises:
        InvalidRequest: In place of `NotAuthentic` from the work, if an object is to be replaced of which the header
            names the new key and context.
        NotAuthentic: What the work raises otherwise.
    """
    try:
        yield
    except NotAuthentic as error:
        if request.source.name != request.destination:
            raise
        fetch = fetching(s3, request.source, opened.answer, time_left)
        try:
            claimed, _ = read_header(lambda length: fetch(0, min(length, opened.length) - 1), policy=policy)
        except EnvelopeError:
            raise error from None
        if not _names(
            claimed, key_arn=key_arn, object_id=request.object_id or request.destination.uri, context=context
        ):
            raise
        raise InvalidRequest(_TEXT) from error


def _names(claimed: UnverifiedHeader, *, key_arn: str, object_id: str, context: ExpectedContext) -> bool:
    said = dict(claimed.context.encoded)
    entries = context.context if isinstance(context, AtLeast) else context
    entries = bound_to(object_id, without_object_id(entries))
    is_under_key = any(key.provider_info == key_arn.encode() for key in claimed.encrypted_data_keys)
    return is_under_key and all(said.get(name) == value for name, value in entries.encoded)
