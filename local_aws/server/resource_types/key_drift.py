"""How a key is now, beside what its template says: ministack detects no drift of keys, CloudFormation does.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-drift.html
"""

import json
from typing import Any

from ministack.services import kms
from ministack.services.cloudformation import drift

from local_aws.server.kms.bound_principals import shown

_READ = frozenset(("Description", "Enabled", "EnableKeyRotation", "KeyPolicy", "RotationPeriodInDays"))


def extend(resource_type: str) -> None:
    """Detect the drift of keys."""
    drift._DRIFT_READERS[resource_type] = (_read, _READ)


def _read(key_id: str, _properties: dict[str, Any]) -> dict[str, Any] | None:
    record = kms._resolve_key(key_id)
    if record is None or record["KeyState"].endswith("Deletion"):
        return None
    return {
        "Description": record["Description"],
        "Enabled": record["KeyState"] != "Disabled",
        "EnableKeyRotation": record.get("KeyRotationEnabled", False),
        "KeyPolicy": json.loads(shown(record["Policy"])),
        "RotationPeriodInDays": record.get("RotationPeriodInDays"),
    }
