"""What an object says about itself beside its content: kept from source to destination, with what we add."""

from collections.abc import Mapping
from typing import Any, Final

from envelope.errors import InvalidRequest, LimitExceeded
from envelope.limits import MESSAGE_FORMAT, OBJECT_METADATA_BYTES_MAX

KEY: Final = "envelope-key"
FORMAT: Final = "envelope-format"
SOURCE_BUCKET: Final = "envelope-source-bucket"
SOURCE_VERSION: Final = "envelope-source-version"
SOURCE_SEQUENCER: Final = "envelope-source-sequencer"
FORMAT_NAME: Final = f"aws-encryption-sdk/{MESSAGE_FORMAT}"

_ARRIVAL: Final = frozenset({SOURCE_BUCKET, SOURCE_VERSION, SOURCE_SEQUENCER})
_OURS: Final = _ARRIVAL | {KEY, FORMAT}
_KEPT: Final = ("ContentType", "ContentEncoding", "ContentLanguage", "ContentDisposition", "CacheControl")


def of_message(source: Mapping[str, Any], *, key_arn: str, further: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Say what the object that holds a message is written with.

    The names that begin with `envelope-` and are ours describe this message; those of a source that holds a message
    itself are replaced.

    Args:
        source: What S3 answered about the source.
        key_arn: The key, by its ARN.
        further: Where the source came from, for arrivals. Default: nothing.

    Returns:
        Parameters of PutObject.

    Raises:
        LimitExceeded: If S3 would not take that much metadata.
        InvalidRequest: If S3 held metadata back, so that it cannot be kept.
    """
    return _parameters(source, {**_of_users(source), KEY: key_arn, FORMAT: FORMAT_NAME, **(further or {})})


def of_plaintext(source: Mapping[str, Any]) -> dict[str, Any]:
    """Say what the object that holds plaintext is written with.

    Args:
        source: What S3 answered about the object that holds the message.

    Returns:
        Parameters of PutObject, without what we added when the message was written.

    Raises:
        LimitExceeded: If S3 would not take that much metadata.
        InvalidRequest: If S3 held metadata back, so that it cannot be kept.
    """
    return _parameters(source, _of_users(source))


def of_arrival(source: Mapping[str, Any], *, bucket: str, sequencer: str) -> dict[str, str]:
    """Say which arrival an object is from.

    Args:
        source: What S3 answered about the object that arrived.
        bucket: Where it arrived.
        sequencer: What S3 said about the order of arrivals.

    Returns:
        The metadata that later arrivals look at, and the version that was read, in a bucket with versions.
    """
    version_id = source.get("VersionId")
    arrival = {SOURCE_BUCKET: bucket, SOURCE_SEQUENCER: sequencer}
    return arrival | ({} if version_id is None else {SOURCE_VERSION: version_id})


def of_origin(source: Mapping[str, Any]) -> dict[str, str]:
    """Say where an object that was encrypted on arrival came from.

    Args:
        source: What S3 answered about the object that holds the message.

    Returns:
        The metadata that later arrivals look at, if it has some.
    """
    return {name: value for name, value in source["Metadata"].items() if name in _ARRIVAL}


def _of_users(source: Mapping[str, Any]) -> dict[str, str]:
    return {name: value for name, value in source["Metadata"].items() if name not in _OURS}


def _parameters(source: Mapping[str, Any], metadata: dict[str, str]) -> dict[str, Any]:
    if source.get("MissingMeta"):
        raise InvalidRequest(
            f"metadata of source must be text that S3 can answer with, got {source['MissingMeta']} entries held back"
        )
    size = sum(len(name.encode()) + len(value.encode()) for name, value in metadata.items())
    if size > OBJECT_METADATA_BYTES_MAX:
        raise LimitExceeded(
            f"metadata of source, with ours, must be at most {OBJECT_METADATA_BYTES_MAX} bytes, got {size}"
        )
    return {"Metadata": metadata, **{name: source[name] for name in _KEPT if source.get(name)}}
