"""A real S3 client as functions have it, with answers in memory where it would open a connection."""

import contextlib
from collections.abc import Callable
from typing import Any

import botocore.session
import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.exceptions import ClientError, ConnectTimeoutError, HTTPClientError, ReadTimeoutError

from envelope.errors import NotAuthentic, StorageUnavailable
from envelope.limits import OBJECT_RESERVE_SECONDS, OBJECT_STALL_SECONDS
from envelope.objects.object_request import ObjectName
from envelope.objects.object_upload import upload
from envelope.objects.s3_retries import S3RetryWindow, s3_config
from envelope.objects.time_left import TimeLeft
from tests.support.object_scene import LARGE

SESSION = botocore.session.get_session()
URL = "https://s3"

Answer = tuple[int, bytes] | Exception

OK: Answer = (200, b"")
SLOW_DOWN: Answer = (503, b"<Error><Code>SlowDown</Code></Error>")
DENIED: Answer = (403, b"<Error><Code>AccessDenied</Code></Error>")
FAILED_LATE: Answer = (200, b"<Error><Code>InternalError</Code></Error>")
SILENT: Answer = ReadTimeoutError(endpoint_url=URL)
UNREACHABLE: Answer = ConnectTimeoutError(endpoint_url=URL)

CALLS: dict[str, tuple[str, dict[str, Any]]] = {
    "GetObject": ("get_object", {}),
    "PutObject": ("put_object", {"Body": b""}),
    "CreateMultipartUpload": ("create_multipart_upload", {}),
    "UploadPart": ("upload_part", {"UploadId": "id", "PartNumber": 1, "Body": b""}),
    "CompleteMultipartUpload": ("complete_multipart_upload", {"UploadId": "id", "MultipartUpload": {"Parts": []}}),
    "AbortMultipartUpload": ("abort_multipart_upload", {"UploadId": "id"}),
}


class Body:
    """A response body, as urllib3 has it."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    def stream(self) -> list[bytes]:
        return [self._body]

    def read(self) -> bytes:
        return self._body


class S3:
    """A client and what it is told, with a clock that goes on by eight seconds when S3 says nothing."""

    def __init__(self, answer: Callable[[str], Answer], *, seconds: float) -> None:
        self.asked: list[str] = []
        self.seconds = seconds
        self._of = answer
        self.client: Any = SESSION.create_client(
            "s3",
            region_name="eu-central-1",
            aws_access_key_id="testing",
            aws_secret_access_key="testing",
            config=s3_config(),
        )
        events: Any = self.client.meta.events
        events.register("before-send.s3", self._answer)
        S3RetryWindow(lambda: self.seconds).watch(self.client)

    def _answer(self, *, event_name: str, **_: object) -> AWSResponse:
        operation = event_name.rpartition(".")[2]
        self.asked.append(operation)
        answer = self._of(operation)
        if isinstance(answer, Exception):
            self.seconds -= OBJECT_STALL_SECONDS
            raise answer
        status, body = answer
        headers = HTTPHeaders()
        headers["ETag"] = '"1"'
        return AWSResponse(URL, status, headers, Body(body))

    def call(self, operation: str) -> Any:
        method, parameters = CALLS[operation]
        return getattr(self.client, method)(Bucket="bucket", Key="key", **parameters)


@pytest.mark.parametrize(
    ("operation", "answer", "enough"),
    [
        # A pause of one second, two to connect, eight in which S3 says nothing, one to answer: twelve. Eight are over.
        ("GetObject", SILENT, 8 + 12),
        ("UploadPart", SILENT, 8 + 11 + OBJECT_RESERVE_SECONDS),
        ("CompleteMultipartUpload", UNREACHABLE, 8 + 11 + OBJECT_RESERVE_SECONDS),
        ("AbortMultipartUpload", SLOW_DOWN, 2),
        ("CompleteMultipartUpload", FAILED_LATE, 1 + OBJECT_RESERVE_SECONDS),
    ],
)
def test_asks_again_exactly_if_there_is_time(operation: str, answer: Answer, enough: float) -> None:
    tried = S3(lambda _: answer if len(tried.asked) == 1 else OK, seconds=enough)
    tried.call(operation)
    assert tried.asked == [operation] * 2

    late = S3(lambda _: answer, seconds=enough - 0.1)
    with pytest.raises((ClientError, ReadTimeoutError, ConnectTimeoutError)):
        late.call(operation)
    assert late.asked == [operation]


@pytest.mark.parametrize("operation", ["CreateMultipartUpload", "CompleteMultipartUpload"])
def test_asks_once_for_what_may_be_done_already(operation: str) -> None:
    s3 = S3(lambda _: SILENT, seconds=900.0)
    with pytest.raises(ReadTimeoutError):
        s3.call(operation)
    assert s3.asked == [operation]


@pytest.mark.parametrize(
    ("came", "times"), [(NotAuthentic("at its end"), 1), (ConnectionResetError(), 2)], ids=["our own", "the network's"]
)
def test_a_part_whose_content_failed_while_it_was_sent_is_not_sent_again(came: Exception, times: int) -> None:
    s3 = S3(lambda _: HTTPClientError(error=came) if len(s3.asked) < 2 else OK, seconds=900.0)
    with contextlib.suppress(HTTPClientError):
        s3.call("UploadPart")
    assert s3.asked == ["UploadPart"] * times


@pytest.mark.parametrize("seconds", [0.0, 900.0])
def test_a_refusal_keeps_its_name_and_an_answer_is_one_whatever_the_time(seconds: float) -> None:
    denied = S3(lambda _: DENIED, seconds=seconds)
    with pytest.raises(ClientError) as caught:
        denied.call("GetObject")
    assert caught.value.response["Error"]["Code"] == "AccessDenied"
    assert denied.asked == ["GetObject"]

    assert S3(lambda _: OK, seconds=seconds).call("AbortMultipartUpload")


@pytest.mark.parametrize("silent", ["CompleteMultipartUpload", "UploadPart"])
def test_an_upload_that_hangs_is_taken_back_before_the_time_is_over(silent: str) -> None:
    answers = {"CreateMultipartUpload": (200, b"<R><UploadId>id</UploadId></R>"), silent: SILENT}
    s3 = S3(lambda operation: answers.get(operation, OK), seconds=20.0)
    with pytest.raises(StorageUnavailable, match="S3 must finish the upload of destination, got ReadTimeoutError"):
        upload(
            s3.client,
            iter([memoryview(LARGE)]),
            ObjectName("bucket", "key"),
            parameters={},
            longest=len(LARGE),
            time_left=TimeLeft(lambda: s3.seconds),
        )
    assert (s3.asked.count(silent) <= 2, s3.asked[-1]) == (True, "AbortMultipartUpload")
    assert s3.seconds > 0


def test_the_settings_are_shorter_than_those_of_botocore() -> None:
    config: Any = S3(lambda _: OK, seconds=1.0).client.meta.config
    assert (config.connect_timeout, config.read_timeout) == (2, OBJECT_STALL_SECONDS)
    assert config.retries == {"mode": "standard", "total_max_attempts": 5}
