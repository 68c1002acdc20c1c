"""What the functions of the package `envelope` are told of their envelope keys, one by one."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from constructs_lib.enveloping.handler_environment import HOLD_KEYS
from constructs_lib.guardrails.references import References
from constructs_lib.guardrails.template_values import Located, as_list, flat, parts_of_sub

_FUNCTION = "AWS::Lambda::Function"
_HANDLERS = "envelope.handler."


@dataclass(frozen=True)
class ToldKey:
    """One thing that a function is told: a key, or a part of what names one.

    Attributes:
        function: The function.
        value: What it is in the template: a text or an intrinsic function.
        text: The whole ARN as text, or nothing where `value` is only a part of one.
    """

    function: Located
    value: object
    text: str


def told_keys(references: References) -> Iterator[ToldKey]:
    """Yield what functions are told of their envelope keys.

    Args:
        references: Of the app.
    """
    for place, function in references.templates.resources(_FUNCTION):
        properties = function.get("Properties", {})
        if str(properties.get("Handler", "")).startswith(_HANDLERS):
            variables = properties.get("Environment", {}).get("Variables", {})
            for name in HOLD_KEYS:
                for value in as_list(variables.get(name)):
                    yield from _told(references, place, value)


def _told(references: References, function: Located, value: object) -> Iterator[ToldKey]:
    parts = _parts(value)
    if not str(parts[0]).startswith("["):
        yield ToldKey(function, value, references.text(function.template, value))
        return
    # A list as JSON around references, one ARN of which may be made of several: with them as text, JSON finds its ends.
    resolved = [part if isinstance(part, str) else references.resolved(function.template, part) for part in parts]
    written = "".join(part if isinstance(part, str) else flat(part).replace('"', "'") for part in resolved)
    yield from (ToldKey(function, arn, arn) for arn in _listed(written))
    yield from (ToldKey(function, part, "") for part in parts if not isinstance(part, str))


def _parts(value: object) -> list[object]:
    if isinstance(value, dict) and "Fn::Join" in value and value["Fn::Join"][0] == "":
        return list(value["Fn::Join"][1])
    if isinstance(value, dict) and "Fn::Sub" in value:
        return parts_of_sub(value["Fn::Sub"])
    return [value]


def _listed(written: str) -> list[str]:
    try:
        return [arn for arn in json.loads(written) if isinstance(arn, str)]
    except ValueError:  # what only the deployment can put together; the references in it are looked at all the same
        return []
