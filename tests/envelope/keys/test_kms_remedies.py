import pytest
from botocore.exceptions import ClientError, NoCredentialsError, ParamValidationError, ReadTimeoutError

from envelope.errors import EnvelopeError, InvalidRequest, KeyAccessDenied, KeyUnavailable, NotAuthentic
from envelope.keys.kms_remedies import is_no_answer, most_useful, remedy_of
from tests.support.fake_kms import KEY_ARN, client_error

REMEDIES = [
    ("AccessDeniedException", 400, KeyAccessDenied),
    ("DisabledException", 400, KeyAccessDenied),
    ("KMSInvalidStateException", 400, KeyAccessDenied),
    ("NotFoundException", 400, KeyAccessDenied),
    ("InvalidGrantTokenException", 400, KeyAccessDenied),
    ("InvalidKeyUsageException", 400, KeyAccessDenied),
    ("UnrecognizedClientException", 400, KeyAccessDenied),
    ("IncorrectKeyException", 400, NotAuthentic),
    ("InvalidCiphertextException", 400, NotAuthentic),
    ("ValidationException", 400, InvalidRequest),
    ("ThrottlingException", 400, KeyUnavailable),
    ("Throttling", 400, KeyUnavailable),
    ("TooManyRequestsException", 429, KeyUnavailable),
    ("RequestLimitExceeded", 400, KeyUnavailable),
    ("LimitExceededException", 400, KeyUnavailable),
    ("ExpiredTokenException", 400, KeyUnavailable),
    ("DependencyTimeoutException", 503, KeyUnavailable),
    ("KMSInternalException", 500, KeyUnavailable),
    ("KeyUnavailableException", 500, KeyUnavailable),
    ("InternalFailure", 500, KeyUnavailable),
    ("503", 503, KeyUnavailable),
]


@pytest.mark.parametrize(("code", "status", "kind"), REMEDIES)
def test_answers_of_kms_become_remedies(code: str, status: int, kind: type[EnvelopeError]) -> None:
    remedy = remedy_of(client_error(code, status=status), operation="Decrypt", key_arn=KEY_ARN)

    assert type(remedy) is kind
    assert (code in str(remedy)) is (kind is not NotAuthentic)
    assert is_no_answer(client_error(code, status=status)) is (kind is KeyUnavailable)


def test_silence_is_no_answer_and_a_request_that_was_never_sent_is_none() -> None:
    assert is_no_answer(ReadTimeoutError(endpoint_url="https://kms"))
    assert is_no_answer(NoCredentialsError())
    assert not is_no_answer(ParamValidationError(report="x"))
    assert not is_no_answer(NotAuthentic())


def test_an_answer_without_a_code_is_a_refusal() -> None:
    remedy = remedy_of(ClientError({}, "Decrypt"), operation="Decrypt", key_arn=KEY_ARN)

    assert type(remedy) is KeyAccessDenied
    assert str(remedy) == f"KMS must allow Decrypt with {KEY_ARN}, got no error code"


def test_the_most_useful_failure_is_that_of_the_key_that_may_answer_later() -> None:
    denied, unavailable = KeyAccessDenied("one says no"), KeyUnavailable("one is silent")

    for failures in ([denied, unavailable], [unavailable, denied]):
        failure = most_useful(failures)

        assert type(failure) is KeyUnavailable
        assert str(failure) == "; ".join(map(str, failures))
    assert type(most_useful([denied])) is KeyAccessDenied
    assert type(most_useful([])) is NotAuthentic
