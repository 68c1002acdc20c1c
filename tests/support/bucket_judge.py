"""What S3 decides about a request, by the IAM engine that this project did not write.

A service that acts for itself is let in by the policy of the bucket alone, a role of the bucket's account by its own.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-policy-language-overview.html
"""

from collections.abc import Iterable, Mapping
from typing import Any

from ministack.core import iam_evaluator as engine

from tests.support.policy_judge import ALLOW_EVERYTHING

_PERSON = "arn:aws:sts::111122223333:assumed-role/Administrator/somebody"


def lets_service(
    policy: Mapping[str, Any],
    service: str,
    action: str,
    resource: str,
    context: Mapping[str, str],
    *,
    over: str = "tls",
) -> bool:
    """Say whether the policy of a bucket lets a service do something.

    Args:
        policy: With literal values only.
        service: The service principal.
        action: An exact action.
        resource: The ARN of the bucket or of an object.
        context: The request's condition keys.
        over: `tls`, or `http` for a request without it.
    """
    asked = _asked("", action, resource, context, over=over)
    return bool(engine.evaluate_resource_policy(dict(policy), asked, service=service).decision == "Allow")


def lets_role(
    policies: Iterable[Mapping[str, Any]], arn: str, action: str, resource: str, context: Mapping[str, str]
) -> bool:
    """Say whether the IAM policies of a role let it do something with a bucket of its account.

    Args:
        policies: With literal values only.
        arn: The role.
        action: An exact action.
        resource: The ARN of the bucket or of an object.
        context: The request's condition keys.
    """
    asked = _asked(arn, action, resource, context, over="tls")
    return bool(
        engine.evaluate(asked, [engine.parse_policy_document(dict(each)) for each in policies]).decision == "Allow"
    )


def lets_whoever_may_everything(policy: Mapping[str, Any], action: str, resource: str, *, by: str = _PERSON) -> bool:
    """Say whether somebody of the bucket's account whom IAM allows everything may do this.

    Args:
        policy: Of the bucket, with literal values only.
        action: An exact action.
        resource: The ARN of the bucket or of an object.
        by: The ARN of the role or user.
    """
    asked = _asked(by, action, resource, {}, over="tls")
    allowed = engine.evaluate(asked, [engine.parse_policy_document(dict(ALLOW_EVERYTHING))])
    return bool(
        engine.combine_resource_policy(allowed, asked, dict(policy), asked.principal_account).decision == "Allow"
    )


def _asked(arn: str, action: str, resource: str, context: Mapping[str, str], *, over: str) -> engine.EvalContext:
    return engine.EvalContext(
        principal_arn=arn,
        principal_type="AssumedRole" if arn else "Service",
        principal_account=arn.split(":")[4] if arn else "",
        action=action,
        resource_arn=resource,
        region="eu-west-1",
        secure_transport=over == "tls",
        service_context={
            "aws:principalisawsservice": str(not arn).lower(),
            **{name.lower(): value for name, value in context.items()},
        },
    )
