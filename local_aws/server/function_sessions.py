"""A call that a function's code makes says which function it is.

https://docs.aws.amazon.com/lambda/latest/dg/permissions-source-function-arn.html: `lambda:SourceFunctionArn` comes with
the credentials of the execution environment, and has no version.
"""

from typing import Any

from ministack.core import iam_evaluator

_KEY = "lambda:sourcefunctionarn"

_functions: dict[str, str] = {}
_keys_of_ministack = iam_evaluator._principal_keys


def extend() -> None:
    """Add the key to what describes a caller."""
    iam_evaluator._principal_keys = _keys


def remember(access_key_id: str, function_arn: str) -> None:
    """Say which function has some credentials.

    Args:
        access_key_id: Of the credentials.
        function_arn: Without a version.
    """
    _functions[access_key_id] = function_arn


def _keys(credential: Any) -> dict[str, Any]:  # noqa: ANN401  # ministack's own
    found: dict[str, Any] = _keys_of_ministack(credential)
    function = _functions.get(credential.access_key_id)
    return found | ({_KEY: function} if function else {})
