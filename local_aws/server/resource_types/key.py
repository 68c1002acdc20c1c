"""AWS::KMS::Key, made and changed by the calls that its handlers make; ministack's writes states past them.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kms-key.html
"""

from typing import Any

from ministack.services import kms
from ministack.services.cloudformation import changesets, provisioners

from local_aws.server.kms.errors import KmsError
from local_aws.server.kms.handler_errors import with_handler_errors
from local_aws.server.kms.operations import perform
from local_aws.server.resource_types import key_drift
from local_aws.server.resource_types.key_changes import (
    change_state,
    change_the_rest,
    delete,
    given,
    import_problem,
    is_enabled,
)

TYPE = "AWS::KMS::Key"
_ROTATION_OF_DISABLED = (
    "You cannot modify the EnableKeyRotation property when the Enabled property is false. "
    "Set Enabled to true to modify the EnableKeyRotation property."
)


def row() -> dict[str, Any]:
    """Return the handlers; one that exists can be imported and compared with its template too."""
    changesets._IMPORT_LOOKUPS[TYPE] = (("KeyId",), import_problem)
    key_drift.extend(TYPE)
    handlers = {"create": _create, "update": _update, "delete": delete, "import": provisioners._kms_key_import}
    return {name: with_handler_errors(handler) for name, handler in handlers.items()}


def _create(_logical_id: str, properties: dict[str, Any], _stack_name: str) -> tuple[str, dict[str, str]]:
    metadata = perform("CreateKey", provisioners._kms_create_key_payload(properties))["KeyMetadata"]
    key_id: str = metadata["KeyId"]
    try:
        if properties.get("EnableKeyRotation"):
            perform("EnableKeyRotation", {"KeyId": key_id, **given(properties, "RotationPeriodInDays")})
        change_state(key_id, {}, properties)
    except KmsError:
        delete(key_id, properties)
        raise
    return key_id, provisioners._kms_key_attrs(kms._resolve_key(key_id))


def _update(key_id: str, old: dict[str, Any], new: dict[str, Any], _stack_name: str) -> tuple[str, dict[str, str]]:
    for name, default in provisioners._KMS_IMMUTABLE_PROPS.items():
        if old.get(name, default) != new.get(name, default):
            raise KmsError("InvalidRequest", f"You cannot change the {name} property of a KMS key that exists.")
    rotates, rotated = bool(new.get("EnableKeyRotation")), bool(old.get("EnableKeyRotation"))
    changed = rotates is not rotated or (rotates and new.get("RotationPeriodInDays") != old.get("RotationPeriodInDays"))
    if changed and not is_enabled(old) and not is_enabled(new):
        raise KmsError("InvalidRequest", _ROTATION_OF_DISABLED)
    # A disabled key is enabled before its rotation is changed, and disabled after.
    if is_enabled(new):
        change_state(key_id, old, new)
    if changed and rotates:
        perform("EnableKeyRotation", {"KeyId": key_id, **given(new, "RotationPeriodInDays")})
    elif changed:
        perform("DisableKeyRotation", {"KeyId": key_id})
    if not is_enabled(new):
        change_state(key_id, old, new)
    change_the_rest(key_id, old, new)
    return key_id, provisioners._kms_key_attrs(kms._resolve_key(key_id))
