"""Which properties of the resources of AWS services hold a key: those whose names say so.

What is free of form is not looked at, such as the environment of a function: anybody may be told the ARN of any key.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from constructs_lib.guardrails.cloud_templates import CloudTemplates
from constructs_lib.guardrails.template_values import Located

_FREE_OF_FORM = frozenset({
    "DefaultArguments",
    "DefinitionSubstitutions",
    "Environment",
    "EnvironmentVariables",
    "Parameters",
    "PolicyDocument",
    "Tags",
    "Variables",
})
_NOT_SERVICES = ("AWS::KMS::", "AWS::IAM::", "AWS::CloudFormation::", "Custom::", "AWS::Route53::KeySigningKey")
_PROPERTY = re.compile(r"[A-Z][A-Za-z0-9]*")
_HOLDS_KEY = re.compile(r"kms|encrypt|key(id|arn|identifier)$", re.IGNORECASE)


@dataclass(frozen=True)
class KeyProperty:
    """A value that may be a key.

    Attributes:
        place: The resource.
        name: The property.
        value: What it holds.
        within: The properties among which it stands, the outermost first.
    """

    place: Located
    name: str
    value: object
    within: tuple[Mapping[str, Any], ...]


def key_properties(templates: CloudTemplates) -> Iterator[KeyProperty]:
    """Yield what stands in properties whose names, or those of what they are in, say that they hold a key."""
    for path, template in templates.by_path.items():
        for logical_id, resource in template.get("Resources", {}).items():
            if not str(resource.get("Type", "")).startswith(_NOT_SERVICES):
                everything = KeyProperty(Located(path, logical_id), "", resource.get("Properties", {}), ())
                yield from _inside(everything, is_key=False)


def _inside(outer: KeyProperty, *, is_key: bool) -> Iterator[KeyProperty]:
    value = outer.value
    if isinstance(value, list):
        for item in value:
            yield from _inside(KeyProperty(outer.place, outer.name, item, outer.within), is_key=is_key)
    elif isinstance(value, Mapping) and all(map(_PROPERTY.fullmatch, value)) and "Ref" not in value:
        for name, inner in value.items():
            if name not in _FREE_OF_FORM:
                found = KeyProperty(outer.place, name, inner, (*outer.within, value))
                yield from _inside(found, is_key=is_key or _HOLDS_KEY.search(name) is not None)
    elif is_key:
        yield outer
