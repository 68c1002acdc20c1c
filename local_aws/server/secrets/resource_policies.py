"""The policy on a secret: whom it admits from other accounts, and that it is none for everybody.

https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_examples_cross.html
https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutResourcePolicy.html
AWS proves with Zelkova that a policy is not public; here an Allow for everybody is, unless a condition names its
callers without an asterisk.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from ministack.core import iam_evaluator
from ministack.services import secretsmanager

from local_aws.server.secrets.errors import SecretsError
from local_aws.server.secrets.records import changeable_record
from local_aws.server.secrets.registry import Operation, Request, wrap

_PUBLIC = (
    "The BlockPublicPolicy parameter is set to true, and the resource policy did not prevent broad access to the "
    "secret."
)
_PARTS_OF_ARN = 7
_NARROWING = frozenset((
    "aws:principalaccount", "aws:principalarn", "aws:principalorgid", "aws:principalorgpaths", "aws:sourceaccount",
    "aws:sourcearn", "aws:sourceorgid", "aws:sourceowner", "aws:sourcevpc", "aws:sourcevpce", "aws:userid",
))  # fmt: skip
_POSITIVE = ("stringequals", "stringlike", "arnequals", "arnlike")


def extend() -> None:
    """Look policies up in whichever account they are, and check what is put there."""
    secretsmanager.secret_policy_for_arn = policy_of
    wrap("PutResourcePolicy", _put)
    wrap("ValidateResourcePolicy", _validate)


def policy_of(resource_arn: str) -> tuple[str, str] | None:
    """Find the policy of a secret and its account, whoever asks; nothing for what is no ARN of a secret.

    Args:
        resource_arn: Of the secret.
    """
    parts = resource_arn.split(":")
    if len(parts) != _PARTS_OF_ARN:
        return None
    region, account = parts[3], parts[4]
    for _, record in secretsmanager._secrets.items_scoped(account, region):
        if record["ARN"] == resource_arn:
            policy = secretsmanager._resource_policies.get_scoped(account, region, resource_arn)
            return policy or "", account
    # Of another account's secret that does not exist nothing is allowed, and so nothing is learned.
    return "", account


def _put(request: Request, former: Operation) -> Request:
    changeable_record(request.get("SecretId"))
    document = _parsed(request.get("ResourcePolicy", ""))
    if request.get("BlockPublicPolicy") and is_public(document):
        raise SecretsError("PublicPolicyException", _PUBLIC)
    return former(request)


def _validate(request: Request, _former: Operation) -> Request:
    document = _parsed(request.get("ResourcePolicy", ""))
    errors = [{"CheckName": "NoPublicAccess", "ErrorMessage": _PUBLIC}] if is_public(document) else []
    return {"PolicyValidationPassed": not errors, "ValidationErrors": errors}


def _parsed(text: str) -> Mapping[str, Any]:
    problem = iam_evaluator.validate_policy_document(text)
    if problem:
        raise SecretsError("MalformedPolicyDocumentException", problem)
    found: Mapping[str, Any] = json.loads(text)
    return found


def is_public(document: Mapping[str, Any]) -> bool:
    """Say whether a policy admits everybody.

    Args:
        document: The policy.
    """
    statements = document.get("Statement", [])
    return any(
        each.get("Effect") == "Allow" and _names_everybody(each) and not any(_narrowed(each.get("Condition", {})))
        for each in (statements if isinstance(statements, list) else [statements])
    )


def _names_everybody(statement: Mapping[str, Any]) -> bool:
    principal = statement.get("Principal")
    if isinstance(principal, Mapping):
        principal = principal.get("AWS", [])
    return "NotPrincipal" in statement or "*" in (principal if isinstance(principal, list) else [principal])


def _narrowed(conditions: Mapping[str, Mapping[str, Any]]) -> Iterator[bool]:
    for operator, pairs in conditions.items():
        for key, value in pairs.items():
            values = value if isinstance(value, list) else [value]
            # The account of an ARN is what a pattern must leave fixed.
            fixed = all("*" not in (each.split(":")[4] if each.startswith("arn:") else each) for each in values)
            yield operator.lower() in _POSITIVE and key.lower() in _NARROWING and fixed
