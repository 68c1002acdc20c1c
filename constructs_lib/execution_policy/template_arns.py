"""The ARNs that a template's resources will have, as patterns, before anything is deployed."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from constructs_lib.execution_policy.cloud_assembly import CloudAssembly, DeployedTemplate
from constructs_lib.execution_policy.handler_permissions import HandlerFacts, handler_facts, values_at
from constructs_lib.execution_policy.stack_outputs import FUNCTION, place_of

_SUBSTITUTION = re.compile(r"\$\{([^!}][^}]*)\}")
_RANDOM = 13  # at most
KEPT_OF_LONG_NAMES = 24
"""CloudFormation shortens both parts of a name that would be too long; this much of each is always kept."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where stacks are deployed; an asterisk stands for any account or Region."""

    partition: str = "aws"
    region: str = "*"
    account: str = "*"


@dataclass(frozen=True)
class TemplateArns:
    """The ARNs around one resource of a template (see `ResourceArns`).

    A name that only the deployment makes becomes the pattern of CloudFormation's generated names, the most
    of it that is certain: `KeyStack-Key961B73FD-*`.
    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-name.html
    """

    assembly: CloudAssembly
    where: DeployedTemplate
    logical_id: str
    place: Place

    def own(self) -> Sequence[str]:
        """Return the ARNs of the resource itself."""
        return [self.filled(arn) for arn in self._facts().arns]

    def assets(self) -> Sequence[str]:
        """Return the objects of the staging buckets, whose keys change with every change of the code."""
        return [f"arn:{self.place.partition}:s3:::{self._text(b)}/*" for b in self.assembly.asset_buckets]

    def filled(self, arn: str) -> str:
        """Fill an ARN's placeholders in."""
        return self._filled(arn, self._facts(), self.name(), "*")

    def referred(self, value: object, resource_type: str | None) -> Sequence[str]:
        """Return the ARNs of what a value refers to."""
        if isinstance(value, list):
            return [arn for item in value for arn in self.referred(item, resource_type)]
        found = self._followed(value, resource_type) if isinstance(value, Mapping) else None
        if found is not None:
            return found
        text = self._text(value)
        if text.startswith("arn:") or resource_type is None:
            return [text]
        facts = handler_facts(resource_type, self.logical_id)
        return [self._filled(arn, facts, text, text) for arn in facts.arns]

    def name(self) -> str:
        """Return the resource's name, as a pattern where CloudFormation makes it."""
        rule = self._facts().name
        given = values_at(self._properties(), rule["property"]) if "property" in rule else []
        if given:
            return self._text(given[0])
        if rule.get("form") == "logical":
            return f"{self.logical_id}-*"
        if rule.get("form") == "parameter":
            return f"CFN-{self.logical_id}-*"
        name = generated_name(self.where.stack_name, self.logical_id, rule.get("length", 255))
        return name.lower() if rule.get("form") == "lower" else name

    def _followed(self, value: Mapping[str, Any], resource_type: str | None) -> Sequence[str] | None:
        """Follow an intrinsic function to a resource; nothing if it is text to be put together."""
        target = _reference(value)
        if target == "AWS::NoValue":
            return []
        if target in self.where.resources:
            return self._sibling(target).own()
        if "Fn::If" in value:
            return self.referred(value["Fn::If"][1:], resource_type)
        if "Fn::ImportValue" in value:
            return self._imported(value["Fn::ImportValue"], resource_type)
        if FUNCTION in value:
            return replace(self, place=place_of(value[FUNCTION], self.place)).referred("*", resource_type)
        return None

    def _imported(self, name: object, resource_type: str | None) -> Sequence[str]:
        found = self.assembly.exports.get(name) if isinstance(name, str) else None
        if found is None:
            return self.referred("*", resource_type)
        where, value = found
        return TemplateArns(self.assembly, where, "", self.place).referred(value, resource_type)

    def _sibling(self, logical_id: str) -> "TemplateArns":
        return TemplateArns(self.assembly, self.where, logical_id, self.place)

    def _facts(self) -> HandlerFacts:
        resource_type = self.where.resources[self.logical_id]["Type"]
        return handler_facts(resource_type, f"{self.where.stack_name}/{self.logical_id}")

    def _properties(self) -> Mapping[str, Any]:
        return dict(self.where.resources[self.logical_id].get("Properties", {}))

    def _filled(self, arn: str, facts: HandlerFacts, name: str, identifier: str) -> str:
        own = self._properties() if self.logical_id else {}
        fields = dict(facts.defaults)
        fields |= {key: self._text(own[key]) for key in fields if key in own}
        if facts.name.get("form") == "parameter":
            name = name.lstrip("/")
        return arn.format_map({**vars(self.place), **fields, "name": name, "id": identifier})

    def _text(self, value: object) -> str:
        """Say a value as text, with an asterisk for each part that only the deployment knows."""
        if isinstance(value, str):
            return _SUBSTITUTION.sub(lambda match: self._reference_text(match[1]), value)
        if not isinstance(value, Mapping):
            return "*"
        if "Fn::Join" in value and isinstance(value["Fn::Join"][1], list):
            separator, parts = value["Fn::Join"]
            return str(separator).join(self._text(part) for part in parts)
        if isinstance(value.get("Fn::Sub"), str):
            return self._text(value["Fn::Sub"])
        return self._reference_text(_reference(value) + (".Arn" if "Fn::GetAtt" in value else ""))

    def _reference_text(self, reference: str) -> str:
        pseudo = {
            "AWS::Partition": self.place.partition,
            "AWS::Region": self.place.region,
            "AWS::AccountId": self.place.account,
            "AWS::StackName": self.where.stack_name,
            "AWS::URLSuffix": "amazonaws.com",
        }
        target, _, attribute = reference.partition(".")
        if target not in self.where.resources:
            return pseudo.get(target, "*")
        sibling = self._sibling(target)
        return next(iter(sibling.own()), "*") if attribute else sibling.name()


def _reference(value: Mapping[str, Any]) -> str:
    found = value.get("Ref") or value.get("Fn::GetAtt") or ""
    return str(found[0] if isinstance(found, list) else found)


def generated_name(stack_name: str, logical_id: str, length: int) -> str:
    """Return the pattern of the name that CloudFormation makes for a resource without one: what is certain of it.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-name.html

    Args:
        stack_name: Name of its stack.
        logical_id: Its logical id.
        length: How long its name can be.

    Examples:
        >>> generated_name("Orders", "Topic1A2B3C4D", 256)
        'Orders-Topic1A2B3C4D-*'
    """
    if len(stack_name) + len(logical_id) + _RANDOM + 2 <= length:
        return f"{stack_name}-{logical_id}-*"
    if len(stack_name) <= KEPT_OF_LONG_NAMES:
        return f"{stack_name}-{logical_id[: KEPT_OF_LONG_NAMES - 4]}*"
    return f"{stack_name[:KEPT_OF_LONG_NAMES]}*"
