import pytest
from botocore.exceptions import ConnectTimeoutError, UnauthorizedSSOTokenError

from envelope.errors import EnvelopeError, KeyUnavailable, StorageUnavailable
from kms_envelope.rejected_credentials import as_rejected_credentials
from tests.support.fake_kms import client_error


def caused(error: EnvelopeError, *causes: Exception) -> EnvelopeError:
    last: BaseException = error
    for cause in causes:
        last.__cause__ = cause
        last = cause
    return error


@pytest.mark.parametrize("code", ["ExpiredTokenException", "ExpiredToken", "UnrecognizedClientException"])
def test_an_expired_login_is_told_wherever_it_was_noticed(code: str) -> None:
    for error in (
        caused(StorageUnavailable("text"), client_error(code)),
        caused(KeyUnavailable("of all keys"), KeyUnavailable("of one key"), client_error(code)),
    ):
        assert str(as_rejected_credentials(error)) == f"AWS credentials must be valid, got {code} (log in again)"


def test_an_expired_login_is_told_as_the_one_who_keeps_it_says_it() -> None:
    told = as_rejected_credentials(caused(KeyUnavailable("text"), UnauthorizedSSOTokenError()))

    assert str(told).startswith("AWS credentials must be valid, got UnauthorizedSSOTokenError: ")


@pytest.mark.parametrize(
    "error",
    [
        KeyUnavailable("text"),
        caused(KeyUnavailable("text"), client_error("ThrottlingException")),
        caused(KeyUnavailable("text"), ConnectTimeoutError(endpoint_url="https://kms")),
    ],
)
def test_other_failures_are_other_failures(error: EnvelopeError) -> None:
    assert as_rejected_credentials(error) is None
