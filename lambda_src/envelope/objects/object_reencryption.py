"""An encrypted object under another key or encryption context, in one pass: decrypted, encrypted again, uploaded."""

from collections.abc import Callable
from contextlib import closing

from envelope.format.context import EncryptionContext
from envelope.format.expected_context import ExpectedContext
from envelope.format.frames import body_length
from envelope.format.suites import AlgorithmSuite, CommitmentPolicy
from envelope.keys.materials import DataKeys
from envelope.limits import FRAME_BYTES_DEFAULT, HEADER_BYTES_MAX
from envelope.objects import object_metadata
from envelope.objects.object_id import bound_to, without_object_id
from envelope.objects.object_reading import opened_object
from envelope.objects.object_request import ObjectRequest
from envelope.objects.object_upload import upload
from envelope.objects.reencryption import carried_over
from envelope.objects.repeated_reencryption import repetition_named
from envelope.objects.s3_client import S3Client
from envelope.objects.signature_choice import SignatureChoice
from envelope.objects.source_binding import SourceBinding
from envelope.objects.time_left import TimeLeft
from envelope.objects.transfer import Facts
from envelope.streams.decryptor import Release, opened
from envelope.streams.encryptor import sealed_blocks
from envelope.streams.reading import BlockReader


def reencrypt_object(
    s3: S3Client,
    request: ObjectRequest,
    *,
    old_keys: DataKeys,
    context: ExpectedContext,
    policy: CommitmentPolicy,
    keys: DataKeys,
    key_arn: str,
    new_context: EncryptionContext | None,
    suite: AlgorithmSuite,
    remaining_seconds: Callable[[], float],
    source_binding: SourceBinding = SourceBinding.OBJECT_ID,
    signature: SignatureChoice = SignatureChoice.KEEP,
) -> Facts:
    """Encrypt the content of an encrypted object anew.

    The destination may be the source itself: it is then replaced when all of it was verified and written, and only if
    it is still what was read. Metadata goes along, with the new key in it.

    Args:
        s3: An S3 client.
        request: From where to where. Its object id binds both messages; by default the source is bound to its own
            name and the destination to its own.
        old_keys: Who can decrypt the data key of the source.
        context: What the source must be bound to besides its object id.
        policy: Which suites are read.
        keys: Where the new data key comes from.
        key_arn: The new key, for the metadata.
        new_context: What the destination is bound to besides its object id. None: what the source was bound to.
        suite: How to encrypt.
        remaining_seconds: Seconds until Lambda stops the function.
        source_binding: Whether the source must be bound to its object id. Default: it must.
        signature: Whether a signed message may become one without signature. Default: it may not.

    Returns:
        Both versions, how long they are, and their suites.

    Raises:
        EnvelopeError: One of its kinds. The destination is then what it was.
    """
    expected = _expected(request, context, source_binding)
    time_left = TimeLeft(remaining_seconds)
    with opened_object(s3, request.source, time_left=time_left) as source:
        origin = object_metadata.of_origin(source.answer)
        parameters = object_metadata.of_message(source.answer, key_arn=key_arn, further=origin)
        longest = HEADER_BYTES_MAX + body_length(source.length, frame_length=FRAME_BYTES_DEFAULT)
        condition = {"IfMatch": source.answer["ETag"]} if request.source.name == request.destination else None
        wanted = context if new_context is None else new_context
        told = repetition_named(
            s3, request, source, key_arn=key_arn, context=wanted, policy=policy, time_left=time_left
        )
        with told, opened(source.reader, keys=old_keys, context=expected, policy=policy) as message:
            header = message.header
            signature.demand(header.suite, suite)
            kept = without_object_id(carried_over(header.context, expected)) if new_context is None else new_context
            with closing(BlockReader(message.blocks(release=Release.HELD_BY_DESTINATION))) as plaintext:
                blocks = sealed_blocks(
                    plaintext,
                    keys=keys,
                    context=bound_to(request.object_id or request.destination.uri, kept),
                    suite=suite,
                    frame_length=FRAME_BYTES_DEFAULT,
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
    return {
        "source_version_id": source.version_id,
        "destination_version_id": written.version_id,
        "old_message_bytes": source.length,
        "message_bytes": written.length,
        "old_suite": header.suite.name,
        "suite": suite.name,
    }


def _expected(request: ObjectRequest, context: ExpectedContext, source_binding: SourceBinding) -> ExpectedContext:
    if source_binding is SourceBinding.UNSAFE_NONE:
        return context
    return bound_to(request.object_id or request.source.name.uri, context)
