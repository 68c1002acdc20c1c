"""The templates of a cloud assembly, nested stacks included, and where each is deployed."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from constructs_lib.guardrails.deployed_stack import DeployedStack, read_stack
from constructs_lib.guardrails.template_values import Located

NESTED_STACK = "AWS::CloudFormation::Stack"
SERVERLESS_FUNCTION = "AWS::Serverless::Function"


@dataclass(frozen=True)
class CloudTemplates:
    """All templates of an app.

    Attributes:
        by_path: Template file to its content.
    """

    by_path: Mapping[str, Mapping[str, Any]]
    _stacks: Mapping[str, DeployedStack] = field(default_factory=dict)
    _assets: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    @classmethod
    def read(cls, paths: Iterable[str]) -> "CloudTemplates":
        """Read template files of stacks, their nested templates, and the manifests beside them."""
        found: dict[str, Mapping[str, Any]] = {}
        stacks: dict[str, DeployedStack] = {}
        assets: dict[str, tuple[str, str]] = {}
        for path in paths:
            found[path] = json.loads(Path(path).read_text())
            stacks[path], nested = read_stack(path)
            for template, asset in nested.items():
                found[template] = json.loads(Path(template).read_text())
                assets[template] = (path, asset)
        return cls(found, stacks, assets)

    def resources(self, *types: str) -> Iterator[tuple[Located, Mapping[str, Any]]]:
        """Yield the resources of these types, everywhere."""
        for path, template in self.by_path.items():
            for logical_id, resource in template.get("Resources", {}).items():
                if resource.get("Type") in types:
                    yield Located(path, logical_id), resource

    def resource(self, place: Located) -> Mapping[str, Any]:
        """Return one resource, or an empty one for a role that a transform will add."""
        found: Mapping[str, Any] = self.by_path[place.template].get("Resources", {}).get(place.logical_id, {})
        return found

    def defines(self, place: Located) -> bool:
        """Whether there is such a resource, written or added by the transform of serverless functions.

        https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-generated-resources-function.html
        """
        if self.resource(place):
            return True
        function = Located(place.template, place.logical_id.removesuffix("Role"))
        return function != place and self.resource(function).get("Type") == SERVERLESS_FUNCTION

    def properties(self, place: Located) -> Mapping[str, Any]:
        """Return the properties of a resource."""
        found: Mapping[str, Any] = self.resource(place).get("Properties", {})
        return found

    def stack(self, path: str) -> DeployedStack:
        """Return the stack of a template, for a nested one the outermost."""
        return self._stacks.get(self._outermost(path), DeployedStack())

    def is_nested(self, path: str) -> bool:
        """Whether a template is that of a nested stack."""
        return path in self._assets

    def nested_in(self, path: str) -> Located | None:
        """Return the resource in the parent that a nested template is, or None."""
        return next((place for place, nested in self._nested_templates.items() if nested == path), None)

    def nested_template(self, place: Located) -> str | None:
        """Return the template of a nested stack, or None if it is not of this app."""
        return self._nested_templates.get(place)

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
