from typing import Any

import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.exceptions import ClientError, ReadTimeoutError

from envelope.retry_stop import is_success, stop


def answered(status: int) -> tuple[Any, Any]:
    return AWSResponse("https://sqs", status, HTTPHeaders(), None), {"Error": {"Code": "Busy"}}


@pytest.mark.parametrize(("status", "expected"), [(200, True), (299, True), (300, False), (403, False), (503, False)])
def test_success_is_what_http_calls_so(status: int, *, expected: bool) -> None:
    assert is_success(answered(status)) is expected


def test_an_error_that_was_answered_becomes_the_one_of_the_client() -> None:
    with pytest.raises(ClientError) as caught:
        stop(answered(503), None, "SendMessageBatch")

    assert (caught.value.operation_name, caught.value.response["Error"]["Code"]) == ("SendMessageBatch", "Busy")


def test_what_was_caught_is_raised_as_it_is() -> None:
    hung = ReadTimeoutError(endpoint_url="https://sqs")

    with pytest.raises(ReadTimeoutError) as caught:
        stop(None, hung, "SendMessageBatch")

    assert caught.value is hung
