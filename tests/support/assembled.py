"""The templates of a cloud assembly, and what a value in one of them means in all of them."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

Template = Mapping[str, Any]

_SUBSTITUTED = re.compile(r"\$\{([^!}][^}]*)\}")


@dataclass(frozen=True)
class Assembled:
    """Templates by stack name; a nested stack is named by its template file and knows who instantiates it."""

    templates: Mapping[str, Template]
    instantiated: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """Nested stack to the stack that holds it and the logical id that it has there."""

    @classmethod
    def read(cls, directory: Path) -> Self:
        """Read every template of a cloud assembly that was written with asset metadata."""
        files = {path.name: json.loads(path.read_text()) for path in sorted(directory.rglob("*.template.json"))}
        templates = {name.removesuffix(".template.json"): template for name, template in files.items()}
        instantiated = {
            resource["Metadata"]["aws:asset:path"].removesuffix(".template.json"): (stack, logical_id)
            for stack, template in templates.items()
            for logical_id, resource in template.get("Resources", {}).items()
            if resource["Type"] == "AWS::CloudFormation::Stack"
        }
        return cls(templates, instantiated)

    def resources(self, *kinds: str) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
        """Give stack, logical id and properties of each resource of these types."""
        for stack, template in self.templates.items():
            for logical_id, resource in template.get("Resources", {}).items():
                if resource["Type"] in kinds:
                    yield stack, logical_id, resource.get("Properties", {})

    def text(self, stack: str, value: Any) -> str:
        """Write a value as one string, in which a reference has the same form wherever it was made.

        `${S/Key.Arn}` is the attribute `Arn` of the resource `Key` of the stack `S`, also where another stack
        imports it or a nested stack receives it as a parameter.
        """
        if not isinstance(value, Mapping):
            return value if isinstance(value, str) else json.dumps(value)
        if len(value) != 1:
            return json.dumps({name: self.text(stack, part) for name, part in value.items()})
        ((function, argument),) = value.items()
        return self._evaluate(stack, function, argument)

    def _evaluate(self, stack: str, function: str, argument: Any) -> str:
        meaning: Mapping[str, Callable[[], str]] = {
            "Ref": lambda: self._reference(stack, argument),
            "Fn::GetAtt": lambda: self._attribute(stack, argument),
            "Fn::Join": lambda: str(argument[0]).join(self.text(stack, part) for part in argument[1]),
            "Fn::Sub": lambda: self._substitute(stack, argument),
            "Fn::ImportValue": lambda: self._imported(self.text(stack, argument)),
            "Fn::GetStackOutput": lambda: self._output(argument["StackName"], argument["OutputName"]),
        }
        return meaning[function]() if function in meaning else json.dumps({function: argument})

    def _reference(self, stack: str, name: str) -> str:
        if name.startswith("AWS::"):
            return f"${{{name}}}"
        if name in self.templates[stack].get("Resources", {}):
            return f"${{{stack}/{name}}}"
        if stack in self.instantiated:
            parent, logical_id = self.instantiated[stack]
            given = self.templates[parent]["Resources"][logical_id]["Properties"]["Parameters"]
            return self.text(parent, given[name])
        return f"${{{stack}?{name}}}"

    def _attribute(self, stack: str, argument: str | list[str]) -> str:
        logical_id, attribute = argument.split(".", 1) if isinstance(argument, str) else argument
        for nested, holder in self.instantiated.items():
            if holder == (stack, logical_id) and attribute.startswith("Outputs."):
                return self._output(nested, attribute.removeprefix("Outputs."))
        return f"${{{stack}/{logical_id}.{attribute}}}"

    def _output(self, stack: str, name: str) -> str:
        return self.text(stack, self.templates[stack]["Outputs"][name]["Value"])

    def _substitute(self, stack: str, argument: Any) -> str:
        pattern, variables = (argument, {}) if isinstance(argument, str) else argument

        def replace(found: re.Match[str]) -> str:
            name = found.group(1)
            if name in variables:
                return self.text(stack, variables[name])
            return self.text(stack, {"Fn::GetAtt": name} if "." in name else {"Ref": name})

        return _SUBSTITUTED.sub(replace, pattern)

    def _imported(self, export: str) -> str:
        for stack, template in self.templates.items():
            for output in template.get("Outputs", {}).values():
                if "Export" in output and self.text(stack, output["Export"]["Name"]) == export:
                    return self.text(stack, output["Value"])
        raise LookupError(f"export must be one of a template of this assembly, got {export}")
