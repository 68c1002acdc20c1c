"""What S3 says about the objects of a request."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from envelope.errors import EnvelopeError, StorageUnavailable
from envelope.objects.refusal import Refusal


def error_behind(operation: str, code: str) -> EnvelopeError:
    response: Any = {"Error": {"Code": code, "Message": ""}}
    error = StorageUnavailable("S3 must be there")
    error.__cause__ = ClientError(response, operation)
    return error


@pytest.mark.parametrize(
    ("operation", "code", "refusal"),
    [
        ("GetObject", "NoSuchKey", Refusal.SOURCE_IS_GONE),
        ("GetObject", "NoSuchVersion", Refusal.SOURCE_IS_GONE),
        ("GetObject", "NoSuchBucket", None),
        ("GetObject", "PreconditionFailed", Refusal.SOURCE_WAS_REPLACED),
        ("CompleteMultipartUpload", "PreconditionFailed", Refusal.DESTINATION_WAS_CHANGED),
        ("CompleteMultipartUpload", "NoSuchUpload", None),
        ("PutObject", "PreconditionFailed", Refusal.DESTINATION_WAS_CHANGED),
        ("HeadObject", "404", Refusal.NO_DESTINATION),
        ("HeadObject", "403", Refusal.DESTINATION_IS_HIDDEN),
        ("HeadObject", "500", None),
    ],
)
def test_operation_and_code_say_what_it_is(operation: str, code: str, refusal: Refusal | None) -> None:
    assert Refusal.behind(error_behind(operation, code)) is refusal


def test_other_errors_say_nothing() -> None:
    assert Refusal.behind(StorageUnavailable("S3 must be there")) is None
