"""Circles of references inside one template: CloudFormation refuses them, synth does not see them."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

_SUBSTITUTED = re.compile(r"\$\{([^!}.]+)[^}]*\}")


def _mentioned(value: Any) -> Iterator[str]:
    """Give every name that `Ref`, `Fn::GetAtt` or `Fn::Sub` mentions anywhere inside a value."""
    if isinstance(value, list):
        for part in value:
            yield from _mentioned(part)
    elif isinstance(value, Mapping):
        for function, argument in value.items():
            if function == "Ref" and isinstance(argument, str):
                yield argument
            elif function == "Fn::GetAtt":
                yield argument.split(".")[0] if isinstance(argument, str) else argument[0]
            elif function == "Fn::Sub":
                yield from _SUBSTITUTED.findall(argument if isinstance(argument, str) else argument[0])
            yield from _mentioned(argument)


def references(template: Mapping[str, Any]) -> dict[str, set[str]]:
    """Give the resources that each resource of a template waits for."""
    resources = template.get("Resources", {})
    graph: dict[str, set[str]] = {}
    for name, resource in resources.items():
        depends = resource.get("DependsOn", [])
        waits = {depends} if isinstance(depends, str) else set(depends)
        waits.update(_mentioned({part: value for part, value in resource.items() if part != "DependsOn"}))
        graph[name] = waits & set(resources)
    return graph


def find_cycle(template: Mapping[str, Any]) -> list[str]:
    """Give one circle of resources, first name repeated at the end, or an empty list."""
    graph = references(template)
    finished: set[str] = set()

    def visit(name: str, path: list[str]) -> list[str]:
        if name in path:
            return [*path[path.index(name) :], name]
        if name in finished:
            return []
        for other in sorted(graph[name]):
            if cycle := visit(other, [*path, name]):
                return cycle
        finished.add(name)
        return []

    return next((cycle for name in sorted(graph) if (cycle := visit(name, []))), [])
