"""What stands in a property of a resource that is named by its path."""

from collections.abc import Mapping
from typing import Any

from constructs_lib.guardrails.template_values import as_list


def values_at(properties: Mapping[str, Any], path: str) -> list[Any]:
    """Return the values of a property, in all items of the lists on the way to it.

    Args:
        properties: Of a resource.
        path: Names with dots between them.

    Examples:
        >>> values_at({"Origins": [{"Id": "a"}, {"Id": "b"}]}, "Origins.Id")
        ['a', 'b']
    """
    found: list[Any] = [properties]
    for name in path.split("."):
        found = [item for each in found if isinstance(each, Mapping) for item in as_list(each.get(name))]
    return found
