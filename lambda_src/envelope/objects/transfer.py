"""Encrypting and decrypting S3 objects: from one object to another one that is there whole, or not at all."""

from collections.abc import Callable, Mapping
from typing import TypeAlias

from envelope.format.context import EncryptionContext
from envelope.format.expected_context import ExpectedContext
from envelope.format.frames import body_length
from envelope.format.suites import AlgorithmSuite, CommitmentPolicy
from envelope.keys.materials import DataKeys
from envelope.limits import FRAME_BYTES_DEFAULT, HEADER_BYTES_MAX
from envelope.objects import object_metadata
from envelope.objects.object_id import bound_to
from envelope.objects.object_reading import OpenedObject, opened_object
from envelope.objects.object_request import ObjectRequest
from envelope.objects.object_upload import WrittenObject, upload
from envelope.objects.s3_client import S3Client
from envelope.objects.time_left import TimeLeft
from envelope.streams.decryptor import Release, opened
from envelope.streams.encryptor import sealed_blocks

Facts: TypeAlias = dict[str, object]
"""What was done, for the answer and for the log line: no content, no values of the encryption context."""


def encrypt_object(
    s3: S3Client,
    request: ObjectRequest,
    *,
    keys: DataKeys,
    key_arn: str,
    context: EncryptionContext,
    suite: AlgorithmSuite,
    remaining_seconds: Callable[[], float],
    sequencer: str | None = None,
    condition: Mapping[str, str] | None = None,
) -> Facts:
    """Encrypt an object.

    Content type, encoding, language and disposition, cache control and user metadata go along; tags, access control
    lists and storage class do not. The metadata of the new object names key and format.

    Args:
        s3: An S3 client.
        request: From where to where. Its object id is by default the name of the destination.
        keys: Where the data key comes from.
        key_arn: The key, for the metadata.
        context: What the message is bound to besides its object id.
        suite: How to encrypt.
        remaining_seconds: Seconds until Lambda stops the function.
        sequencer: That of the arrival that this is, for the metadata. Default: it is none.
        condition: What must be there before, to be replaced, as `IfMatch` or `IfNoneMatch`. Default: anything.

    Returns:
        Both versions and how long they are.

    Raises:
        EnvelopeError: One of its kinds. The destination is then what it was.
    """
    request.with_two_objects()
    whole_context = bound_to(request.object_id or request.destination.uri, context)
    time_left = TimeLeft(remaining_seconds)
    with opened_object(s3, request.source, time_left=time_left) as source:
        arrival = None
        if sequencer is not None:
            bucket = request.source.name.bucket
            arrival = object_metadata.of_arrival(source.answer, bucket=bucket, sequencer=sequencer)
        parameters = object_metadata.of_message(source.answer, key_arn=key_arn, further=arrival)
        longest = HEADER_BYTES_MAX + body_length(source.length, frame_length=FRAME_BYTES_DEFAULT)
        blocks = sealed_blocks(
            source.reader,
            keys=keys,
            context=whole_context,
            suite=suite,
            frame_length=FRAME_BYTES_DEFAULT,
            plaintext_bytes=source.length,
        )
        written = upload(
            s3,
            blocks,
            request.destination,
            parameters=parameters,
            longest=longest,
            time_left=time_left,
            condition=condition,
        )
    return {**_versions(source, written), "plaintext_bytes": source.length, "message_bytes": written.length}


def decrypt_object(
    s3: S3Client,
    request: ObjectRequest,
    *,
    keys: DataKeys,
    context: ExpectedContext,
    policy: CommitmentPolicy,
    remaining_seconds: Callable[[], float],
) -> Facts:
    """Decrypt an object. Nobody sees the destination before everything that authenticates the message was checked.

    Args:
        s3: An S3 client.
        request: From where to where. Its object id is by default the name of the source.
        keys: Who can decrypt the data key.
        context: What the message must be bound to besides its object id.
        policy: Which suites are read.
        remaining_seconds: Seconds until Lambda stops the function.

    Returns:
        Both versions and how long they are.

    Raises:
        EnvelopeError: One of its kinds. The destination is then what it was.
    """
    request.with_two_objects()
    whole_context = bound_to(request.object_id or request.source.name.uri, context)
    time_left = TimeLeft(remaining_seconds)
    with opened_object(s3, request.source, time_left=time_left) as source:
        parameters = object_metadata.of_plaintext(source.answer)
        with opened(source.reader, keys=keys, context=whole_context, policy=policy) as message:
            written = upload(
                s3,
                message.blocks(release=Release.HELD_BY_DESTINATION),
                request.destination,
                parameters=parameters,
                longest=source.length,
                time_left=time_left,
            )
    return {**_versions(source, written), "message_bytes": source.length, "plaintext_bytes": written.length}


def _versions(source: OpenedObject, written: WrittenObject) -> Facts:
    return {"source_version_id": source.version_id, "destination_version_id": written.version_id}
