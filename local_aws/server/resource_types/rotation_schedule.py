"""AWS::SecretsManager::RotationSchedule: what RotateSecret is told about, without a first rotation.

ministack's RotateSecret promotes a copy of the secret and never calls the rotation function.
"""

from typing import Any

from ministack.services import secretsmanager

TYPE = "AWS::SecretsManager::RotationSchedule"


def row() -> dict[str, Any]:
    """Return the handlers."""
    return {"create": _create, "update": _update, "delete": _delete}


def _create(_logical_id: str, properties: dict[str, Any], _stack_name: str) -> tuple[str, dict[str, str]]:
    record = _secret(properties["SecretId"])
    record["RotationEnabled"] = True
    record["RotationLambdaARN"] = properties.get("RotationLambdaARN")
    record["RotationRules"] = properties.get("RotationRules")
    return record["ARN"], {}


def _update(_arn: str, _old: dict[str, Any], properties: dict[str, Any], stack_name: str) -> tuple[str, dict[str, str]]:
    return _create("", properties, stack_name)


def _delete(arn: str, _properties: dict[str, Any]) -> None:
    _, record = secretsmanager._resolve(arn)
    if record is not None:
        record["RotationEnabled"] = False


def _secret(secret_id: str) -> dict[str, Any]:
    record: dict[str, Any] | None
    _, record = secretsmanager._resolve(secret_id)
    if record is None:
        raise ValueError("Secrets Manager can't find the specified secret.")
    return record
