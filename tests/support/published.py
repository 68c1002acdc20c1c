"""Messages that AWS published, where they stand beside the checkout; they are no part of this repository."""

import gzip
import io
import json
import os
import tarfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[3] / "shared" / "vectors"
Record = Callable[[str, object], None]
"""The fixture `record_property`."""


def published_json(name: str) -> Any:
    """A published file; nothing if it is not there."""
    path = FOLDER / name
    if not path.exists():
        return None
    data = path.read_bytes()
    return json.loads(gzip.decompress(data) if name.endswith(".gz") else data)


def published_archive(name: str) -> Mapping[str, bytes]:
    """The files of a published archive, by their names without folders in front; empty if it is not there."""
    path = FOLDER / name
    if not path.exists():
        return {}
    if name.endswith(".zip"):
        with zipfile.ZipFile(path) as archive:
            return {entry: archive.read(entry) for entry in archive.namelist() if not entry.endswith("/")}
    files = {}
    with tarfile.open(fileobj=io.BytesIO(path.read_bytes())) as archive:
        for member in archive.getmembers():
            content = archive.extractfile(member)
            if content is not None:
                files[member.name.partition("/")[2]] = content.read()
    return files


def file_named(files: Mapping[str, bytes], address: str) -> bytes:
    """What a manifest means by `file://...`."""
    return files[address.removeprefix("file://")]


def count(record: Record, what: str, found: int) -> None:
    """Put a number on the line at the end of the run; finding nothing is a failure where the messages must be there."""
    record(what, found)
    print(f"{found} {what}")  # noqa: T201  # says so where there are none
    assert found or os.environ.get("REQUIRE_PUBLISHED_VECTORS") != "1"
