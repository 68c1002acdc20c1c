"""What CloudFormation's handlers of secrets say to AWS, and which of the calls that they declare they need.

They declare `GetSecretValue` for reading and for updates, and AWS does not say when they call it. The value is
write-only in the type's schema, so no handler answers it; but who would refuse the call could find that a new
description cannot be deployed, nor rolled back. So here they always call it.
https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-schema.html#schema-properties-writeonlyproperties
"""

from collections.abc import Mapping, Sequence
from typing import Any

from ministack.core.responses import get_region

from local_aws.server.secrets.condition_keys import request_keys

_SECRET = "AWS::SecretsManager::Secret"  # noqa: S105  # a type of resources
_OF_SECRETS = "AWS::SecretsManager::"
_DELETION = {"ForceDeleteWithoutRecovery": True}

_Properties = Mapping[str, Any]


def is_called(action: str, resource_type: str, old: _Properties, new: _Properties) -> bool:
    """Say whether a handler calls an action that it declares.

    Args:
        action: An IAM action.
        resource_type: The type of the resource.
        old: The properties before an update; none otherwise.
        new: Those that the template has now.
    """
    if resource_type != _SECRET:
        return True
    if action == "kms:Encrypt":
        return False  # without it the versions stay under the old key, and nothing is refused
    if action == "secretsmanager:UpdateSecret" and old:
        names = ("Description", "GenerateSecretString", "KmsKeyId", "SecretString")
        return any(old.get(name) != new.get(name) for name in names)
    return True


def is_of_replica(action: str, resource_type: str, resource: str) -> bool:
    """Say whether a call of KMS is for a replica: Secrets Manager asks itself then, in the replica's Region and name.

    Args:
        action: An IAM action.
        resource_type: The type of the resource.
        resource: The ARN of the key.
    """
    parts = resource.split(":")
    return resource_type == _SECRET and action.startswith("kms:") and parts[0] == "arn" and parts[3] != get_region()


def context(action: str, resource_type: str, secret_arns: Sequence[str], properties: _Properties) -> dict[str, Any]:
    """Compute the condition keys of a handler's call.

    Args:
        action: An IAM action.
        resource_type: The type of the resource.
        secret_arns: The ARN of the secret.
        properties: Those of the template.
    """
    service, _, operation = action.partition(":")
    if not resource_type.startswith(_OF_SECRETS):
        return {}
    if service == "kms":
        arn = next(iter(secret_arns), "")
        pairs = {"SecretARN": arn, "SecretVersionId": "RequestToValidateKeyAccess"}
        found: dict[str, Any] = {f"kms:encryptioncontext:{name}": value for name, value in pairs.items()}
        return found | {"kms:EncryptionContextKeys": list(pairs), "kms:EncryptionAlgorithm": "SYMMETRIC_DEFAULT"}
    if service != "secretsmanager":
        return {}
    return request_keys(operation, _DELETION if operation == "DeleteSecret" else _parameters(operation, properties))


def _parameters(operation: str, properties: _Properties) -> dict[str, Any]:
    if operation == "CreateSecret":
        return {name: properties[name] for name in ("Name", "Description", "KmsKeyId") if name in properties}
    if operation == "UpdateSecret":
        return {name: properties[name] for name in ("Description", "KmsKeyId") if name in properties}
    if operation == "PutResourcePolicy":
        return {"BlockPublicPolicy": str(properties.get("BlockPublicPolicy")).lower() == "true"}
    if operation == "RotateSecret":
        found = {name: properties[name] for name in ("RotationLambdaARN", "RotationRules") if name in properties}
        return found | {"RotateImmediately": str(properties.get("RotateImmediatelyOnUpdate", True)).lower() == "true"}
    return {}
