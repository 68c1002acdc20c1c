import pytest
from botocore.exceptions import ReadTimeoutError

from envelope.errors import EnvelopeError, InvalidRequest, StorageAccessDenied, StorageUnavailable
from envelope.records.record_sinks import refusal, refusal_of_request
from tests.support.fake_kms import client_error

CODES = [
    ("AccessDenied", 403, StorageAccessDenied),
    ("AWS.SimpleQueueService.NonExistentQueue", 400, StorageAccessDenied),
    ("RequestThrottled", 400, StorageUnavailable),
    ("ServiceUnavailable", 503, StorageUnavailable),
    ("Unheard", 500, StorageUnavailable),
    ("Unheard", 499, StorageAccessDenied),
    ("ValidationException", 400, InvalidRequest),
]


@pytest.mark.parametrize(("code", "status", "kind"), CODES)
def test_a_code_means_a_remedy(code: str, status: int, kind: type[EnvelopeError]) -> None:
    for error in (refusal("SQS", code, status=status), refusal_of_request("SQS", client_error(code, status=status))):
        assert (type(error), str(error)) == (kind, f"SQS must take the records, got {code}")


def test_an_error_without_an_answer_passes_and_its_text_is_not_repeated() -> None:
    error = refusal_of_request("SQS", ReadTimeoutError(endpoint_url="https://what-was-sent"))

    assert (type(error), str(error)) == (StorageUnavailable, "SQS must take the records, got ReadTimeoutError")
