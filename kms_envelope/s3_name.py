"""How a command line names an S3 object: `s3://bucket/key`, and a version of it."""

from typing import Final

from envelope.errors import InvalidRequest

_SCHEME: Final = "s3://"
_VERSION: Final = "?versionId="


def is_s3_name(name: str) -> bool:
    """Say whether an object is meant, and not a file.

    Args:
        name: What a command line names.

    Returns:
        True if it begins as the name of an object does.
    """
    return name.startswith(_SCHEME)


def address_of(name: str) -> dict[str, str]:
    """Read the name of an object.

    Args:
        name: `s3://bucket/key`, with `?versionId=...` behind it for a version that is not the latest.

    Returns:
        Which object, as S3's operations take it.

    Raises:
        InvalidRequest: If it is anything else.

    Examples:
        >>> address_of("s3://backups/2026/orders?versionId=seven")
        {'Bucket': 'backups', 'Key': '2026/orders', 'VersionId': 'seven'}
    """
    path, question, version = name.removeprefix(_SCHEME).partition(_VERSION)
    bucket, _, key = path.partition("/")
    if not is_s3_name(name) or not bucket or not key or (question and not version):
        raise InvalidRequest(f"input must be s3://bucket/key or s3://bucket/key{_VERSION}VERSION, got {name}")
    return {"Bucket": bucket, "Key": key, **({"VersionId": version} if version else {})}
