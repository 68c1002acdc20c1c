"""Construct paths from the manifest."""

import json
from pathlib import Path
from typing import Any

from constructs_lib.inventory.construct_paths import paths_of, write_paths


def entry(data: str, kind: str = "aws:cdk:logicalId") -> list[dict[str, str]]:
    return [{"type": kind, "data": data}]


def test_paths_are_read_from_the_manifest_and_from_the_file_beside_it(tmp_path: Path) -> None:
    (tmp_path / "S.metadata.json").write_text(json.dumps({"/S/Role/Resource": entry("Role1")}))
    metadata = {"/S/Key/Resource": entry("Key1"), "/S": entry("text", "aws:cdk:info")}

    found = paths_of(tmp_path, {"metadata": metadata, "additionalMetadataFile": "S.metadata.json"})

    assert found == {"Role1": "S/Role/Resource", "Key1": "S/Key/Resource"}


def test_an_id_that_a_nested_stack_has_too_is_left_out(tmp_path: Path) -> None:
    metadata = {"/S/Key/Resource": entry("Key1"), "/S/Nested/Key/Resource": entry("Key1")}

    assert paths_of(tmp_path, {"metadata": metadata}) == {}


def test_paths_are_written_where_none_stands() -> None:
    resources: dict[str, Any] = {"A": {}, "B": {"Metadata": {"aws:cdk:path": "told"}}, "C": {}}

    write_paths({"Resources": resources}, {"A": "S/A", "B": "S/B"})

    paths = {name: each.get("Metadata", {}).get("aws:cdk:path") for name, each in resources.items()}
    assert paths == {"A": "S/A", "B": "told", "C": None}
