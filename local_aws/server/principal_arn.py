"""`aws:PrincipalArn` of a role's session is the role's ARN, path included, as in AWS.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalarn
ministack answers the session's ARN, which a policy that names the role does not equal.
"""

from typing import Any

from ministack.core import iam_evaluator
from ministack.services import iam

_resolve_as_ministack = iam_evaluator._resolve_condition_key


def extend() -> None:
    """Let the evaluator see roles where it saw sessions."""
    iam_evaluator._resolve_condition_key = _resolve


def role_arn_of(session_arn: str) -> str:
    """Find the ARN of the role behind a session; any other ARN is answered as it is."""
    account, separator, rest = session_arn.partition(":assumed-role/")
    if not separator:
        return session_arn
    role = iam._roles.get_scoped(account.rsplit(":", 1)[-1], None, rest.split("/", 1)[0])
    return role["Arn"] if role else session_arn


def _resolve(key: str, context: Any) -> Any:  # noqa: ANN401  # ministack's own signature
    if key.lower() == "aws:principalarn":
        return role_arn_of(context.principal_arn)
    return _resolve_as_ministack(key, context)
