"""Whole templates as snapshots, one JSON file each, without what changes with every edit of a function's source."""

import json
import re
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.json import JSONSnapshotExtension

_ASSET_HASH = re.compile(r"\b[0-9a-f]{64}\b")


class TemplateExtension(JSONSnapshotExtension):
    """One reviewable file for each template."""

    def serialize(self, data: dict[str, Any], **options: Any) -> str | bytes:
        return super().serialize(json.loads(_ASSET_HASH.sub("<ASSET_HASH>", json.dumps(data))), **options)


@pytest.fixture
def template_snapshot(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    return snapshot.use_extension(TemplateExtension)
