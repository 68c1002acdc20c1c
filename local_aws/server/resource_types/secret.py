"""AWS::SecretsManager::Secret, whose `Ref` is the secret's ARN; ministack's is its name.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-secretsmanager-secret.html
"""

from typing import Any

from ministack.services import secretsmanager
from ministack.services.cloudformation import provisioners

TYPE = "AWS::SecretsManager::Secret"
_of_ministack = provisioners._RESOURCE_HANDLERS[TYPE]


def row() -> dict[str, Any]:
    """Return the handlers."""
    return {"create": _create, "update": _update, "update_with_logical_id": True, "delete": _delete}


def _create(logical_id: str, properties: dict[str, Any], stack_name: str) -> tuple[str, dict[str, str]]:
    _, attributes = _of_ministack["create"](logical_id, properties, stack_name)
    return attributes["Arn"], attributes


def _update(arn: str, *rest: Any) -> tuple[str, dict[str, str]]:  # noqa: ANN401  # as the row's function has it
    _, attributes = _of_ministack["update"](_name(arn), *rest)
    return attributes["Arn"], attributes


def _delete(arn: str, properties: dict[str, Any]) -> None:
    _of_ministack["delete"](_name(arn), properties)


def _name(arn: str) -> str:
    name, _ = secretsmanager._resolve(arn)
    return name or arn
