"""A call that a function's code makes says which function it is.

https://docs.aws.amazon.com/lambda/latest/dg/permissions-source-function-arn.html: `lambda:SourceFunctionArn` comes with
the credentials of the execution environment, has no version, and counts in no policy of a resource.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from ministack.core import iam_evaluator
from ministack.core.iam_evaluator import EvalContext

_KEY = "lambda:sourcefunctionarn"

_functions: dict[str, str] = {}
_keys_of_ministack = iam_evaluator._principal_keys


def extend() -> None:
    """Add the key to what describes a caller."""
    iam_evaluator._principal_keys = _keys
    iam_evaluator.evaluate_resource_policy = _without_key(iam_evaluator.evaluate_resource_policy)


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


def _without_key(evaluate: Callable[..., Any]) -> Callable[..., Any]:
    def evaluate_without(document: Any, context: EvalContext, *rest: Any, **options: Any) -> Any:  # noqa: ANN401  # ministack's own
        if _KEY in context.principal_keys:
            keys = {name: value for name, value in context.principal_keys.items() if name != _KEY}
            context = replace(context, principal_keys=keys)
        return evaluate(document, context, *rest, **options)

    return evaluate_without
