"""DeployedStack: where a stack goes, as the manifest of its assembly says."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_ENVIRONMENT = re.compile(r"aws://([^/]+)/(.+)")
_STACK = "aws:cloudformation:stack"
_NESTED = ".nested.template.json"


@dataclass(frozen=True)
class DeployedStack:
    """A stack of a cloud assembly.

    Attributes:
        folder: The assembly of its Stage.
        name: Its name in CloudFormation.
        path: Its construct path.
        account: Its account, empty if only the deployment knows.
        region: Its Region, likewise.
        deployer: The role under which CloudFormation creates its resources; empty if its synthesizer names none.
    """

    folder: str = ""
    name: str = ""
    path: str = ""
    account: str = ""
    region: str = ""
    deployer: str = ""

    def may_be_in(self, account: str, region: str) -> bool:
        """Whether it may be in this account and Region, of which either may be unknown."""
        return may_be_one(self.account, account) and may_be_one(self.region, region)


def may_be_one(first: str, second: str) -> bool:
    """Whether two accounts or two Regions may be the same, where an empty one is unknown."""
    return not first or not second or first == second


def read_stack(template: str) -> tuple[DeployedStack, dict[str, str]]:
    """Return what the manifest beside a template says about its stack, and its nested templates with their asset.

    The CDK hands a validation plugin the templates of stacks only; those of nested stacks are assets, which newer
    synthesizers list in a manifest of their own and the legacy one in the stack's metadata.
    """
    folder = Path(template).parent
    artifacts = _json(folder / "manifest.json").get("artifacts", {})
    for name, artifact in artifacts.items():
        properties = artifact.get("properties", {})
        if artifact.get("type") == _STACK and properties.get("templateFile") == Path(template).name:
            account, region = _environment(artifact.get("environment", ""))
            path = artifact.get("displayName", name).partition(" (")[0]
            deployer = properties.get("cloudFormationExecutionRoleArn") or ""
            stack = DeployedStack(str(folder), properties.get("stackName", name), path, account, region, deployer)
            return stack, {**_nested_of_manifest(template), **dict(_nested_of_metadata(folder, artifact))}
    return DeployedStack(str(folder)), _nested_of_manifest(template)


def _environment(text: str) -> tuple[str, str]:
    found = _ENVIRONMENT.fullmatch(text)
    account, region = found.groups() if found else ("", "")
    return ("" if account == "unknown-account" else account), ("" if region == "unknown-region" else region)


def _nested_of_manifest(template: str) -> dict[str, str]:
    manifest = Path(template.removesuffix(".template.json") + ".assets.json")
    paths = {
        asset: file.get("source", {}).get("path") or "" for asset, file in _json(manifest).get("files", {}).items()
    }
    return {str(manifest.parent / path): asset for asset, path in paths.items() if path.endswith(_NESTED)}


def _nested_of_metadata(folder: Path, artifact: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    further = artifact.get("additionalMetadataFile")
    for entries in {**artifact.get("metadata", {}), **(_json(folder / further) if further else {})}.values():
        for entry in entries:
            if entry.get("type") == "aws:cdk:asset" and entry["data"].get("path", "").endswith(_NESTED):
                yield str(folder / entry["data"]["path"]), entry["data"]["sourceHash"]


def _json(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text()) if path.exists() else {}
    return found
