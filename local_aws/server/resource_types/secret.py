"""AWS::SecretsManager::Secret, made and changed by the calls that its handlers make, as the role that deploys.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-secretsmanager-secret.html: `Ref` is
the secret's ARN, a changed generator draws a new value, and another name is another secret. CloudFormation deletes a
secret with its replicas and without a recovery window.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

from ministack.services import secretsmanager
from ministack.services.cloudformation import changesets, provisioners

from local_aws.server.secrets.handler_errors import with_handler_errors
from local_aws.server.secrets.registry import perform

TYPE = "AWS::SecretsManager::Secret"
_SAME_NAME = ("Name", "Description", "KmsKeyId", "Tags", "Type")
_CHANGEABLE = ("Description", "KmsKeyId")
_DRAWN = (
    "PasswordLength", "ExcludeCharacters", "ExcludeLowercase", "ExcludeNumbers", "ExcludePunctuation",
    "ExcludeUppercase", "IncludeSpace", "RequireEachIncludedType",
)  # fmt: skip
_Properties = Mapping[str, Any]


def row() -> dict[str, Any]:
    """Return the handlers; one that exists can be imported too."""
    changesets._IMPORT_LOOKUPS[TYPE] = (("Id",), _import_problem)
    handlers: dict[str, Callable[..., Any]] = {
        "create": _create,
        "update": _update,
        "delete": _delete,
        "import": _import,
    }
    found: dict[str, Any] = {name: with_handler_errors(handler) for name, handler in handlers.items()}
    return found | {"update_with_logical_id": True}


def _create(logical_id: str, properties: dict[str, Any], _stack_name: str) -> tuple[str, dict[str, str]]:
    request = {name: properties[name] for name in _SAME_NAME if name in properties}
    request.setdefault("Name", logical_id)
    replicas = properties.get("ReplicaRegions")
    made = perform(
        "CreateSecret", {**request, **_value(properties), **({"AddReplicaRegions": replicas} if replicas else {})}
    )
    return made["ARN"], {"Id": made["ARN"], "Arn": made["ARN"]}


def _update(
    arn: str, old: dict[str, Any], new: dict[str, Any], stack_name: str, logical_id: str = ""
) -> tuple[str, dict[str, str]]:
    if new.get("Name") != old.get("Name"):
        made = _create(logical_id, new, stack_name)
        provisioners._delete_predecessor(_delete, arn, old)
        return made
    changed = {name: new.get(name, "") for name in _CHANGEABLE if new.get(name) != old.get(name)}
    drawn = ("GenerateSecretString", "SecretString")
    value = _value(new) if any(new.get(name) != old.get(name) for name in drawn) else {}
    if changed or value:
        perform("UpdateSecret", {"SecretId": arn, **changed, **value})
    _change_tags(arn, old, new)
    _change_replicas(arn, old, new)
    return arn, {"Id": arn, "Arn": arn}


def _delete(arn: str, _properties: dict[str, Any]) -> None:
    name, record = secretsmanager._resolve(arn)
    if name is None:
        return
    regions = [status["Region"] for status in record.get("ReplicationStatus") or ()]
    if regions:
        perform("RemoveRegionsFromReplication", {"SecretId": arn, "RemoveReplicaRegions": regions})
    perform("DeleteSecret", {"SecretId": arn, "ForceDeleteWithoutRecovery": True})


def _import(identifier: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    arn = perform("DescribeSecret", {"SecretId": identifier["Id"]})["ARN"]
    return arn, {"Id": arn, "Arn": arn}


def _import_problem(secret_id: str) -> str | None:
    _, record = secretsmanager._resolve(secret_id)
    if record is None:
        return f"Resource of type '{TYPE}' with identifier '{secret_id}' was not found."
    return f"Secret '{secret_id}' is scheduled for deletion." if record.get("DeletedDate") else None


def _value(properties: _Properties) -> dict[str, str]:
    generator = properties.get("GenerateSecretString")
    if generator is None:
        return {"SecretString": properties["SecretString"]} if "SecretString" in properties else {}
    request = {name: _typed(generator[name]) for name in _DRAWN if name in generator}
    drawn = perform("GetRandomPassword", request)["RandomPassword"]
    if "GenerateStringKey" not in generator:
        return {"SecretString": drawn}
    fields = json.loads(generator.get("SecretStringTemplate", "{}"))
    return {"SecretString": json.dumps({**fields, generator["GenerateStringKey"]: drawn})}


def _typed(value: object) -> object:
    """Numbers and booleans of a template may be text."""
    if isinstance(value, str) and value.isdigit():
        return int(value)
    return {"true": True, "false": False}.get(str(value).lower(), value)


def _change_tags(arn: str, old: _Properties, new: _Properties) -> None:
    before, after = ({tag["Key"]: tag["Value"] for tag in each.get("Tags") or ()} for each in (old, new))
    gone = [key for key in before if key not in after]
    if gone:
        perform("UntagResource", {"SecretId": arn, "TagKeys": gone})
    if before != after and after:
        perform("TagResource", {"SecretId": arn, "Tags": [{"Key": key, "Value": after[key]} for key in after]})


def _change_replicas(arn: str, old: _Properties, new: _Properties) -> None:
    before, after = ({each["Region"]: each for each in found.get("ReplicaRegions") or ()} for found in (old, new))
    gone = [region for region, each in before.items() if each != after.get(region)]
    if gone:
        perform("RemoveRegionsFromReplication", {"SecretId": arn, "RemoveReplicaRegions": gone})
    come = [each for region, each in after.items() if each != before.get(region)]
    if come:
        perform("ReplicateSecretToRegions", {"SecretId": arn, "AddReplicaRegions": come})
