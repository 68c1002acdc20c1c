"""Construct paths of resources, where only the manifest tells them: templates do if the CDK's CLI had them written."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

_PATH = "aws:cdk:path"
_LOGICAL_ID = "aws:cdk:logicalId"


def paths_of(folder: Path, artifact: Mapping[str, Any]) -> dict[str, str]:
    """Return the construct path of each logical id of a stack, without those that a nested stack of it has too.

    Args:
        folder: The assembly.
        artifact: The stack, as the manifest has it.
    """
    found: dict[str, list[str]] = {}
    for path, entry in _entries(folder, artifact):
        if entry.get("type") == _LOGICAL_ID:
            found.setdefault(str(entry.get("data")), []).append(path.lstrip("/"))
    return {logical_id: paths[0] for logical_id, paths in found.items() if len(paths) == 1}


def write_paths(template: Mapping[str, Any], paths: Mapping[str, str]) -> None:
    """Write construct paths into the metadata of a template's resources, as the CDK's CLI has it done.

    Args:
        template: The template of a stack.
        paths: Logical id to construct path.
    """
    for logical_id, resource in template.get("Resources", {}).items():
        if logical_id in paths:
            resource.setdefault("Metadata", {}).setdefault(_PATH, paths[logical_id])


def _entries(folder: Path, artifact: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    further = artifact.get("additionalMetadataFile")
    beside = json.loads((folder / further).read_text()) if further else {}
    for path, entries in {**artifact.get("metadata", {}), **beside}.items():
        for entry in entries:
            yield path, entry
