"""Every statement of an assembly that speaks about KMS, on the side of the keys and on the side of IAM."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tests.support.assembled import Assembled

PRINCIPAL_ARN = "aws:PrincipalArn"
ACCOUNT = "account"

_IDENTITIES = {"AWS::IAM::Role": ("role", "RoleName"), "AWS::IAM::User": ("user", "UserName")}
_ATTACHED = ("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy", "AWS::IAM::RolePolicy", "AWS::IAM::UserPolicy")
IAM_TYPES = (*_ATTACHED, *_IDENTITIES, "AWS::IAM::Group")

_NEGATED = ("NotAction", "NotPrincipal", "NotResource")


@dataclass(frozen=True)
class KmsStatement:
    """One statement of a key policy, or one of IAM with a KMS action, with every value written as text.

    A caller is `${stack/logical id}` for a role or user of these templates, `account`, a service principal, or
    what the statement says literally.
    """

    where: str
    key: str | None
    effect: str
    callers: tuple[str, ...]
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    conditions: tuple[tuple[str, str, tuple[str, ...]], ...]
    negated: tuple[str, ...]

    def condition(self, *names: str) -> tuple[str, ...]:
        """Give the values of the first of these condition keys that the statement has."""
        lowered = {name.lower() for name in names}
        return next((values for _, name, values in self.conditions if name.lower() in lowered), ())


def kms_statements(assembled: Assembled) -> list[KmsStatement]:
    """Read all key policies and all IAM statements with KMS actions of an assembly."""
    return [*_of_keys(assembled), *_of_iam(assembled)]


def _of_keys(assembled: Assembled) -> Iterator[KmsStatement]:
    identities = _named_identities(assembled)
    for stack, logical_id, properties in assembled.resources("AWS::KMS::Key"):
        for position, statement in enumerate(properties.get("KeyPolicy", {}).get("Statement", [])):
            read = _read(assembled, stack, statement, f"{stack}/{logical_id} statement {position}")
            callers = tuple(_principals(assembled, stack, statement.get("Principal", {}), read, identities))
            yield KmsStatement(key=f"${{{stack}/{logical_id}.Arn}}", callers=callers, **read)


def _of_iam(assembled: Assembled) -> Iterator[KmsStatement]:
    for stack, logical_id, holders, document in _documents(assembled):
        callers = tuple(assembled.text(stack, holder) for holder in holders)
        statements = document["Statement"]
        for position, statement in enumerate(statements if isinstance(statements, list) else [statements]):
            read = _read(assembled, stack, statement, f"{stack}/{logical_id} statement {position}")
            if "NotAction" in read["negated"] or any(
                action == "*" or action.lower().startswith("kms:") for action in read["actions"]
            ):
                yield KmsStatement(key=None, callers=callers, **read)


def _documents(assembled: Assembled) -> Iterator[tuple[str, str, list[Any], Mapping[str, Any]]]:
    for stack, logical_id, properties in assembled.resources(*_ATTACHED):
        holders = [
            *properties.get("Roles", []),
            *properties.get("Users", []),
            *properties.get("Groups", []),
            *(properties[name] for name in ("RoleName", "UserName") if name in properties),
        ]
        yield stack, logical_id, holders, properties["PolicyDocument"]
    for stack, logical_id, properties in assembled.resources(*_IDENTITIES, "AWS::IAM::Group"):
        for policy in properties.get("Policies", []):
            yield stack, logical_id, [{"Ref": logical_id}], policy["PolicyDocument"]


def _read(assembled: Assembled, stack: str, statement: Mapping[str, Any], where: str) -> dict[str, Any]:
    def texts(value: Any) -> tuple[str, ...]:
        return tuple(assembled.text(stack, part) for part in (value if isinstance(value, list) else [value]))

    return {
        "where": where,
        "effect": statement["Effect"],
        "actions": texts(statement.get("Action", [])),
        "resources": texts(statement.get("Resource", [])),
        "conditions": tuple(
            (operator, name, texts(values))
            for operator, names in statement.get("Condition", {}).items()
            for name, values in names.items()
        ),
        "negated": tuple(name for name in _NEGATED if name in statement),
    }


def _named_identities(assembled: Assembled) -> dict[str, str]:
    """Give the end of the ARN of each role and user that has a name, and who that is."""
    found = {}
    for stack, logical_id, properties in assembled.resources(*_IDENTITIES):
        kind, attribute = _IDENTITIES[assembled.templates[stack]["Resources"][logical_id]["Type"]]
        if attribute in properties:
            path = assembled.text(stack, properties.get("Path", "/"))
            name = assembled.text(stack, properties[attribute])
            found[f"{kind}{path}{name}"] = f"${{{stack}/{logical_id}}}"
    return found


def _identity(arn: str) -> str:
    """Give what stands behind the account, which may be `${AWS::AccountId}`, in the ARN of a role or user."""
    found = re.search(r":((?:role|user)/.*)", arn)
    return found[1] if found else arn


def _principals(
    assembled: Assembled, stack: str, principal: Any, read: Mapping[str, Any], identities: Mapping[str, str]
) -> Iterator[str]:
    if not isinstance(principal, Mapping):
        yield assembled.text(stack, principal)
        return
    arns = [arn for _, name, values in read["conditions"] if name == PRINCIPAL_ARN for arn in values]
    for value in (part for listed in principal.values() for part in (listed if isinstance(listed, list) else [listed])):
        text = assembled.text(stack, value)
        if text.endswith(":root") and arns:
            yield from (identities.get(_identity(arn), arn) for arn in arns)
        elif text.endswith(":root"):
            yield ACCOUNT
        else:
            yield text.replace(".Arn}", "}")
