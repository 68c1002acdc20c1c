"""What CloudFormation says where Secrets Manager refuses one of its handlers.

https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-test-contract-errors.html
"""

from collections.abc import Callable
from typing import Any

from local_aws.server.secrets.errors import SecretsError

_CODES = {
    "AccessDeniedException": "AccessDenied",
    "ResourceExistsException": "AlreadyExists",
    "ResourceNotFoundException": "NotFound",
}


def with_handler_errors(handler: Callable[..., Any]) -> Callable[..., Any]:
    """Let a handler fail as CloudFormation's do.

    Args:
        handler: A function of a row.
    """

    def handle(*arguments: Any, **options: Any) -> Any:  # noqa: ANN401  # as `handler`
        try:
            return handler(*arguments, **options)
        except SecretsError as error:
            code = _CODES.get(error.code, "InvalidRequest")
            text = f'Resource handler returned message: "{error} (Service: SecretsManager)" (HandlerErrorCode: {code})'
            raise ValueError(text) from error

    return handle
