"""What CloudFormation's handlers of keys and of replica keys call to bring a key to what a template says.

They call nothing about what has not changed, in the order of the functions here.
https://github.com/aws-cloudformation/aws-cloudformation-resource-providers-kms
"""

import json
from collections.abc import Mapping
from typing import Any

from ministack.services import kms
from ministack.services.cloudformation import changesets, provisioners

from local_aws.server.kms.operations import perform


def is_enabled(properties: Mapping[str, Any]) -> bool:
    """Say whether a template wants a key to be enabled, which it does unless it says otherwise."""
    return str(properties.get("Enabled", True)).lower() != "false"


def change_state(key_id: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> None:
    """Enable or disable a key."""
    if is_enabled(new) is not is_enabled(old):
        perform("EnableKey" if is_enabled(new) else "DisableKey", {"KeyId": key_id})


def change_the_rest(key_id: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> None:
    """Change the description, the policy and the tags of a key."""
    description = new.get("Description", "")
    if description != old.get("Description", ""):
        perform("UpdateKeyDescription", {"KeyId": key_id, "Description": description})
    policy = new.get("KeyPolicy")
    if policy is not None and policy != old.get("KeyPolicy"):
        request = {"KeyId": key_id, "Policy": policy if isinstance(policy, str) else json.dumps(policy)}
        perform("PutKeyPolicy", {**request, **given(new, "BypassPolicyLockoutSafetyCheck")})
    tags, before = provisioners._kms_tags(new), kms._resolve_key(key_id)["Tags"]
    gone = [tag["TagKey"] for tag in before if tag not in tags]
    if gone:
        perform("UntagResource", {"KeyId": key_id, "TagKeys": gone})
    if tags:
        perform("TagResource", {"KeyId": key_id, "Tags": tags})


def given(properties: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """Return those of the properties that a template sets."""
    return {name: properties[name] for name in names if name in properties}


def delete(key_id: str, properties: Mapping[str, Any]) -> None:
    """Schedule the deletion of a key, unless it is scheduled."""
    record = kms._resolve_key(key_id)
    if record is not None and not record["KeyState"].endswith("Deletion"):
        perform("ScheduleKeyDeletion", {"KeyId": key_id, **given(properties, "PendingWindowInDays")})


def import_problem(key_id: str) -> str | None:
    """Say why a key cannot be imported into a stack; one that waits for deletion is none to CloudFormation."""
    problem: str | None = changesets._kms_key_import_problem(key_id)
    record = kms._resolve_key(key_id)
    if record is not None and record["KeyState"].endswith("Deletion"):
        return f"Key '{record['Arn']}' is pending deletion."
    return problem
