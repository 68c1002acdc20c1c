"""What differs between two states of an app, in few lines: resources that came and went, and values that changed."""

from collections.abc import Iterator, Mapping
from typing import Any, Literal

import aws_cdk as cdk

from tests.support.announcements import announcements
from tests.support.synthesised import written

_ABSENT = "-"
_LEVELS: tuple[Literal["info", "warning"], ...] = ("info", "warning")


def changes(before: cdk.App, after: cdk.App) -> dict[str, Any]:
    """Synthesise both and compare their templates by logical id, and say what the second announces."""
    old, new = _resources(before), _resources(after)
    assembly = after.synth()
    return {
        "removed": [f"{place} {old[place]['Type']}" for place in old if place not in new],
        "added": [f"{place} {new[place]['Type']}" for place in new if place not in old],
        "changed": {
            f"{place}{path}": values
            for place in old
            if place in new
            for path, values in _differences("", old[place], new[place])
        },
        "announced": {
            stack.stack_name: told
            for stack in assembly.stacks
            if (
                told := [
                    f"{level}: {text}"
                    for level in _LEVELS
                    for text in announcements(assembly.directory, stack.stack_name, level)
                ]
            )
        },
    }


def _resources(app: cdk.App) -> dict[str, Mapping[str, Any]]:
    return {
        f"{stack.stack_name}/{logical_id}": written(resource)
        for stack in app.synth().stacks
        for logical_id, resource in stack.template.get("Resources", {}).items()
    }


def _differences(path: str, before: Any, after: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    if before == after:
        return
    old, new = _by_name(before), _by_name(after)
    if old is None or new is None:
        yield path, {"before": before, "after": after}
        return
    for name in dict.fromkeys((*old, *new)):
        yield from _differences(f"{path}.{name}", old.get(name, _ABSENT), new.get(name, _ABSENT))


def _by_name(value: Any) -> Mapping[str, Any] | None:
    """Return a mapping as it is, and the statements of a policy by Sid."""
    if isinstance(value, Mapping):
        return value
    if isinstance(value, list) and value and all(isinstance(each, Mapping) and "Sid" in each for each in value):
        return {each["Sid"]: each for each in value}
    return None
