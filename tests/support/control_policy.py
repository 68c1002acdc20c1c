"""A service control policy that denies, decided by the independent IAM engine."""

from collections.abc import Mapping
from typing import Any

from ministack.core import iam_evaluator as engine

from tests.support.policy_judge import Document, _with_our_principal_arn

# By identity, beside the policy itself, so that no other one gets it: reading takes longer than deciding.
_READ: dict[int, tuple[Document, list[Any]]] = {}


def denies(policy: Document, caller: str, action: str, resource: str, context: Mapping[str, str]) -> bool:
    """Whether a control policy denies a request.

    Args:
        policy: The policy, which nobody changes afterwards.
        caller: The ARN of a role, a user or a root user of a member account.
        action: An exact action.
        resource: On what.
        context: The condition keys of the request, beside the caller's.
    """
    account = caller.split(":")[4]
    asked = engine.EvalContext(
        principal_arn=caller,
        principal_type="Root" if caller.endswith(":root") else "AssumedRole",
        principal_account=account,
        action=action,
        resource_arn=resource,
        region="eu-west-1",
        service_context={"judge:principalarn": caller, **{name.lower(): value for name, value in context.items()}},
    )
    if id(policy) not in _READ:
        _READ[id(policy)] = policy, engine.parse_policy_document(_with_our_principal_arn(policy))
    _, statements = _READ[id(policy)]
    return bool(engine.evaluate(asked, [statements]).decision == "Deny")
