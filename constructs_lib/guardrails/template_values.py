"""Values of a template: what may stand in several forms, as one; and as text."""

import json
import re
from dataclasses import dataclass
from typing import Any

_IN_SUB = re.compile(r"\$\{(!?)([^}]+)\}")


@dataclass(frozen=True, order=True)
class Located:
    """A resource: the template file that defines it and its logical id there."""

    template: str
    logical_id: str


@dataclass(frozen=True, order=True)
class Reference:
    """What a value says about a resource: `Ref`, or one of its attributes."""

    place: Located
    attribute: str


def as_list(value: object) -> list[Any]:
    """Return what a policy document may write as one value or as a list, as a list, with both branches of a condition.

    Examples:
        >>> as_list({"Fn::If": ["IsProd", "a", ["b", {"Ref": "AWS::NoValue"}]]})
        ['a', 'b']
    """
    if value is None or value == {"Ref": "AWS::NoValue"}:
        return []
    if isinstance(value, dict) and "Fn::If" in value:
        return as_list(value["Fn::If"][1:])
    return [item for each in value for item in as_list(each)] if isinstance(value, list) else [value]


def parts_of_sub(argument: object) -> list[Any]:
    """Return what `Fn::Sub` puts together: texts, `Ref`, `Fn::GetAtt`, and the values of its variables.

    Examples:
        >>> parts_of_sub("a-${Key.Arn}")
        ['a-', {'Fn::GetAtt': ['Key', 'Arn']}]
    """
    text, variables = argument if isinstance(argument, list) else (argument, {})
    parts, end = [], 0
    for found in _IN_SUB.finditer(text):
        parts += [text[end : found.start()], _meant(found, variables)]
        end = found.end()
    return [part for part in [*parts, text[end:]] if part != ""]


def _meant(found: re.Match[str], variables: dict[str, Any]) -> Any:  # noqa: ANN401  # any value of a template
    literal, name = found.groups()
    if literal:
        return f"${{{name}}}"
    if name in variables:
        return variables[name]
    logical_id, _, attribute = name.partition(".")
    return {"Fn::GetAtt": [logical_id, attribute]} if attribute else {"Ref": name}


def flat(value: object) -> str:
    """Return the text of a template value, with `${...}` for what only the deployment knows."""
    if isinstance(value, Reference):
        return f"${{{value.place.template}#{value.place.logical_id}.{value.attribute}}}"
    if isinstance(value, dict):
        if "Fn::Join" in value:
            separator, items = value["Fn::Join"]
            if isinstance(items, list):
                return str(separator).join(flat(item) for item in items)
        if "Ref" in value:
            return f"${{{value['Ref']}}}"
        if "Fn::Sub" in value:
            return "".join(flat(part) for part in parts_of_sub(value["Fn::Sub"]))
        return f"${{{as_json(value)}}}"
    return str(value)


def as_json(value: object) -> str:
    """Return a template value as JSON that is the same for equal values."""
    return json.dumps(value, sort_keys=True, default=flat)
