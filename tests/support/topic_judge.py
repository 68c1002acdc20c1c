"""Whether a topic's or a queue's policy lets an AWS service do something, by ministack's IAM engine."""

from collections.abc import Mapping
from typing import Any

from ministack.core import iam_evaluator as engine


def lets(policy: Mapping[str, Any], service: str, action: str, resource: str, **context: str) -> bool:
    """Say whether a policy lets a service act.

    Args:
        policy: The policy, with literal values.
        service: The service principal.
        action: The action.
        resource: The topic's or queue's ARN.
        **context: Condition keys of the request, with `_` for a colon, and `secure` for TLS or not.
    """
    secure = context.pop("secure", "yes") == "yes"
    asked = engine.EvalContext(
        principal_arn="",
        principal_type="AWSService",
        principal_account="",
        action=action,
        resource_arn=resource,
        region=resource.split(":")[3],
        secure_transport=secure,
        service_context={name.replace("_", ":").lower(): value for name, value in context.items()},
    )
    decision = engine.evaluate_resource_policy(dict(policy), asked, service=service)
    return bool(decision.decision == "Allow")
