"""What IAM decides about a request of a role by its own policies, by the engine that this project did not write."""

from collections.abc import Mapping, Sequence
from typing import Any

from ministack.core import iam_evaluator as engine


def lets_role(
    documents: Sequence[Mapping[str, Any]], action: str, resource: str, context: Mapping[str, Any] | None = None
) -> bool:
    """Say whether policies let a role do something.

    Args:
        documents: Its policies, with literal values only.
        action: An exact action.
        resource: The ARN on which.
        context: The request's condition keys.
    """
    asked = engine.EvalContext(
        principal_arn="arn:aws:sts::111122223333:assumed-role/auditor/session",
        principal_type="AssumedRole",
        principal_account="111122223333",
        action=action,
        resource_arn=resource,
        region="eu-west-1",
        secure_transport=True,
        service_context={name.lower(): value for name, value in (context or {}).items()},
    )
    policies = [engine.parse_policy_document(dict(each)) for each in documents]
    return bool(engine.evaluate(asked, policies).decision == "Allow")
