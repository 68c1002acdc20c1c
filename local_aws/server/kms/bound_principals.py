"""A user or role that a key policy names by ARN is that very one, and not the next one of the same name.

KMS keeps the unique id of such a principal. When it is deleted the policy shows the id instead of the ARN,
and a new role of the same name has no access until the policy is set again.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
"""

import json
from collections.abc import Callable
from typing import Any

from ministack.core.responses import json_response
from ministack.services import iam, kms

_policy_of_ministack = kms.key_policy_for_arn
_get_of_ministack = kms._get_key_policy


def extend() -> None:
    """Let whoever reads a key policy see the principals that there still are."""
    kms.key_policy_for_arn = _key_policy_for_arn
    kms._get_key_policy = _get_key_policy


def bind(policy: str) -> str:
    """Write a key policy with unique ids in place of the ARNs of users and roles."""
    ids = {role["Arn"]: role["RoleId"] for role in iam._roles.values()}
    ids |= {user["Arn"]: user["UserId"] for user in iam._users.values()}
    return _replaced(policy, lambda name: ids.get(name, name))


def shown(policy: str) -> str:
    """Write it with the ARNs of those that still exist."""
    arns = {role["RoleId"]: role["Arn"] for role in iam._roles.values()}
    arns |= {user["UserId"]: user["Arn"] for user in iam._users.values()}
    return _replaced(policy, lambda name: arns.get(name, name))


def _replaced(policy: str, replace: Callable[[str], str]) -> str:
    document = json.loads(policy)
    statements = document["Statement"]
    for statement in statements if isinstance(statements, list) else [statements]:
        principal = statement.get("Principal")
        if isinstance(principal, dict) and "AWS" in principal:
            names = principal["AWS"]
            principal["AWS"] = [replace(each) for each in names] if isinstance(names, list) else replace(names)
    return json.dumps(document)


def _key_policy_for_arn(key_arn: str) -> tuple[str, str] | None:
    if ":alias/" in key_arn:
        return None  # an alias has no policy
    found = _policy_of_ministack(key_arn)
    return (shown(found[0]), found[1]) if found is not None else None


def _get_key_policy(request: dict[str, Any]) -> Any:  # noqa: ANN401  # ministack's response
    record = kms._resolve_key(request.get("KeyId", ""))
    if record is None:
        return _get_of_ministack(request)
    return json_response({"Policy": shown(record["Policy"]), "PolicyName": "default"})
