"""Headers as writers of small messages make them, read in a few steps. What is unusual is left to `header`."""

import struct
from functools import lru_cache
from typing import Any, Final

from envelope.errors import LimitExceeded, MalformedMessage
from envelope.format.context import EncryptionContext
from envelope.format.encrypted_data_keys import EncryptedDataKey, parse_encrypted_data_keys
from envelope.format.suites import SUITES
from envelope.format.wire import Bytes, Reader
from envelope.limits import ENCRYPTED_DATA_KEYS_MAX, FRAMED, MESSAGE_FORMAT, NONCE_BYTES, TAG_BYTES, UNFRAMED_LENGTH

_FRONT: Final = struct.Struct(">BH32sH")  # version, suite, message id, length of the encryption context
_BACK: Final = struct.Struct(">BI32s16s")  # content type, frame length, commitment, tag
_SECTION_START: Final = 35
_USUAL_SECTION_BYTES: Final = 4096
_ZERO_NONCE: Final = bytes(NONCE_BYTES)

_two_bytes = struct.Struct(">H").unpack_from


def parse_usual_header(data: Bytes) -> tuple[Any, ...] | None:
    """Read a header of format 2 in a few steps, if there is nothing unusual or wrong in it.

    Field by field, reading a header takes longer than all the rest of a record of 1 KiB. What the messages under one
    data key share is parsed once and remembered, as long as it is short. The suites of format 2 commit to their key,
    so that every commitment policy admits them.

    Args:
        data: The message, or as much of it as there is.

    Returns:
        The fields of an `UnverifiedHeader` in their order. None says nothing: the header has to be read field by
        field, and may be refused there.
    """
    try:
        version, suite_id, message_id, position = _FRONT.unpack_from(data)
        suite = SUITES.get(suite_id)
        if suite is None or not version == suite.message_format == MESSAGE_FORMAT:
            return None
        position += _FRONT.size
        (count,) = _two_bytes(data, position)
        position += 2
        for _ in range(3 * min(count, ENCRYPTED_DATA_KEYS_MAX)):
            (length,) = _two_bytes(data, position)
            position += 2 + length
        content_type, frame_length, commitment, tag = _BACK.unpack_from(data, position)
        if (
            content_type != FRAMED
            or frame_length == UNFRAMED_LENGTH
            or position - _SECTION_START > _USUAL_SECTION_BYTES
        ):
            return None
        key_section = bytes(data[_SECTION_START:position])
        context, encrypted_data_keys, is_signed = _parse_key_section(key_section)
    except (struct.error, MalformedMessage, LimitExceeded):
        return None
    if is_signed is (suite.signature is None):
        return None
    end = position + _BACK.size
    body = bytes(data[: end - TAG_BYTES])
    shared = (key_section, context, encrypted_data_keys)
    return (suite, message_id, *shared, frame_length, commitment, body, _ZERO_NONCE, tag, end)


@lru_cache(maxsize=128)
def _parse_key_section(data: bytes) -> tuple[EncryptionContext, tuple[EncryptedDataKey, ...], bool]:
    reader = Reader(data)
    context = EncryptionContext.parse(reader.sized(2, field="encryption context"))
    encrypted_data_keys = parse_encrypted_data_keys(reader)
    reader.finish(field="encrypted data keys")
    return context, encrypted_data_keys, context.public_key is not None
