"""Every signed request says whether an AWS service made it for itself; ministack leaves that out of its evaluation.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalisawsservice
"""

from collections.abc import Callable
from typing import Any

from ministack.core import iam_evaluator
from ministack.core.iam_evaluator import EvalContext

_KEY = "aws:principalisawsservice"


def extend() -> None:
    """Answer for the key wherever a policy asks for it."""
    iam_evaluator._resolve_condition_key = told(iam_evaluator._resolve_condition_key)


def told(resolve: Callable[[str, EvalContext], Any]) -> Callable[[str, EvalContext], Any]:
    """Return what knows who is no service, and leaves the rest to what was there before.

    Args:
        resolve: Finds the value of a condition key for a request.
    """

    def value(key: str, context: EvalContext) -> Any:  # noqa: ANN401  # text or a list of texts
        found = resolve(key, context)
        if found is None and key.lower() == _KEY and context.principal_arn:
            return str(context.principal_type == "Service").lower()
        return found

    return value
