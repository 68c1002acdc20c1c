"""What CloudFormation says where KMS refuses one of its handlers.

https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-test-contract-errors.html
"""

from collections.abc import Callable
from typing import Any

from local_aws.server.kms.errors import KmsError

_CODES = {
    "AlreadyExistsException": "AlreadyExists",
    "LimitExceededException": "ServiceLimitExceeded",
    "NotFoundException": "NotFound",
}


def with_handler_errors(handler: Callable[..., Any]) -> Callable[..., Any]:
    """Let a handler fail as CloudFormation's do.

    Args:
        handler: A function of a row.
    """

    def handle(*arguments: Any) -> Any:  # noqa: ANN401  # as `handler`
        try:
            return handler(*arguments)
        except KmsError as error:
            code = _CODES.get(error.code, "InvalidRequest")
            raise ValueError(f'Resource handler returned message: "{error}" (HandlerErrorCode: {code})') from error

    return handle
