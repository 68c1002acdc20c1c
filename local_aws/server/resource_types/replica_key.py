"""AWS::KMS::ReplicaKey on ministack's ReplicateKey."""

import json
from typing import Any

from ministack.core.responses import get_account_id, get_region, request_scope
from ministack.services import kms
from ministack.services.cloudformation import provisioners

from local_aws.server.bound_principals import bind
from local_aws.server.resource_types.answer import answer

TYPE = "AWS::KMS::ReplicaKey"


def row() -> dict[str, Any]:
    """Return the handlers."""
    return {"create": _create, "update": _update, "delete": provisioners._kms_key_delete}


def _create(_logical_id: str, properties: dict[str, Any], _stack_name: str) -> tuple[str, dict[str, str]]:
    primary, region = properties["PrimaryKeyArn"], get_region()
    request = {
        "KeyId": primary,
        "ReplicaRegion": region,
        "Policy": bind(json.dumps(properties["KeyPolicy"])),
        "Description": properties.get("Description", ""),
        "Tags": provisioners._kms_tags(properties),
    }
    with request_scope(get_account_id(), primary.split(":")[3]):
        key_id = answer(kms._replicate_key(request))["ReplicaKeyMetadata"]["KeyId"]
    record = kms._resolve_key(key_id)
    _enable(record, properties)
    return key_id, provisioners._kms_key_attrs(record)


def _update(
    key_id: str, _old: dict[str, Any], properties: dict[str, Any], _stack_name: str
) -> tuple[str, dict[str, str]]:
    record = kms._resolve_key(key_id)
    record["Policy"] = json.dumps(properties["KeyPolicy"])
    record["Description"] = properties.get("Description", "")
    record["Tags"] = provisioners._kms_tags(properties)
    _enable(record, properties)
    return key_id, provisioners._kms_key_attrs(record)


def _enable(record: dict[str, Any], properties: dict[str, Any]) -> None:
    record["Enabled"] = properties.get("Enabled", True) is not False
    record["KeyState"] = "Enabled" if record["Enabled"] else "Disabled"
