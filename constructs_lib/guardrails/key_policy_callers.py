"""Which actions a key policy allows the holder of an identity policy."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from constructs_lib.guardrails.deployed_stack import may_be_one
from constructs_lib.guardrails.identity_policies import GROUP, PERMISSION_SET, USER, Holder
from constructs_lib.guardrails.references import References, references_in
from constructs_lib.guardrails.template_values import Located, as_json, as_list, flat
from constructs_lib.principals import PRINCIPAL_ARN

_PSEUDO = re.compile(r"\$\{AWS::[A-Za-z]+\}")
_ACCOUNT = re.compile(r"\d{12}")
_IN_ARN = re.compile(r":iam::(\d{12}):")


def allowed(references: References, key: Located, holder: Holder) -> set[str]:
    """Return the actions that a key policy allows a holder; further conditions narrow them and do not matter here.

    A key policy cannot name a group. What it allows any user counts for every group, since who is in one is often
    said elsewhere.
    """
    return {
        action
        for callers in _allowances(references, key)
        if any(_is_name_of(references, name, holder) for name in callers.names)
        or any(_is(references, principal, holder) for principal in callers.principals)
        for action in callers.actions
    }


@dataclass(frozen=True)
class _Allowance:
    """What a statement of a key policy allows, and whom: by name, or else as principals."""

    names: tuple[str, ...]
    principals: tuple[Any, ...]
    actions: tuple[str, ...]


def _allowances(references: References, key: Located) -> list[_Allowance]:
    known = references.allowances.get(key)
    if known is None:
        policy = references.templates.properties(key).get("KeyPolicy", {})
        known = references.allowances[key] = [
            _allowance(references, key, statement)
            for statement in as_list(policy.get("Statement"))
            if statement.get("Effect") == "Allow"
        ]
    return known


def _allowance(references: References, key: Located, statement: Mapping[str, Any]) -> _Allowance:
    names = [
        references.text(key.template, name)
        for operator in ("ArnEquals", "ArnLike")
        for name in as_list(statement.get("Condition", {}).get(operator, {}).get(PRINCIPAL_ARN))
    ]
    principal = statement.get("Principal")
    written = as_list(principal.get("AWS")) if isinstance(principal, dict) else ["*"] if principal == "*" else []
    principals = [] if names else references.resolved(key.template, written)
    return _Allowance(tuple(names), tuple(principals), tuple(as_list(statement.get("Action"))))


def _is(references: References, principal: object, holder: Holder) -> bool:
    """Whether a principal is a holder, or an account that trusts the IAM policies of the holder's account."""
    text = flat(principal)
    if text == "*":
        return True
    if text.endswith(":root") or _ACCOUNT.fullmatch(text) or text == "${AWS::AccountId}":
        return may_be_one(_account(text), holder.account)
    places = [reference.place for reference in references_in(principal)]
    if holder.kind == GROUP and any(references.templates.resource(place).get("Type") == USER for place in places):
        return True
    if holder.place in places or _is_name_of(references, text, holder):
        return True
    # A role imported by an ARN that only the deployment knows: the CDK cuts the name for IAM out of that ARN.
    is_arn = not isinstance(principal, str) or principal.startswith("arn:")
    return is_arn and as_json(principal) in holder.written


def _is_name_of(references: References, arn: str, holder: Holder) -> bool:
    """Whether an ARN with a literal name is that of a role or user."""
    _, kind, named = _partition(arn)
    if not named or not may_be_one(_account(arn), holder.account):
        return False
    if holder.kind == GROUP:
        return kind == "user"
    if holder.place is None:
        return _may_be_equal(named.rsplit("/", 1)[-1], holder.name.rsplit("/", 1)[-1])
    properties = references.templates.properties(holder.place)
    if holder.kind == PERMISSION_SET:
        # https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html
        return f"/AWSReservedSSO_{references.text(holder.place.template, properties.get('Name', ''))}_" in named
    if named.endswith("*"):
        return f"-{holder.place.logical_id}-*" in named
    name = properties.get("RoleName", properties.get("UserName", ""))
    full = {"Fn::Join": ["", [properties.get("Path", "/"), name]]}
    return bool(name) and _may_be_equal(named, references.text(holder.place.template, full))


def _partition(arn: str) -> tuple[str, str, str]:
    for kind in ("role", "user"):
        before, found, named = arn.partition(f":{kind}/")
        if found:
            return before, kind, f"/{named}"
    return arn, "", ""


def _account(text: str) -> str:
    found = _IN_ARN.search(text)
    if found:
        return found[1]
    return text if _ACCOUNT.fullmatch(text) else ""


def _may_be_equal(first: str, second: str) -> bool:
    """Whether two texts are equal, where the one may hold a pseudo parameter and the other its value."""

    def covers(pattern: str, text: str) -> bool:
        return re.fullmatch("[^/]+".join(re.escape(part) for part in _PSEUDO.split(pattern)), text) is not None

    return covers(first, second) or covers(second, first)
