"""AWS::SecretsManager::ResourcePolicy on Secrets Manager's own operations.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-secretsmanager-resourcepolicy.html
"""

import json
from typing import TYPE_CHECKING, Any

from ministack.services import secretsmanager

from local_aws.server.secrets.handler_errors import with_handler_errors
from local_aws.server.secrets.registry import perform

if TYPE_CHECKING:
    from collections.abc import Callable

TYPE = "AWS::SecretsManager::ResourcePolicy"


def row() -> dict[str, Any]:
    """Return the handlers."""
    handlers: dict[str, Callable[..., Any]] = {"create": _create, "update": _update, "delete": _delete}
    return {name: with_handler_errors(handler) for name, handler in handlers.items()}


def _create(_logical_id: str, properties: dict[str, Any], _stack_name: str) -> tuple[str, dict[str, str]]:
    request = {
        "SecretId": properties["SecretId"],
        "ResourcePolicy": json.dumps(properties["ResourcePolicy"]),
        "BlockPublicPolicy": str(properties.get("BlockPublicPolicy", False)).lower() == "true",
    }
    return perform("PutResourcePolicy", request)["ARN"], {}


def _update(_arn: str, _old: dict[str, Any], properties: dict[str, Any], stack_name: str) -> tuple[str, dict[str, str]]:
    return _create("", properties, stack_name)


def _delete(arn: str, _properties: dict[str, Any]) -> None:
    # A policy goes with its secret.
    if secretsmanager._resolve(arn)[0] is not None:
        perform("DeleteResourcePolicy", {"SecretId": arn})
