"""What S3 answers, by remedy."""

from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, FlexibleChecksumError, ParamValidationError

from envelope.errors import (
    EnvelopeError,
    InvalidRequest,
    LimitExceeded,
    StorageAccessDenied,
    StorageUnavailable,
)
from envelope.objects.storage_errors import error_code, remedy


def answer(code: str, status: int) -> ClientError:
    response: Any = {"Error": {"Code": code, "Message": "secret"}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(response, "GetObject")


@pytest.mark.parametrize(
    ("code", "status", "expected"),
    [
        ("403", 403, StorageAccessDenied),
        ("InvalidAccessKeyId", 403, StorageAccessDenied),
        ("KMS.KMSInvalidStateException", 400, StorageAccessDenied),
        ("404", 404, InvalidRequest),
        ("PermanentRedirect", 301, InvalidRequest),
        ("MethodNotAllowed", 405, InvalidRequest),
        ("ConditionalRequestConflict", 409, StorageUnavailable),
        ("412", 412, StorageUnavailable),
        ("ExpiredToken", 400, StorageUnavailable),
        ("RequestTimeout", 400, StorageUnavailable),
        ("Anything", 599, StorageUnavailable),
        ("EntityTooLarge", 400, LimitExceeded),
        ("MetadataTooLarge", 400, LimitExceeded),
    ],
)
def test_every_answer_has_a_remedy(code: str, status: int, expected: type[EnvelopeError]) -> None:
    error = remedy("GetObject of source", answer(code, status))
    assert type(error) is expected
    assert str(error) == f"S3 must be able to do GetObject of source, got {code}"


@pytest.mark.parametrize(
    ("cause", "expected"),
    [
        (EndpointConnectionError(endpoint_url="http://secret"), StorageUnavailable),
        (FlexibleChecksumError(error_msg="secret"), StorageUnavailable),
        (ConnectionResetError("secret"), StorageUnavailable),
        (ParamValidationError(report="secret"), InvalidRequest),
    ],
)
def test_what_fails_on_the_way_has_a_remedy_too(cause: Exception, expected: type[EnvelopeError]) -> None:
    error = remedy("GetObject of source", cause)
    assert type(error) is expected
    assert "secret" not in str(error)
    assert error_code(cause) == ""
