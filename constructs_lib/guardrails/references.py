"""References: what a value of a template means, through imports, outputs, parameters and nested stacks."""

import re
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

from constructs_lib.errors import ConfigurationError
from constructs_lib.guardrails.cloud_templates import NESTED_STACK, CloudTemplates
from constructs_lib.guardrails.template_values import Located, Reference, flat, parts_of_sub
from constructs_lib.principals import arn_parts

REPLICA = "AWS::KMS::ReplicaKey"

_ACCOUNT = re.compile(r":iam::(\d{12}):")
_WRITER, _READER = "Custom::CrossRegionExportWriter", "Custom::CrossRegionExportReader"

Output = tuple[str, Any]
"""The template of an output, and its value."""


class References:
    """The references of an app's templates."""

    def __init__(self, templates: CloudTemplates) -> None:
        """Keep the templates.

        Args:
            templates: All of the app, since a reference may lead to any of them.
        """
        self.templates = templates
        self.allowances: dict[Located, list[Any]] = {}  # what key policies allow, as far as it was asked

    def meant_by(self, path: str, value: object) -> list[Located]:
        """Return the resources that a value means: one of them, or with a condition in it one or the other.

        Args:
            path: The template file in which the value stands.
            value: A string or an intrinsic function.
        """
        resolved = self.resolved(path, value)
        return [
            self._in_region_of(branch, each.place) for branch in _branches(resolved) for each in references_in(branch)
        ]

    @cached_property
    def twins(self) -> Mapping[Located, frozenset[Located]]:
        """For each key of a multi-Region key all that have its id."""
        twins: dict[Located, frozenset[Located]] = {}
        for replica, resource in self.templates.resources(REPLICA):
            primary_arn = resource.get("Properties", {}).get("PrimaryKeyArn")
            for primary in references_in(self.resolved(replica.template, primary_arn)):
                family = twins.get(primary.place, frozenset((primary.place,))) | {replica}
                twins |= dict.fromkeys(family, family)
        return twins

    def _in_region_of(self, value: object, place: Located) -> Located:
        """Return the key that an ARN means which is made of a Region and the id of a key: that of the Region."""
        twins = self.twins.get(place, ())
        region = region_in(flat(value)) if twins else ""
        return next((twin for twin in twins if region and self.templates.stack(twin.template).region == region), place)

    def resolved(self, path: str, value: object) -> Any:  # noqa: ANN401  # any value of a template
        """Return a value as the same in every template: resources as `Reference`, accounts and Regions if known.

        Args:
            path: The template file in which the value stands.
            value: A string, an intrinsic function, or a list of them.
        """
        if isinstance(value, list):
            return [self.resolved(path, item) for item in value]
        if not isinstance(value, dict):
            return value
        for name, follow in (
            ("Ref", self._ref),
            ("Fn::GetAtt", self._attribute),
            ("Fn::Sub", self._sub),
            ("Fn::ImportValue", self._import),
            ("Fn::GetStackOutput", self._stack_output),
        ):
            if name in value:
                return follow(path, value[name])
        return {name: self.resolved(path, item) for name, item in value.items()}

    def text(self, path: str, value: object) -> str:
        """Return the text of a value, with `${...}` for what only the deployment knows."""
        return flat(self.resolved(path, value))

    def _ref(self, path: str, name: str) -> Any:  # noqa: ANN401
        if name.startswith("AWS::"):
            return self._pseudo(path, name) or {"Ref": name}
        if self.templates.defines(Located(path, name)):
            return Reference(Located(path, name), "Ref")
        parent = self.templates.nested_in(path)
        given = {} if parent is None else self.templates.properties(parent).get("Parameters", {})
        if parent is not None and name in given:
            return self.resolved(parent.template, given[name])
        return {"Ref": f"{path}#{name}"}

    def _pseudo(self, path: str, name: str) -> str:
        stack = self.templates.stack(path)
        named = "" if self.templates.is_nested(path) else stack.name
        return {"AWS::AccountId": stack.account, "AWS::Region": stack.region, "AWS::StackName": named}.get(name, "")

    def _attribute(self, path: str, name: Any) -> Any:  # noqa: ANN401
        logical_id, attribute = name if isinstance(name, list) else name.split(".", 1)
        place = Located(path, logical_id)
        if self.templates.resource(place).get("Type") == NESTED_STACK:
            nested = self.templates.nested_template(place)
            outputs = {} if nested is None else self.templates.by_path[nested].get("Outputs", {})
            output = outputs.get(str(attribute).removeprefix("Outputs."))
            if nested is not None and output is not None:
                return self.resolved(nested, output.get("Value"))
        elif (path, flat(attribute)) in self._read_elsewhere:
            return self.resolved(*self._read_elsewhere[path, flat(attribute)])
        elif self.templates.defines(place):
            return Reference(place, flat(attribute))
        return {"Fn::GetAtt": [f"{path}#{logical_id}", attribute]}

    def _sub(self, path: str, argument: object) -> Any:  # noqa: ANN401
        return {"Fn::Join": ["", [self.resolved(path, part) for part in parts_of_sub(argument)]]}

    def _import(self, path: str, argument: object) -> Any:  # noqa: ANN401
        stack, name = self.templates.stack(path), self.text(path, argument)
        found = self._nearest(path, self._exports.get(name, ()), stack.account, stack.region)
        return {"Fn::ImportValue": name} if found is None else self.resolved(*found)

    def _stack_output(self, path: str, argument: Mapping[str, Any]) -> Any:  # noqa: ANN401
        stack = self.templates.stack(path)
        said = {name: self.text(path, value) for name, value in argument.items()}
        region = said.get("Region", stack.region)
        assumed = _ACCOUNT.search(said.get("RoleArn", ""))
        found = self._nearest(
            path,
            self._outputs.get((said.get("StackName", ""), said.get("OutputName", "")), ()),
            assumed[1] if assumed else stack.account,
            "" if "${" in region else region,
        )
        return {"Fn::GetStackOutput": said} if found is None else self.resolved(*found)

    def _nearest(self, path: str, outputs: Iterable[Output], account: str, region: str) -> Output | None:
        """Return the output in an account and Region: of the same assembly before others, or none if two are as near.

        Stages and Regions have stacks, exports and outputs of the same names.
        """
        folder = self.templates.stack(path).folder
        ranked: dict[tuple[bool, bool, bool], list[Output]] = {}
        for output in outputs:
            stack = self.templates.stack(output[0])
            if stack.may_be_in(account, region):
                distance = (stack.folder != folder, stack.account != account, stack.region != region)
                ranked.setdefault(distance, []).append(output)
        nearest = ranked[min(ranked)] if ranked else []
        return nearest[0] if len(nearest) == 1 else None

    @cached_property
    def _read_elsewhere(self) -> Mapping[tuple[str, str], Output]:
        """The values that the CDK's custom resources carry into other Regions, by who reads them and their name."""
        written = {
            name: (place.template, value)
            for place, resource in self.templates.resources(_WRITER)
            for name, value in resource["Properties"]["WriterProps"]["exports"].items()
        }
        return {
            (place.template, name): written[name]
            for place, resource in self.templates.resources(_READER)
            for name in resource["Properties"]["ReaderProps"]["imports"]
            if name in written
        }

    @cached_property
    def _exports(self) -> Mapping[str, list[Output]]:
        found: dict[str, list[Output]] = {}
        for path, template in self.templates.by_path.items():
            for output in template.get("Outputs", {}).values():
                if "Export" in output:
                    name = self.text(path, output["Export"].get("Name"))
                    found.setdefault(name, []).append((path, output.get("Value")))
        return found

    @cached_property
    def _outputs(self) -> Mapping[tuple[str, str], list[Output]]:
        found: dict[tuple[str, str], list[Output]] = {}
        for path, template in self.templates.by_path.items():
            if not self.templates.is_nested(path):
                for name, output in template.get("Outputs", {}).items():
                    found.setdefault((self.templates.stack(path).name, name), []).append((path, output.get("Value")))
        return found


def region_in(text: str) -> str:
    """Return the Region of an ARN, or nothing if it is not one.

    Examples:
        >>> region_in("arn:aws:kms:eu-west-1:${AWS::AccountId}:key/mrk-1")
        'eu-west-1'
    """
    try:
        return arn_parts(text)[3]
    except ConfigurationError:
        return ""


def _branches(value: object) -> list[object]:
    """Return what a resolved value may be."""
    if isinstance(value, dict) and "Fn::If" in value:
        return [found for branch in value["Fn::If"][1:] for found in _branches(branch)]
    return [value]


def references_in(value: object) -> list[Reference]:
    """Return the first reference of a resolved value, or with a condition in it those of both branches."""
    if isinstance(value, Reference):
        return [value]
    if isinstance(value, dict):
        if "Fn::If" in value:
            return [found for branch in value["Fn::If"][1:] for found in references_in(branch)]
        return next((found for item in value.values() if (found := references_in(item))), [])
    if isinstance(value, list):
        return next((found for item in value if (found := references_in(item))), [])
    return []
