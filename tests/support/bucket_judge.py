"""What S3 decides about a request of an AWS service, by the IAM engine that this project did not write.

A service that acts for itself is let in by the policy of the bucket alone.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-policy-language-overview.html
"""

from collections.abc import Mapping
from typing import Any

from ministack.core import iam_evaluator as engine


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
    asked = engine.EvalContext(
        principal_arn="",
        principal_type="Service",
        principal_account="",
        action=action,
        resource_arn=resource,
        region="eu-west-1",
        secure_transport=over == "tls",
        service_context={name.lower(): value for name, value in context.items()},
    )
    return bool(engine.evaluate_resource_policy(dict(policy), asked, service=service).decision == "Allow")
