"""Proofs that a template meets a control, each of which knows how to be damaged."""

from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, Protocol

Json = dict[str, Any]

_DECRYPTING = {"kms:Decrypt", "kms:ReEncryptFrom", "kms:ReEncrypt*", "kms:*", "*"}


class Proof(Protocol):
    """What an auditor finds in the template."""

    @property
    def evidence(self) -> str:
        """What it is, in Markdown."""

    def holds(self, template: Json) -> bool:
        """Whether the template has it."""

    def damaged(self, template: Json) -> Json:
        """Return the template without it."""


@dataclass(frozen=True)
class Has:
    """Resources of a type, each with a property of this value; a callable decides about the value itself."""

    kind: str
    path: str
    wanted: Any
    begin: str = ""
    """How the logical ids of the resources begin."""
    said: str = ""
    """How the value is said, if it is not what it is."""

    @property
    def evidence(self) -> str:
        """What it is."""
        value = self.said or f"`{str(self.wanted).lower() if isinstance(self.wanted, bool) else self.wanted}`"
        return f"`{self.kind}` `{self.path}`: {value}"

    def holds(self, template: Json) -> bool:
        """Whether there are such resources, and all of them have it."""
        values = [_at(resource, self.path) for resource in self._found(template)]
        return bool(values) and all(self._is_right(value) for value in values)

    def damaged(self, template: Json) -> Json:
        """Take the property from the last of the resources."""
        changed = deepcopy(template)
        *way, last = self.path.split(".")
        place: Any = list(self._found(changed))[-1]
        for step in way:
            place = place[int(step)] if step.isdigit() else place[step]
        del place[int(last) if last.isdigit() else last]
        return changed

    def _is_right(self, value: Any) -> bool:
        return bool(self.wanted(value)) if callable(self.wanted) else bool(value == self.wanted)

    def _found(self, template: Json) -> Iterator[Json]:
        for name, resource in template["Resources"].items():
            if resource["Type"] == self.kind and name.startswith(self.begin):
                yield resource["Properties"]


@dataclass(frozen=True)
class HasNot:
    """Resources of a type, none of which has a property of this value."""

    kind: str
    name: str
    unwanted: Any

    @property
    def evidence(self) -> str:
        """What it is."""
        return f"`{self.kind}` `{self.name}`: never `{str(self.unwanted).lower()}`"

    def holds(self, template: Json) -> bool:
        """Whether there are such resources, and none of them has it."""
        found = [each["Properties"] for each in template["Resources"].values() if each["Type"] == self.kind]
        return bool(found) and all(each.get(self.name) != self.unwanted for each in found)

    def damaged(self, template: Json) -> Json:
        """Give it to the first one."""
        changed = deepcopy(template)
        found = next(each for each in changed["Resources"].values() if each["Type"] == self.kind)
        found["Properties"][self.name] = self.unwanted
        return changed


@dataclass(frozen=True)
class Kept:
    """Resources of a type that stay when they leave the stack."""

    kind: str

    @property
    def evidence(self) -> str:
        """What it is."""
        return f"`{self.kind}` `DeletionPolicy`: `RetainExceptOnCreate`"

    def holds(self, template: Json) -> bool:
        """Whether all of them stay."""
        found = [each for each in template["Resources"].values() if each["Type"] == self.kind]
        return bool(found) and all(each.get("DeletionPolicy") == "RetainExceptOnCreate" for each in found)

    def damaged(self, template: Json) -> Json:
        """Let the first one go."""
        changed = deepcopy(template)
        next(each for each in changed["Resources"].values() if each["Type"] == self.kind)["DeletionPolicy"] = "Delete"
        return changed


@dataclass(frozen=True)
class Counts:
    """A metric filter of this pattern, and an alarm with an action on its metric."""

    pattern: str
    said: str

    @property
    def evidence(self) -> str:
        """What it is."""
        return f"`AWS::Logs::MetricFilter` {self.said}, `AWS::CloudWatch::Alarm` with `AlarmActions`"

    def holds(self, template: Json) -> bool:
        """Whether one alarm of threshold one tells somebody of one such record."""
        metrics = {
            (change["MetricNamespace"], change["MetricName"])
            for each in template["Resources"].values()
            if each["Type"] == "AWS::Logs::MetricFilter" and each["Properties"]["FilterPattern"] == self.pattern
            for change in each["Properties"]["MetricTransformations"]
        }
        return any(
            (each["Properties"].get("Namespace"), each["Properties"].get("MetricName")) in metrics
            and each["Properties"]["Threshold"] == 1
            and each["Properties"].get("AlarmActions")
            for each in template["Resources"].values()
            if each["Type"] == "AWS::CloudWatch::Alarm"
        )

    def damaged(self, template: Json) -> Json:
        """Add a space to the pattern, which Security Hub would not forgive."""
        changed = deepcopy(template)
        for each in changed["Resources"].values():
            if each["Type"] == "AWS::Logs::MetricFilter" and each["Properties"]["FilterPattern"] == self.pattern:
                each["Properties"]["FilterPattern"] += " "
        return changed


@dataclass(frozen=True)
class Says:
    """Policies of a type in which every one, or no one, has a statement like this."""

    kind: str
    path: str
    is_met: Callable[[list[Json]], bool]
    said: str
    worse: Mapping[str, Any] | None = None
    """A statement that must not stand there; None if one must."""

    @property
    def evidence(self) -> str:
        """What it is."""
        return f"`{self.kind}`: {self.said}"

    def holds(self, template: Json) -> bool:
        """Whether all of them meet it."""
        documents = [_at(each["Properties"], self.path) for each in self._found(template)]
        return bool(documents) and all(self.is_met(document["Statement"]) for document in documents)

    def damaged(self, template: Json) -> Json:
        """Add what must not be there, or take the statements away."""
        changed = deepcopy(template)
        statements: list[Any] = _at(next(self._found(changed))["Properties"], self.path)["Statement"]
        statements[:] = [] if self.worse is None else [*statements, dict(self.worse)]
        return changed

    def _found(self, template: Json) -> Iterator[Json]:
        return (each for each in template["Resources"].values() if each["Type"] == self.kind)


def refuses_plain_http(statements: list[Json]) -> bool:
    """Whether requests without TLS are denied to everybody."""
    return any(
        each["Effect"] == "Deny"
        and each.get("Condition") == {"Bool": {"aws:SecureTransport": "false"}}
        and each["Principal"] in ("*", {"AWS": "*"})
        for each in statements
    )


def lets_nobody_unknown(statements: list[Json]) -> bool:
    """Whether nobody is allowed anything who is everybody."""
    return not any(each["Effect"] == "Allow" and each["Principal"] in ("*", {"AWS": "*"}) for each in statements)


def decrypts_with_named_keys(statements: list[Json]) -> bool:
    """Whether no statement allows decryption with all keys."""
    return not any(
        each["Effect"] == "Allow" and _DECRYPTING & set(_listed(each["Action"])) and "*" in _listed(each["Resource"])
        for each in statements
    )


def _listed(value: Any) -> list[str]:
    return [str(each) for each in (value if isinstance(value, list) else [value])]


def _at(value: Any, path: str) -> Any:
    for step in path.split("."):
        if isinstance(value, list) and step.isdigit() and int(step) < len(value):
            value = value[int(step)]
        elif isinstance(value, dict) and step in value:
            value = value[step]
        else:
            return None
    return value
