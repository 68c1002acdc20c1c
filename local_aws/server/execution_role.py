"""CloudFormation acts as the role that a stack operation names, and never as a role that it may not be given.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-iam-servicerole.html: the role stays with
the stack, and without one CloudFormation acts as whoever calls it.
"""

import json
from collections.abc import Callable
from typing import Any, TypeAlias

from ministack.core import iam_evaluator
from ministack.core.responses import get_account_id, get_region
from ministack.services.cloudformation import changesets, handlers
from ministack.services.cloudformation.helpers import _error, _p

from local_aws.server.caller import acting_as, called_via, caller, role_named
from local_aws.server.decision import Question, refusal

_Parameters: TypeAlias = dict[str, Any]
_Handler: TypeAlias = Callable[[_Parameters], Any]

_SERVICE = "cloudformation.amazonaws.com"
_OPERATIONS = (
    "CreateStack", "UpdateStack", "DeleteStack", "CreateChangeSet", "ExecuteChangeSet", "RollbackStack",
    "ContinueUpdateRollback",
)  # fmt: skip


def extend() -> None:
    """Let every operation that touches resources run as its execution role."""
    for operation in _OPERATIONS:
        handlers._ACTION_HANDLERS[operation] = _as_execution_role(handlers._ACTION_HANDLERS[operation])


def _as_execution_role(handler: _Handler) -> _Handler:
    def handle(parameters: _Parameters) -> Any:  # noqa: ANN401  # ministack's response
        given = _p(parameters, "RoleARN")
        if given:
            problem = _problem(given)
            if problem is not None:
                return problem
        role = given or _remembered(parameters)
        with acting_as(role), called_via(_SERVICE):
            response = handler(parameters)
        for place in (_change_set(parameters), _stack(parameters)):
            if place is not None and role:
                place["_execution_role"] = role
        return response

    return handle


def _remembered(parameters: _Parameters) -> str | None:
    for place in (_change_set(parameters), _stack(parameters)):
        if place is not None and "_execution_role" in place:
            return str(place["_execution_role"])
    return None


def _change_set(parameters: _Parameters) -> dict[str, Any] | None:
    name, stack = _p(parameters, "ChangeSetName"), _stack(parameters)
    if not name:
        return None
    found: dict[str, Any] | None
    _, found = changesets._find_change_set(name, stack["StackName"] if stack else "")
    return found


def _stack(parameters: _Parameters) -> dict[str, Any] | None:
    found: dict[str, Any] | None = handlers._resolve_stack(_p(parameters, "StackName"))
    return found


def _problem(role_arn: str) -> Any:  # noqa: ANN401  # ministack's response
    """Refuse a role that the caller may not pass or that does not trust CloudFormation."""
    question = Question(action="iam:PassRole", resource=role_arn, context={"iam:PassedToService": _SERVICE})
    refused = refusal(question, caller())
    if refused is not None:
        return _error("AccessDenied", refused, 403)
    role = role_named(role_arn)
    trusted = role is not None and _trusts_cloudformation(role["AssumeRolePolicyDocument"])
    if not trusted:
        return _error("ValidationError", f"Role {role_arn} is invalid or cannot be assumed", 400)
    return None


def _trusts_cloudformation(document: Any) -> bool:  # noqa: ANN401  # text or JSON
    context = iam_evaluator.EvalContext(
        principal_arn="",
        principal_type="Service",
        principal_account=get_account_id(),
        action="sts:AssumeRole",
        resource_arn="*",
        region=get_region(),
    )
    parsed = json.loads(document) if isinstance(document, str) else document
    statements = [{**each, "Resource": "*"} for each in parsed["Statement"]]
    decision = iam_evaluator.evaluate_resource_policy({"Statement": statements}, context, service=_SERVICE)
    return bool(decision.decision == "Allow")
