"""Rule: no key waits for what waits for the key. CloudFormation refuses such a template.

The CDK's own validator finds the same (F3004) where it runs; this rule holds also without it, and says what to do.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from constructs_lib.guardrails.template_values import parts_of_sub


def cycle_through(
    resources: Mapping[str, Mapping[str, Any]], start: str, known: dict[str, list[str]] | None = None
) -> list[str]:
    """Return the logical ids of a dependency cycle through a resource, in order, or nothing.

    Args:
        resources: The resources of one template.
        start: A logical id.
        known: What resources of this template wait for, as far as other starts asked already.

    Examples:
        >>> cycle_through({"Key": {"DependsOn": "Topic"}, "Topic": {"Properties": {"Id": {"Ref": "Key"}}}}, "Key")
        ['Key', 'Topic', 'Key']
    """
    needed = {} if known is None else known
    came_from: dict[str, str] = {}
    waiting = [start]
    while waiting:
        here = waiting.pop()
        if here not in needed:
            needed[here] = sorted(_needed_by(resources[here]) & resources.keys())
        for name in needed[here]:
            if name == start:
                path = [start, here]
                while path[-1] != start:
                    path.append(came_from[path[-1]])
                return path[::-1]
            if name not in came_from:
                came_from[name] = here
                waiting.append(name)
    return []


def _needed_by(resource: Mapping[str, Any]) -> set[str]:
    depends = resource.get("DependsOn", [])
    return {*([depends] if isinstance(depends, str) else depends), *_references(resource.get("Properties"))}


def _references(value: object) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from _references(item)
    elif isinstance(value, dict):
        for name, item in value.items():
            if name == "Ref":
                yield item
            elif name == "Fn::GetAtt":
                yield item[0] if isinstance(item, list) else item.split(".")[0]
            elif name == "Fn::Sub":
                # The deployment also waits for variables that the text does not use.
                yield from _references([parts_of_sub(item), item[1:] if isinstance(item, list) else []])
            else:
                yield from _references(item)
