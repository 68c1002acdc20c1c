"""AWS::KMS::ReplicaKey, which ministack lacks.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kms-replicakey.html
"""

import json
from typing import Any

from ministack.core.responses import get_account_id, get_region, request_scope
from ministack.services import kms
from ministack.services.cloudformation import changesets, provisioners

from local_aws.server.kms.errors import KmsError
from local_aws.server.kms.handler_errors import with_handler_errors
from local_aws.server.kms.operations import perform
from local_aws.server.resource_types.key_changes import change_state, change_the_rest, delete, import_problem

TYPE = "AWS::KMS::ReplicaKey"


def row() -> dict[str, Any]:
    """Return the handlers; one that exists can be imported too."""
    changesets._IMPORT_LOOKUPS[TYPE] = (("KeyId",), import_problem)
    handlers = {"create": _create, "update": _update, "delete": delete, "import": provisioners._kms_key_import}
    return {name: with_handler_errors(handler) for name, handler in handlers.items()}


def _create(_logical_id: str, properties: dict[str, Any], _stack_name: str) -> tuple[str, dict[str, str]]:
    primary, region = str(properties["PrimaryKeyArn"]), get_region()
    policy = properties["KeyPolicy"]
    request = {
        "KeyId": primary,
        "ReplicaRegion": region,
        "Policy": policy if isinstance(policy, str) else json.dumps(policy),
        "Description": properties.get("Description", ""),
        "Tags": provisioners._kms_tags(properties),
    }
    with request_scope(get_account_id(), primary.split(":")[3]):
        key_id: str = perform("ReplicateKey", request)["ReplicaKeyMetadata"]["KeyId"]
    try:
        change_state(key_id, {}, properties)
    except KmsError:
        delete(key_id, properties)
        raise
    return key_id, provisioners._kms_key_attrs(kms._resolve_key(key_id))


def _update(key_id: str, old: dict[str, Any], new: dict[str, Any], _stack_name: str) -> tuple[str, dict[str, str]]:
    if old["PrimaryKeyArn"] != new["PrimaryKeyArn"]:
        raise KmsError("InvalidRequest", "You cannot change the PrimaryKeyArn property of a replica key that exists.")
    change_state(key_id, old, new)
    change_the_rest(key_id, old, new)
    return key_id, provisioners._kms_key_attrs(kms._resolve_key(key_id))
