"""S3 encrypts an object under its bucket's key only for a caller who may use that key through S3.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html: writing needs `GenerateDataKey`,
reading `Decrypt`, and a multipart upload both, because its parts are read again when it is completed. The
encryption context is the object's ARN and what the writer adds to it, or the bucket's ARN where there is a bucket key:
whether what is added is there as well, AWS does not say, and that it is not is the stricter answer.
"""

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from ministack.core.responses import get_account_id, get_region
from ministack.services import s3

from local_aws.server.at_rest.stored_data import StoredData

_Response: TypeAlias = tuple[int, dict[str, str], bytes]
_Operation: TypeAlias = Callable[..., _Response]
_ALGORITHM = "x-amz-server-side-encryption"
_KEY_ID = f"{_ALGORITHM}-aws-kms-key-id"
CONTEXT = f"{_ALGORITHM}-context"
"""The header by which a writer adds to the encryption context, as JSON in base64."""

_settings_of_ministack = s3._resolve_sse_write_headers
_contexts: dict[tuple[str, str], Mapping[str, str]] = {}


def extend() -> None:
    """Stand before the operations that write or read what an object holds."""
    s3._put_object = _keeping(_writing(s3._put_object, ("GenerateDataKey",), headers_at=3), headers_at=3)
    s3._create_multipart_upload = _keeping(
        _writing(s3._create_multipart_upload, ("GenerateDataKey",), headers_at=2), headers_at=2
    )
    s3._upload_part = _writing(s3._upload_part, ("GenerateDataKey", "Decrypt"), headers_at=4)
    s3._complete_multipart_upload = _writing(s3._complete_multipart_upload, ("Decrypt",), headers_at=4)
    s3._get_object = _reading(s3._get_object)
    s3._resolve_sse_write_headers = _settings


def _writing(operation: _Operation, needed: Sequence[str], *, headers_at: int) -> _Operation:
    def write(bucket: str, key: str, *rest: Any) -> _Response:  # noqa: ANN401  # ministack's own signature
        asked: Mapping[str, str] = rest[headers_at - 2] or {}
        key_id = asked.get(_KEY_ID) or s3._bucket_default_sse_headers(bucket).get(_KEY_ID, "")
        return _refused(bucket, key, key_id, needed, _added(asked.get(CONTEXT, ""))) or operation(bucket, key, *rest)

    return write


def _keeping(operation: _Operation, *, headers_at: int) -> _Operation:
    """Keep what a writer adds to the encryption context, as S3 keeps it with the object."""

    def write(bucket: str, key: str, *rest: Any) -> _Response:  # noqa: ANN401  # ministack's own signature
        response = operation(bucket, key, *rest)
        if response[0] < 400:  # noqa: PLR2004  # HTTP's own boundary
            _contexts[bucket, key] = _added((rest[headers_at - 2] or {}).get(CONTEXT, ""))
        return response

    return write


def _added(header: str) -> Mapping[str, str]:
    found: Mapping[str, str] = json.loads(base64.b64decode(header)) if header else {}
    return found


def _reading(operation: _Operation) -> _Operation:
    def read(bucket: str, key: str, *rest: Any) -> _Response:  # noqa: ANN401  # ministack's own signature
        found = operation(bucket, key, *rest)
        added = _contexts.get((bucket, key), {})
        return _refused(bucket, key, found[1].get(_KEY_ID, ""), ("Decrypt",), added) or found

    return read


def _refused(bucket: str, key: str, key_id: str, needed: Sequence[str], added: Mapping[str, str]) -> _Response | None:
    arn = f"arn:aws:s3:::{bucket}"
    has_bucket_key = b"<BucketKeyEnabled>true" in _encryption(bucket)
    context = {"aws:s3:arn": arn} if has_bucket_key else {"aws:s3:arn": f"{arn}/{key}", **added}
    refused = StoredData(service="s3", key_id=key_id, encryption_context=context).refusal_of_caller(needed)
    if refused is None:
        return None
    response: _Response = s3._error("AccessDenied", refused, 403, f"/{bucket}/{key}")
    return response


def _encryption(bucket: str) -> bytes:
    raw = s3._bucket_encryption.get(bucket) or b""
    return raw.encode() if isinstance(raw, str) else bytes(raw)


def _settings(headers: dict[str, str], bucket: str) -> Any:  # noqa: ANN401  # ministack's own signature
    """Take S3's own key, which the account has in each Region, where a request names none."""
    if headers.get(_ALGORITHM) == "aws:kms" and not headers.get(_KEY_ID):
        headers = {**headers, _KEY_ID: f"arn:aws:kms:{get_region()}:{get_account_id()}:alias/aws/s3"}
    return _settings_of_ministack(headers, bucket)
