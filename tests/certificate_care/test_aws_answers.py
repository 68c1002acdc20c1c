from collections.abc import Mapping
from typing import Any

import pytest
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    NoCredentialsError,
    ParamValidationError,
)

from certificate_care.aws_answers import answer, answer_or_code
from certificate_care.errors import AccessDenied, CertificateCareError, InvalidEvent, Unavailable
from tests.support.fake_route53 import refusal


def raised_for(error: ClientError | BotoCoreError, *, told: frozenset[str] = frozenset()) -> CertificateCareError:
    def call() -> Mapping[str, Any]:
        raise error

    with pytest.raises(CertificateCareError) as raised:
        answer_or_code("acm:DescribeCertificate", call, told=told)
    assert raised.value.__context__ is None
    assert raised.value.__cause__ is None
    return raised.value


def test_an_answer_is_given_back() -> None:
    assert answer("acm:DescribeCertificate", lambda: {"Certificate": {}}) == {"Certificate": {}}


def test_a_refusal_that_is_an_answer_is_given_back_by_its_code() -> None:
    def call() -> Mapping[str, Any]:
        raise refusal("DescribeCertificate", "ResourceNotFoundException", "gone")

    found = answer_or_code("acm:DescribeCertificate", call, told=frozenset({"ResourceNotFoundException"}))

    assert found == "ResourceNotFoundException"


@pytest.mark.parametrize(
    ("code", "status", "kind", "text"),
    [
        ("AccessDeniedException", 400, AccessDenied, "must be allowed, got AccessDeniedException: why"),
        ("AccessDenied", 403, AccessDenied, "must be allowed, got AccessDenied: why"),
        ("ThrottlingException", 400, Unavailable, "must be answered now, got ThrottlingException"),
        ("ConflictException", 400, Unavailable, "must be answered now, got ConflictException"),
        ("WhateverItIs", 503, Unavailable, "must be answered now, got WhateverItIs"),
        ("ValidationException", 400, InvalidEvent, "refused: ValidationException: why"),
        ("ResourceNotFoundException", 404, InvalidEvent, "refused: ResourceNotFoundException: why"),
    ],
)
def test_every_other_refusal_is_told_by_what_somebody_can_do(
    code: str, status: int, kind: type[CertificateCareError], text: str
) -> None:
    raised = raised_for(refusal("DescribeCertificate", code, "why", status=status))

    assert type(raised) is kind
    assert str(raised) == f"acm:DescribeCertificate {text}"


def test_a_long_message_of_aws_is_cut_and_put_on_one_line() -> None:
    text = str(raised_for(refusal("DescribeCertificate", "ValidationException", "why\n" * 500)))

    assert len(text) < 320
    assert "\n" not in text


def test_what_botocore_would_not_send_is_a_wrong_request_and_not_repeated() -> None:
    raised = raised_for(ParamValidationError(report="-----BEGIN PRIVATE KEY-----"))

    assert type(raised) is InvalidEvent
    assert str(raised) == "acm:DescribeCertificate must be told what it takes, got something else"


def test_no_credentials_are_no_permission() -> None:
    assert type(raised_for(NoCredentialsError())) is AccessDenied


def test_a_service_that_does_not_answer_is_unavailable() -> None:
    raised = raised_for(ConnectTimeoutError(endpoint_url="https://acm.eu-central-1.amazonaws.com/"))

    assert type(raised) is Unavailable
    assert str(raised) == "acm:DescribeCertificate must be answered, got ConnectTimeoutError"


def test_a_refusal_with_no_code_at_all_is_told() -> None:
    raised = raised_for(ClientError({}, "DescribeCertificate"))

    assert str(raised) == "acm:DescribeCertificate refused: no error code"


def test_an_empty_code_is_no_answer() -> None:
    def call() -> Mapping[str, Any]:
        raise refusal("DescribeCertificate", "", "why")

    with pytest.raises(CertificateCareError):
        answer("acm:DescribeCertificate", call)
