"""What custom resources of the CDK carry from a stack of one Region to one of another, carried without them.

Their handler needs Lambda's Node.js runtime with its SDK, which the embedded AWS does not have.
https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.Stack.html#crossregionreferences
"""

from typing import Any

Json = dict[str, Any]

_WRITER, _READER = "Custom::CrossRegionExportWriter", "Custom::CrossRegionExportReader"
_PROVIDERS = ("CustomCrossRegionExportWriter", "CustomCrossRegionExportReader")


class CarriedExports:
    """The exports of the stacks that are deployed."""

    def __init__(self) -> None:
        """Carry nothing yet."""
        self._values: dict[str, str] = {}
        self._outputs: dict[str, str] = {}

    def rewrite(self, template: Json) -> Json:
        """Return a template that says in outputs what others need, and holds what it needs of others.

        Args:
            template: Of the stack that is deployed next.
        """
        resources = template["Resources"]
        writers = [each for each in resources.values() if each["Type"] == _WRITER]
        exports = [pair for each in writers for pair in each["Properties"]["WriterProps"]["exports"].items()]
        self._outputs = {f"Carried{number}": name for number, (name, _) in enumerate(exports)}
        outputs = {f"Carried{number}": {"Value": value} for number, (_, value) in enumerate(exports)}
        readers = {name for name, each in resources.items() if each["Type"] == _READER}
        kept = {
            name: each
            for name, each in resources.items()
            if each["Type"] not in {_WRITER, _READER} and not name.startswith(_PROVIDERS)
        }
        found: Json = self._filled_in({**template, "Resources": kept}, readers)
        return {**found, "Outputs": {**found.get("Outputs", {}), **outputs}} if outputs else found

    def take(self, outputs: dict[str, str]) -> dict[str, str]:
        """Take what a stack that was rewritten has for others, and return its other outputs.

        Args:
            outputs: All of them.
        """
        self._values |= {self._outputs[name]: value for name, value in outputs.items() if name in self._outputs}
        return {name: value for name, value in outputs.items() if name not in self._outputs}

    def _filled_in(self, part: Any, readers: set[str]) -> Any:
        if isinstance(part, list):
            return [self._filled_in(each, readers) for each in part]
        if not isinstance(part, dict):
            return part
        reader, name = (part.get("Fn::GetAtt") or ("", "")) if len(part) == 1 else ("", "")
        if reader in readers:
            return self._values[name]
        return {key: self._filled_in(each, readers) for key, each in part.items()}
