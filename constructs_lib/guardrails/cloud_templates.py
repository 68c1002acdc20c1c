"""The templates of a cloud assembly, and which resource a value in one of them means."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

NESTED_STACK = "AWS::CloudFormation::Stack"


@dataclass(frozen=True, order=True)
class Located:
    """A resource: the template file that defines it and its logical id there."""

    template: str
    logical_id: str


@dataclass(frozen=True)
class CloudTemplates:
    """All templates of an app, nested stacks included.

    Attributes:
        by_path: Template file to its content.
    """

    by_path: Mapping[str, Mapping[str, Any]]
    _assets: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    @classmethod
    def read(cls, paths: Iterable[str]) -> "CloudTemplates":
        """Read template files and the nested templates that their asset manifests list.

        The CDK hands a validation plugin the templates of stacks only; those of nested stacks are assets.
        """
        found: dict[str, Mapping[str, Any]] = {}
        assets: dict[str, tuple[str, str]] = {}
        for path in paths:
            found[path] = json.loads(Path(path).read_text())
            manifest = Path(path.removesuffix(".template.json") + ".assets.json")
            files = json.loads(manifest.read_text()).get("files", {}) if manifest.exists() else {}
            for asset, description in files.items():
                name = description.get("source", {}).get("path", "")
                if name.endswith(".nested.template.json"):
                    nested = str(manifest.parent / name)
                    found[nested] = json.loads(Path(nested).read_text())
                    assets[nested] = (path, asset)
        return cls(found, assets)

    def resources(self, *types: str) -> Iterator[tuple[Located, Mapping[str, Any]]]:
        """Yield the resources of these types, everywhere."""
        for path, template in self.by_path.items():
            for logical_id, resource in template.get("Resources", {}).items():
                if resource.get("Type") in types:
                    yield Located(path, logical_id), resource

    def resource(self, place: Located) -> Mapping[str, Any]:
        """Return one resource."""
        found: Mapping[str, Any] = self.by_path[place.template]["Resources"][place.logical_id]
        return found

    def find(self, path: str, value: object) -> Located | None:
        """Return the resource that a value in a template means, through outputs, imports and parameters.

        Args:
            path: The template file in which the value stands.
            value: A string or an intrinsic function.

        Returns:
            The first resource found in it, or None for a literal.
        """
        if not isinstance(value, dict):
            items = value if isinstance(value, list) else []
            return next((found for item in items if (found := self.find(path, item))), None)
        if "Ref" in value:
            return self._ref(path, value["Ref"])
        if "Fn::GetAtt" in value:
            name = value["Fn::GetAtt"]
            logical_id, attribute = name if isinstance(name, list) else name.split(".", 1)
            return self._attribute(path, logical_id, attribute)
        if "Fn::ImportValue" in value:
            return self._export(json.dumps(value["Fn::ImportValue"], sort_keys=True))
        if "Fn::GetStackOutput" in value:
            return self._stack_output(value["Fn::GetStackOutput"])
        return next((found for item in value.values() if (found := self.find(path, item))), None)

    def _ref(self, path: str, name: str) -> Located | None:
        if name in self.by_path[path].get("Resources", {}):
            return Located(path, name)
        parent = self._nested_in(path)
        if parent is None:
            return None
        parameters = self.resource(parent).get("Properties", {}).get("Parameters", {})
        return self.find(parent.template, parameters.get(name))

    def _attribute(self, path: str, logical_id: str, attribute: str) -> Located | None:
        resource = self.by_path[path].get("Resources", {}).get(logical_id)
        if resource is None:
            return None
        if resource.get("Type") != NESTED_STACK:
            return Located(path, logical_id)
        nested = self._nested_templates.get(Located(path, logical_id))
        if nested is None:
            return None
        output = self.by_path[nested].get("Outputs", {}).get(attribute.removeprefix("Outputs."), {})
        return self.find(nested, output.get("Value"))

    def _export(self, name: str) -> Located | None:
        for path, template in self.by_path.items():
            for output in template.get("Outputs", {}).values():
                if json.dumps(output.get("Export", {}).get("Name"), sort_keys=True) == name:
                    return self.find(path, output.get("Value"))
        return None

    def _stack_output(self, reference: Mapping[str, Any]) -> Located | None:
        # The output's name is made of the producing construct's path, so it is enough to tell the stack.
        for path, template in self.by_path.items():
            output = template.get("Outputs", {}).get(reference.get("OutputName"))
            if output is not None:
                return self.find(path, output.get("Value"))
        return None

    def _nested_in(self, path: str) -> Located | None:
        return next((place for place, nested in self._nested_templates.items() if nested == path), None)

    @cached_property
    def _nested_templates(self) -> Mapping[Located, str]:
        return {
            place: nested
            for place, resource in self.resources(NESTED_STACK)
            for nested, (outermost, asset) in self._assets.items()
            if outermost == self._outermost(place.template)
            and asset in json.dumps(resource.get("Properties", {}).get("TemplateURL", ""))
        }

    def _outermost(self, path: str) -> str:
        # Equal nested stacks of two Stages are one asset, so the asset alone does not tell whose it is.
        return self._assets[path][0] if path in self._assets else path


def flat(value: object) -> str:
    """Return the text of a template value, with `${...}` for what only the deployment knows."""
    if isinstance(value, dict):
        if "Fn::Join" in value:
            separator, items = value["Fn::Join"]
            return str(separator).join(flat(item) for item in items)
        if "Ref" in value:
            return f"${{{value['Ref']}}}"
        if "Fn::Sub" in value and isinstance(value["Fn::Sub"], str):
            return value["Fn::Sub"]
        return f"${{{json.dumps(value, sort_keys=True)}}}"
    return str(value)


def as_list(value: object) -> list[Any]:
    """Return what a policy document may write as one value or as a list, as a list."""
    if value is None:
        return []
    return list(value) if isinstance(value, list) else [value]
