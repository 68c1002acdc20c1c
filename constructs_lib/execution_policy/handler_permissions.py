"""What CloudFormation's handlers ask of the role that creates a stack's resources: facts, read from JSON.

The lists of `handler_permissions.json` are those that AWS publishes with each resource type's schema (`aws
cloudformation describe-type --type RESOURCE --type-name AWS::KMS::Key`), for the types that this project
makes; what was left out of them or added to them stands beside them with its reason. The rest of each entry
says on which resources the actions work:

- `arns` are the ARNs of a resource of the type, with its `name` or its random `id`;
- `on` maps an action, or the beginning of one, to where it works: `self` (the default), `*` where AWS
  offers no narrower resource, `assets`, an ARN, or `{Property|Type}`, which is what the property refers to;
- `only_with` maps a property to the actions that are needed only when a template sets it;
- `conditions` maps an action to the condition that can be put on it;
- `keys` maps the property that names a KMS key to the service that calls KMS on the role's behalf.
"""

import functools
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Protocol

from constructs_lib.errors import ConfigurationError

_FILE = Path(__file__).with_suffix(".json")


@dataclass(frozen=True, kw_only=True)
class Permission:
    """One action that a handler performs.

    `resources` are ARNs or patterns of them, `conditions` condition keys with their possible values, and
    `through` is the AWS service that calls KMS on the role's behalf, if it is such a call.
    """

    action: str
    resources: tuple[str, ...]
    conditions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    through: str | None = None


class ResourceArns(Protocol):
    """Who knows the ARNs around one resource: from a template before, or from a deployment while it runs."""

    def own(self) -> Sequence[str]:
        """Return the ARNs of the resource itself."""

    def referred(self, value: object, resource_type: str | None) -> Sequence[str]:
        """Return the ARNs of what a property's value refers to, which is of `resource_type` if that is known."""

    def assets(self) -> Sequence[str]:
        """Return the ARNs of the assets from which CloudFormation reads code and templates."""

    def filled(self, arn: str) -> str:
        """Return an ARN of the facts with its placeholders filled in for this resource."""


@dataclass(frozen=True)
class HandlerFacts:
    """The facts about one resource type, as `handler_permissions.json` has them."""

    resource_type: str
    facts: Mapping[str, Any]

    @property
    def arns(self) -> Sequence[str]:
        """The ARNs of a resource of this type, with placeholders; empty if it is a part of another one."""
        return tuple(self.facts.get("arns", ()))

    @property
    def name(self) -> Mapping[str, Any]:
        """Which property names a resource, and how CloudFormation names one that has no such property."""
        return dict(self.facts.get("name", {}))

    @property
    def defaults(self) -> Mapping[str, str]:
        """The properties that occur in the ARNs beside the name, with their default values."""
        return dict(self.facts.get("defaults", {}))

    def permissions(
        self, handlers: Iterable[str], properties: Mapping[str, Any], arns: ResourceArns
    ) -> Iterator[Permission]:
        """Say what some handlers (`create`, `read`, `update`, `delete`, `list`) do for one resource."""
        for action in sorted({action for handler in handlers for action in self.facts.get(handler, ())}):
            if not self._is_needed(action, properties):
                continue
            if action.startswith("kms:") and "keys" in self.facts and self._where(action) == "self":
                yield from self._key_permissions(action, properties, arns)
                continue
            resources = tuple(dict.fromkeys(self._resources(self._where(action), properties, arns)))
            if resources:
                yield Permission(
                    action=action, resources=resources, conditions=self._conditions(action, properties, arns)
                )

    def _is_needed(self, action: str, properties: Mapping[str, Any]) -> bool:
        wanted_by = [
            path
            for path, patterns in self.facts.get("only_with", {}).items()
            if any(fnmatchcase(action, pattern) for pattern in patterns)
        ]
        return not wanted_by or any(values_at(properties, path) for path in wanted_by)

    def _key_permissions(self, action: str, properties: Mapping[str, Any], arns: ResourceArns) -> Iterator[Permission]:
        for path, service in self.facts["keys"].items():
            for value in values_at(properties, path):
                resources = tuple(arns.referred(value, "AWS::KMS::Key"))
                yield Permission(action=action, resources=resources, through=service)

    def _where(self, action: str) -> Any:  # noqa: ANN401  # a piece of JSON
        patterns: Mapping[str, Any] = self.facts.get("on", {})
        matching = [pattern for pattern in patterns if fnmatchcase(action, pattern)]
        return patterns[max(matching, key=len)] if matching else "self"

    def _resources(
        self, where: str | Sequence[str], properties: Mapping[str, Any], arns: ResourceArns
    ) -> Iterator[str]:
        if not isinstance(where, str):
            for each in where:
                yield from self._resources(each, properties, arns)
        elif where == "self":
            yield from arns.own()
        elif where == "*":
            yield where
        elif where == "assets":
            yield from arns.assets()
        elif where.startswith("{"):
            path, _, rest = where[1:].partition("}")
            path, _, resource_type = path.partition("|")
            for value in values_at(properties, path):
                yield from (arn + rest for arn in arns.referred(value, resource_type or None))
        else:
            yield arns.filled(where)

    def _conditions(self, action: str, properties: Mapping[str, Any], arns: ResourceArns) -> dict[str, tuple[str, ...]]:
        found = {}
        for key, where in self.facts.get("conditions", {}).get(action, {}).items():
            is_place = where == "self" or where.startswith("{")
            values = self._resources(where, properties, arns) if is_place else [where]
            found[key] = tuple(dict.fromkeys(values))
        return found


def values_at(properties: object, path: str) -> list[Any]:
    """Read the values at a path such as `Targets[].RoleArn`; an intrinsic function on the way stands for all.

    >>> values_at({"Targets": [{"RoleArn": "a"}, {"Arn": "b"}]}, "Targets[].RoleArn")
    ['a']
    """
    first, _, rest = path.partition(".")
    name = first.removesuffix("[]")
    if not isinstance(properties, Mapping):
        return []
    if _is_intrinsic(properties):
        return [properties]
    if name == "*":
        return [value for value in properties.values() if isinstance(value, str | Mapping)]
    value = properties.get(name)
    if value is None or value == []:
        return []
    if not rest:
        return [value]
    each = value if isinstance(value, list) else [value]
    return [found for item in each for found in values_at(item, rest)]


def _is_intrinsic(value: Mapping[str, Any]) -> bool:
    return len(value) == 1 and next(iter(value)).startswith(("Fn::", "Ref"))


def handler_facts(resource_type: str, place: str) -> HandlerFacts:
    """Look a resource type up.

    Args:
        resource_type: As a template names it; every custom resource is of the type `Custom::*`.
        place: Where it is, for the text of the error.

    Raises:
        ConfigurationError: If the type is not in `handler_permissions.json`.
    """
    known = _known()
    if resource_type.startswith("Custom::") or resource_type == "AWS::CloudFormation::CustomResource":
        resource_type = "Custom::*"
    if resource_type not in known:
        raise ConfigurationError(
            f"resource type of {place} must be one of those in {_FILE.name}, got {resource_type}: "
            "add it there with the permissions of its handlers, which "
            f"'aws cloudformation describe-type --type RESOURCE --type-name {resource_type}' prints"
        )
    return HandlerFacts(resource_type, known[resource_type])


@functools.cache
def _known() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(_FILE.read_text())
    return found
