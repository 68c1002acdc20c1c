"""What the constructs of a stack announced while it was synthesised.

Read from the assembly's files: two distributions bring the module `aws_cdk.cloud_assembly_schema`, and which of them
an installer wrote last decides whether the messages of an artifact can be read through jsii.
"""

import json
from pathlib import Path
from typing import Literal


def announcements(assembly: str, stack: str, level: Literal["info", "warning"]) -> list[str]:
    """Return the texts of one level, in their order."""
    places = json.loads(Path(assembly, f"{stack}.metadata.json").read_text())
    return [entry["data"] for entries in places.values() for entry in entries if entry["type"] == f"aws:cdk:{level}"]
