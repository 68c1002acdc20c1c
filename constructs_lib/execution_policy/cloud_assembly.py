"""A cloud assembly as plain data: the templates that `cdk synth` left in a folder.

https://docs.aws.amazon.com/cdk/v2/guide/configure-synth.html
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from constructs_lib.errors import ConfigurationError

_STACK = "AWS::CloudFormation::Stack"


@dataclass(frozen=True, kw_only=True)
class DeployedTemplate:
    """One template and the name of its stack; a nested stack's name ends with a pattern for what AWS adds."""

    stack_name: str
    template: Mapping[str, Any]

    @property
    def resources(self) -> Mapping[str, Mapping[str, Any]]:
        """The resources by logical id."""
        return dict(self.template.get("Resources", {}))


@dataclass(frozen=True, kw_only=True)
class CloudAssembly:
    """All templates of an assembly, and the places where its assets will be."""

    templates: tuple[DeployedTemplate, ...]
    asset_buckets: tuple[str, ...] = ()
    exports: Mapping[str, tuple[DeployedTemplate, Any]] = field(default_factory=dict)


def read_cloud_assembly(folder: Path) -> CloudAssembly:
    """Read an assembly, its nested assemblies (stages) and its nested stacks.

    Args:
        folder: Usually `cdk.out`.

    Raises:
        ConfigurationError: If it is not the folder of a cloud assembly.
    """
    templates: list[DeployedTemplate] = []
    buckets: list[str] = []
    for part in assemblies_in(folder):
        artifacts = _read(part / "manifest.json")["artifacts"]
        files = _asset_files(part, artifacts)
        buckets += [place["bucketName"] for file in files for place in file["destinations"].values()]
        for name, artifact in artifacts.items():
            if artifact["type"] == "aws:cloudformation:stack":
                properties = artifact["properties"]
                stack_name = properties.get("stackName", name)
                templates += _with_nested(part, properties["templateFile"], stack_name, files)
    return CloudAssembly(
        templates=tuple(templates),
        asset_buckets=tuple(dict.fromkeys(buckets)),
        exports=dict(_exports(templates)),
    )


def assemblies_in(folder: Path) -> Iterator[Path]:
    """Yield the folders of an assembly and of its nested ones, its Stages.

    Args:
        folder: Usually `cdk.out`.

    Raises:
        ConfigurationError: If it is not the folder of a cloud assembly.
    """
    manifest = folder / "manifest.json"
    if not manifest.exists():
        raise ConfigurationError(f"assembly must be a folder that 'cdk synth' wrote, got {folder}")
    yield folder
    for artifact in _read(manifest).get("artifacts", {}).values():
        if artifact["type"] == "cdk:cloud-assembly":
            yield from assemblies_in(folder / artifact["properties"]["directoryName"])


def _asset_files(folder: Path, artifacts: Mapping[str, Any]) -> list[dict[str, Any]]:
    manifests = [
        _read(folder / artifact["properties"]["file"])
        for artifact in artifacts.values()
        if artifact["type"] == "cdk:asset-manifest"
    ]
    return [file for manifest in manifests for file in manifest.get("files", {}).values()]


def _with_nested(folder: Path, file: str, stack_name: str, files: list[dict[str, Any]]) -> Iterator[DeployedTemplate]:
    found = DeployedTemplate(stack_name=stack_name, template=_read(folder / file))
    yield found
    for logical_id, resource in found.resources.items():
        if resource["Type"] == _STACK:
            url = json.dumps(resource["Properties"]["TemplateURL"])
            path = _nested_template(url, files, f"{stack_name}/{logical_id}")
            yield from _with_nested(folder, path, f"{stack_name}-{logical_id}-*", files)


def _nested_template(url: str, files: list[dict[str, Any]], place: str) -> str:
    for file in files:
        if any(destination["objectKey"] in url for destination in file["destinations"].values()):
            return str(file["source"]["path"])
    raise ConfigurationError(f"template of {place} must be an asset of the assembly, got {url}")


def _exports(templates: list[DeployedTemplate]) -> Iterator[tuple[str, tuple[DeployedTemplate, Any]]]:
    for template in templates:
        for output in template.template.get("Outputs", {}).values():
            name = output.get("Export", {}).get("Name")
            if isinstance(name, str):
                yield name, (template, output["Value"])


def _read(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text())
    return found
