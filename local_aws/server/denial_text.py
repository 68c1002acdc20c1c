"""A refusal by KMS says which policy is missing, the caller's own or the key's, as AWS says it.

https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html: ministack says of every
refusal that an identity-based policy is missing.
"""

from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from ministack.core import iam_actions, iam_evaluator

_response_of_ministack = iam_actions.access_denied_response
_lacks_resource_policy: ContextVar[bool] = ContextVar("local_aws_lacks_resource_policy", default=False)


def extend() -> None:
    """Tell the two kinds of refusal apart."""
    iam_evaluator.combine_resource_policy = _noting(iam_evaluator.combine_resource_policy)
    iam_actions.access_denied_response = _response


def _noting(combine: Callable[..., Any]) -> Callable[..., Any]:
    def note(identity: Any, *arguments: Any, **options: Any) -> Any:  # noqa: ANN401  # ministack's own signature
        result = combine(identity, *arguments, **options)
        _lacks_resource_policy.set(identity.decision == "Allow" and result.decision == "ImplicitDeny")
        return result

    return note


def _response(service: str, action: str, principal: str, request_id: str, **options: Any) -> Any:  # noqa: ANN401
    implicit = not options.get("explicit_deny") and not options.get("error_code") and not options.get("message")
    if service == "kms" and implicit:
        kind = "resource-based" if _lacks_resource_policy.get() else "identity-based"
        options["message"] = (
            f"User: {principal} is not authorized to perform: {action} on resource: {options.get('resource_arn')} "
            f"because no {kind} policy allows the {action} action"
        )
    return _response_of_ministack(service, action, principal, request_id, **options)
