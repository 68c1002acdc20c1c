"""Records of CloudTrail that AWS and others publish, kept as data with their sources."""

import json
from pathlib import Path
from typing import Any

EVENTS = Path(__file__).resolve().parents[1] / "data" / "cloudtrail_events"


def record(name: str, **changed: Any) -> dict[str, Any]:
    """Return a published record, with top-level fields changed.

    What no record is published of is a published one of the same service, with the call's or the error's name changed.
    """
    event: dict[str, Any] = json.loads((EVENTS / f"{name}.json").read_text())["event"]
    unknown = set(changed) - set(event) - {"errorCode", "errorMessage"}
    if unknown:
        raise ValueError(f"what is changed must be a field of {name}, got {sorted(unknown)}")
    return {**event, **changed}
