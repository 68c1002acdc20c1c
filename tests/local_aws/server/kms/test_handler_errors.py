import pytest

from local_aws.server.kms.errors import KmsError
from local_aws.server.kms.handler_errors import with_handler_errors


@pytest.mark.parametrize(
    ("code", "of_cloudformation"),
    [
        ("AlreadyExistsException", "AlreadyExists"),
        ("LimitExceededException", "ServiceLimitExceeded"),
        ("NotFoundException", "NotFound"),
        ("KMSInvalidStateException", "InvalidRequest"),
        ("MalformedPolicyDocumentException", "InvalidRequest"),
    ],
)
def test_a_refusal_is_told_as_cloudformation_tells_it(code: str, of_cloudformation: str) -> None:
    def refuse(what: str) -> None:
        raise KmsError(code, f"{what} is refused")

    with pytest.raises(ValueError, match="is refused") as told:
        with_handler_errors(refuse)("the key")

    assert str(told.value) == (
        f'Resource handler returned message: "the key is refused" (HandlerErrorCode: {of_cloudformation})'
    )


def test_what_succeeds_is_passed_on() -> None:
    assert with_handler_errors(lambda one, two: (two, one))(1, 2) == (2, 1)
