"""Whether the caller may perform one action, decided by ministack's evaluator with every policy that counts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ministack.core import iam_evaluator
from ministack.core.iam_evaluator import EvalContext, PrincipalInfo
from ministack.core.responses import get_account_id, get_region, request_scope


@dataclass(frozen=True, kw_only=True)
class Question:
    """One action on one resource, with the condition keys that its service adds to the request.

    `resource_policy` is the policy of a resource that does not exist yet; that of one that exists is looked
    up.
    """

    action: str
    resource: str
    context: Mapping[str, Any] = field(default_factory=dict)
    resource_policy: str | Mapping[str, Any] | None = None


def refusal(question: Question, principal: PrincipalInfo) -> str | None:
    """Decide; the answer is AWS's text for a refusal, or nothing if the action is allowed.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
    """
    with request_scope(get_account_id(), _region(question.resource)):
        return _refusal(question, principal)


def _region(resource: str) -> str:
    """A call about a key of another Region is made in that Region."""
    parts = resource.split(":")
    return parts[3] if parts[0] == "arn" and parts[2] == "kms" else get_region()


def _refusal(question: Question, principal: PrincipalInfo) -> str | None:
    context = evaluation_context(question, principal)
    result = iam_evaluator.evaluate(context, principal.policies or [], *principal.limits)
    service = question.action.partition(":")[0]
    found = (
        (question.resource_policy, get_account_id())
        if question.resource_policy is not None
        else iam_evaluator._resource_policy(service, question.resource)
    )
    allowed_by_identity = result.decision == "Allow"
    if found is not None:
        result = iam_evaluator.combine_resource_policy(
            result, context, *found, required=service == "kms", limits=principal.limits
        )
    if result.decision == "Allow":
        return None
    kind = "resource-based" if allowed_by_identity else "identity-based"
    reason = (
        f"with an explicit deny in a {kind} policy"
        if result.decision == "Deny"
        else f"because no {kind} policy allows the {question.action} action"
    )
    return (
        f"User: {principal.arn} is not authorized to perform: {question.action} "
        f"on resource: {question.resource} {reason}"
    )


def evaluation_context(question: Question, principal: PrincipalInfo) -> EvalContext:
    """Put a question into the evaluator's own form."""
    return EvalContext(
        principal_arn=principal.arn,
        principal_type=principal.type,
        principal_account=principal.account,
        action=question.action,
        resource_arn=question.resource,
        region=get_region(),
        service_context={key.lower(): value for key, value in question.context.items()},
        principal_keys=principal.keys,
    )
