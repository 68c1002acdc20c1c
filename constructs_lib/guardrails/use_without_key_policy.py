"""Rule: IAM lets nobody use one of our keys whose key policy does not.

Such a statement is dead at best: KMS refuses the call. More often it is a grant that never reached the key, because a
construct wrote its IAM statement by itself, and it shows only when the first call fails.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from constructs_lib.actions import matching
from constructs_lib.guardrails.cloud_templates import CloudTemplates, Located, as_list, flat
from constructs_lib.principals import PRINCIPAL_ARN

_PSEUDO = re.compile(r"\$\{AWS::[A-Za-z]+\}")
_MANAGED = "AWS::IAM::ManagedPolicy"
_ATTACHED = ("AWS::IAM::Policy", _MANAGED)
_OWN = {"AWS::IAM::RolePolicy": "RoleName", "AWS::IAM::UserPolicy": "UserName", "AWS::IAM::GroupPolicy": "GroupName"}
_HOLDERS = ("AWS::IAM::Role", "AWS::IAM::User", "AWS::IAM::Group")


@dataclass(frozen=True)
class Use:
    """An IAM statement that allows actions with a key.

    Attributes:
        policy: Where the statement stands.
        holder: Whose policy it is: a resource, or the name of one that is not in the app.
        key: The key.
        missing: What the key policy does not allow the holder.
    """

    policy: Located
    holder: Located | str
    key: Located
    missing: tuple[str, ...]


def uses_without_key_policy(templates: CloudTemplates, keys: Iterable[Located]) -> list[Use]:
    """Return the uses of these keys that IAM allows and their key policies do not."""
    watched = set(keys)
    found = []
    for policy, holder, document in _policies(templates):
        for statement in as_list(document.get("Statement")):
            if statement.get("Effect") != "Allow":
                continue
            actions = matching(str(action) for action in as_list(statement.get("Action")))
            for resource in as_list(statement.get("Resource")):
                key = templates.find(policy.template, resource)
                if key not in watched or not actions:
                    continue
                missing = tuple(sorted(actions - _allowed(templates, key, holder)))
                if missing:
                    found.append(Use(policy, holder, key, missing))
    return found


def _policies(templates: CloudTemplates) -> Iterator[tuple[Located, Located | str, Mapping[str, Any]]]:
    """Yield each identity policy of the app with where it stands and whose it is."""
    for place, resource in templates.resources(*_ATTACHED, *_OWN, *_HOLDERS):
        properties = resource.get("Properties", {})
        if resource["Type"] in _HOLDERS:
            for inline in as_list(properties.get("Policies")):
                yield place, place, inline.get("PolicyDocument", {})
            continue
        own = _OWN.get(resource["Type"])
        named = [properties.get(own)] if own else []
        for kind in ("Roles", "Users", "Groups"):
            named += as_list(properties.get(kind))
        holders = [templates.find(place.template, holder) or flat(holder) for holder in named]
        if resource["Type"] == _MANAGED:
            holders += _attaching(templates, place)
        for holder in holders:
            yield place, holder, properties.get("PolicyDocument", {})


def _attaching(templates: CloudTemplates, policy: Located) -> Iterator[Located]:
    """Yield who attaches a managed policy by himself, which the policy does not know."""
    for place, resource in templates.resources(*_HOLDERS):
        for attached in as_list(resource.get("Properties", {}).get("ManagedPolicyArns")):
            if templates.find(place.template, attached) == policy:
                yield place


def _allowed(templates: CloudTemplates, key: Located, holder: Located | str) -> set[str]:
    policy = templates.resource(key).get("Properties", {}).get("KeyPolicy", {})
    return {
        action
        for statement in as_list(policy.get("Statement"))
        if statement.get("Effect") == "Allow" and _names(templates, key, statement, holder)
        for action in as_list(statement.get("Action"))
    }


def _names(templates: CloudTemplates, key: Located, statement: Mapping[str, Any], holder: Located | str) -> bool:
    """Whether a statement of a key policy names a holder; further conditions narrow it and do not matter here."""
    names = [
        name
        for operator in ("ArnEquals", "ArnLike")
        for name in as_list(statement.get("Condition", {}).get(operator, {}).get(PRINCIPAL_ARN))
    ]
    if names:
        return any(_is_name_of(templates, flat(name), holder) for name in names)
    principal = statement.get("Principal")
    if principal == "*":
        return True
    for value in as_list(principal.get("AWS") if isinstance(principal, dict) else None):
        if flat(value).endswith(":root") or flat(value) == "*":
            return True
        if templates.find(key.template, value) == holder or _is_name_of(templates, flat(value), holder):
            return True
    return False


def _is_name_of(templates: CloudTemplates, arn: str, holder: Located | str) -> bool:
    """Whether an ARN with a literal name is that of a role or user."""
    _, _, named = arn.partition(":role")
    named = named or arn.partition(":user")[2]
    if not named:
        return False
    if isinstance(holder, str):
        return named.rsplit("/", 1)[-1] == holder.rsplit("/", 1)[-1]
    properties = templates.resource(holder).get("Properties", {})
    name = flat(properties.get("RoleName", properties.get("UserName", "")))
    if named.endswith("*"):
        return f"-{holder.logical_id}-*" in named
    return bool(name) and _may_be_equal(named, f"{flat(properties.get('Path', '/'))}{name}")


def _may_be_equal(first: str, second: str) -> bool:
    """Whether two texts are equal, where the one may hold a pseudo parameter and the other its value."""

    def covers(pattern: str, text: str) -> bool:
        return re.fullmatch("[^/]+".join(re.escape(part) for part in _PSEUDO.split(pattern)), text) is not None

    return covers(first, second) or covers(second, first)
