"""What stands between s3transfer and S3."""

from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, ReadTimeoutError

from envelope.objects.upload_client import UploadClient


class Recording:
    """Answers every call, or raises what it was told to."""

    meta = "meta"

    def __init__(self, **errors: Exception) -> None:
        self.errors = errors
        self.calls: list[tuple[str, dict[str, Any]]] = []

    def __getattr__(self, operation: str) -> Any:
        def call(**parameters: Any) -> dict[str, Any]:
            self.calls.append((operation, parameters))
            if operation in self.errors:
                raise self.errors[operation]
            return {"VersionId": operation}

        return call


def client_of(s3: Any) -> UploadClient:
    return UploadClient(s3, condition={"IfMatch": '"1"'}, length=lambda: 7)


def refused(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": ""}}, "AbortMultipartUpload")


UNREACHABLE = EndpointConnectionError(endpoint_url="http://s3")


def test_the_condition_goes_where_the_object_appears() -> None:
    s3 = Recording()
    client = client_of(s3)
    client.create_multipart_upload(Key="key")
    client.upload_part(Key="key")
    assert client.answer == {}
    client.complete_multipart_upload(Key="key")
    assert client.answer == {"VersionId": "complete_multipart_upload"}
    client.put_object(Key="key")
    assert client.answer == {"VersionId": "put_object"}
    assert s3.calls == [
        ("create_multipart_upload", {"Key": "key"}),
        ("upload_part", {"Key": "key"}),
        ("complete_multipart_upload", {"Key": "key", "IfMatch": '"1"', "MpuObjectSize": 7}),
        ("put_object", {"Key": "key", "IfMatch": '"1"'}),
    ]
    assert client.meta == "meta"


def test_the_first_failure_is_remembered() -> None:
    first, second = refused("SlowDown"), refused("InternalError")
    client = client_of(Recording(upload_part=first, complete_multipart_upload=second))
    with pytest.raises(ClientError):
        client.upload_part()
    with pytest.raises(ClientError):
        client.complete_multipart_upload()
    assert client.failure is first


@pytest.mark.parametrize(
    ("error", "left_behind"),
    [
        (refused("AccessDenied"), ["the unfinished upload id must be aborted too, got AccessDenied"]),
        (refused("NoSuchUpload"), []),
        (UNREACHABLE, ["the unfinished upload id must be aborted too, got EndpointConnectionError"]),
    ],
)
def test_what_cannot_be_taken_back_is_remembered(error: Exception, left_behind: list[str]) -> None:
    client = client_of(Recording(abort_multipart_upload=error))
    client.abort_multipart_upload(UploadId="id")
    assert client.left_behind == left_behind
    assert client.abort_failure is (error if left_behind else None)


MAYBE_WRITTEN = "destination may have been written all the same, and is whole then"
MAYBE_BEGUN = "an upload may have begun of which nobody knows the id: a lifecycle rule of the bucket must abort it"


@pytest.mark.parametrize(
    ("operation", "left_behind"),
    [
        ("put_object", [MAYBE_WRITTEN]),
        ("create_multipart_upload", [MAYBE_BEGUN]),
        ("upload_part", []),
        ("complete_multipart_upload", [MAYBE_WRITTEN]),
    ],
)
def test_what_s3_may_have_done_without_an_answer_is_remembered(operation: str, left_behind: list[str]) -> None:
    client = client_of(Recording(**{operation: ReadTimeoutError(endpoint_url="http://s3")}))
    with pytest.raises(ReadTimeoutError):
        getattr(client, operation)()
    assert client.left_behind == left_behind


@pytest.mark.parametrize("error", [refused("SlowDown"), UNREACHABLE])
@pytest.mark.parametrize("operation", ["put_object", "create_multipart_upload", "complete_multipart_upload"])
def test_what_s3_refused_or_never_heard_of_leaves_nothing(operation: str, error: Exception) -> None:
    client = client_of(Recording(**{operation: error}))
    with pytest.raises(type(error)):
        getattr(client, operation)()
    assert client.left_behind == []


def test_what_was_taken_back_leaves_nothing() -> None:
    client = client_of(Recording())
    client.abort_multipart_upload(UploadId="id")
    assert client.left_behind == []
