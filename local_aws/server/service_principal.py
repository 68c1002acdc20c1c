"""An AWS service that acts for itself: whether a resource's policy admits it, with the keys that the service sends."""

from collections.abc import Mapping
from typing import Any

from ministack.core import iam_evaluator
from ministack.core.iam_evaluator import EvalContext
from ministack.core.responses import get_account_id, get_region


def is_admitted(
    policy: str | Mapping[str, Any] | None, *, service: str, action: str, resource: str, keys: Mapping[str, Any]
) -> bool:
    """Decide one action of a service on a resource by that resource's own policy.

    Args:
        policy: The policy, as text or parsed; without one nobody is admitted.
        service: The service's principal, such as `events.amazonaws.com`.
        action: An IAM action.
        resource: The resource's ARN.
        keys: The condition keys that come with the request.
    """
    context = EvalContext(
        principal_arn=service,
        principal_type="Service",
        principal_account=get_account_id(),
        action=action,
        resource_arn=resource,
        region=get_region(),
        secure_transport=True,
        service_context={
            "aws:principalisawsservice": "true",
            "aws:principalservicename": service,
            **{name.lower(): value for name, value in keys.items()},
        },
    )
    return bool(iam_evaluator.evaluate_resource_policy(policy, context, service=service).decision == "Allow")


def acting_for(arn: str) -> dict[str, str]:
    """Return the condition keys by which a service says for which resource of this account it acts."""
    return {"aws:SourceArn": arn, "aws:SourceAccount": get_account_id()}
