"""What answers of Secrets Manager mean."""

from collections.abc import Callable

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, ParamValidationError

from secret_rotation.aws_answers import NOT_FOUND, answer, answer_or_code
from secret_rotation.errors import RotationError, SecretAccessDenied, SecretsManagerUnavailable, SecretUnusable
from tests.support.fake_kms import client_error

KNOWN = "known-value-0123456789"


def raising(error: Exception) -> Callable[[], dict[str, str]]:
    def call() -> dict[str, str]:
        raise error

    return call


@pytest.mark.parametrize(
    ("error", "kind", "said"),
    [
        (client_error("AccessDeniedException"), SecretAccessDenied, "AccessDeniedException"),
        (client_error("DecryptionFailure"), SecretAccessDenied, "DecryptionFailure"),
        (client_error("UnrecognizedClientException"), SecretAccessDenied, "UnrecognizedClientException"),
        (client_error("ThrottlingException"), SecretsManagerUnavailable, "ThrottlingException"),
        (client_error("LimitExceededException"), SecretsManagerUnavailable, "LimitExceededException"),
        (client_error("SomethingNew", status=503), SecretsManagerUnavailable, "SomethingNew"),
        (client_error("ResourceNotFoundException"), SecretUnusable, "ResourceNotFoundException"),
        (client_error("InvalidRequestException"), SecretUnusable, "InvalidRequestException"),
        (ClientError({}, "PutSecretValue"), SecretAccessDenied, "no error code"),
        (EndpointConnectionError(endpoint_url="https://x"), SecretsManagerUnavailable, "EndpointConnectionError"),
        (ParamValidationError(report=f"value: {KNOWN}"), SecretUnusable, "something else"),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_each_refusal_says_what_to_do(error: Exception, kind: type[RotationError], said: str) -> None:
    with pytest.raises(kind, match=f"PutSecretValue.*, got {said}$") as refused:
        answer("PutSecretValue", raising(error))

    assert refused.value.__context__ is None
    assert KNOWN not in str(refused.value)


def test_one_refusal_can_be_an_answer() -> None:
    assert answer_or_code("GetSecretValue", raising(client_error(NOT_FOUND)), told=NOT_FOUND) is None
    assert answer_or_code("GetSecretValue", lambda: {"a": "b"}, told=NOT_FOUND) == {"a": "b"}


def test_refuses_an_error_that_says_nothing() -> None:
    nothing = ClientError({"Error": {"Code": ""}}, "DescribeSecret")

    with pytest.raises(SecretsManagerUnavailable, match="must answer DescribeSecret with a code, got none"):
        answer("DescribeSecret", raising(nothing))
