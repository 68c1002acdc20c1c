"""Every signed request says whether an AWS service made it for itself; ministack leaves that out of its evaluation.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalisawsservice
"""

from typing import Any

from ministack.core import iam_evaluator
from ministack.core.iam_evaluator import EvalContext

_KEY = "aws:principalisawsservice"
_resolve_as_ministack = iam_evaluator._resolve_condition_key


def extend() -> None:
    """Answer for the key wherever a policy asks for it."""
    iam_evaluator._resolve_condition_key = _resolve


def _resolve(key: str, context: EvalContext) -> Any:  # noqa: ANN401  # ministack's own signature
    found = _resolve_as_ministack(key, context)
    if found is None and key.lower() == _KEY and context.principal_arn:
        return str(context.principal_type == "Service").lower()
    return found
