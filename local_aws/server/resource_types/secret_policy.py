"""AWS::SecretsManager::ResourcePolicy on ministack's PutResourcePolicy."""

import json
from typing import Any

from ministack.services import secretsmanager

from local_aws.server.resource_types.answer import answer

TYPE = "AWS::SecretsManager::ResourcePolicy"


def row() -> dict[str, Any]:
    """Return the handlers."""
    return {"create": _create, "update": _update, "delete": _delete}


def _create(_logical_id: str, properties: dict[str, Any], _stack_name: str) -> tuple[str, dict[str, str]]:
    policy = json.dumps(properties["ResourcePolicy"])
    request = {"SecretId": properties["SecretId"], "ResourcePolicy": policy}
    return answer(secretsmanager._put_resource_policy(request))["ARN"], {}


def _update(_arn: str, _old: dict[str, Any], properties: dict[str, Any], stack_name: str) -> tuple[str, dict[str, str]]:
    return _create("", properties, stack_name)


def _delete(arn: str, _properties: dict[str, Any]) -> None:
    answer(secretsmanager._delete_resource_policy({"SecretId": arn}))
