"""AWS::SecretsManager::RotationSchedule on RotateSecret, which rotates at once unless the template says otherwise.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-secretsmanager-rotationschedule.html.
Rotation functions that AWS hosts come from the transform `AWS::SecretsManager-2024-09-16`, which is not there.
"""

from typing import TYPE_CHECKING, Any

from ministack.services import secretsmanager

from local_aws.server.secrets.handler_errors import with_handler_errors
from local_aws.server.secrets.registry import perform

if TYPE_CHECKING:
    from collections.abc import Callable

TYPE = "AWS::SecretsManager::RotationSchedule"
_HOSTED = (
    "HostedRotationLambda needs the transform AWS::SecretsManager-2024-09-16, which this emulator does not have: "
    "give RotationLambdaARN here"
)


def row() -> dict[str, Any]:
    """Return the handlers."""
    handlers: dict[str, Callable[..., Any]] = {"create": _create, "update": _update, "delete": _delete}
    return {name: with_handler_errors(handler) for name, handler in handlers.items()}


def _create(_logical_id: str, properties: dict[str, Any], _stack_name: str) -> tuple[str, dict[str, str]]:
    if "HostedRotationLambda" in properties:
        raise ValueError(_HOSTED)
    request: dict[str, Any] = {
        name: properties[name] for name in ("SecretId", "RotationLambdaARN") if name in properties
    }
    if "RotationRules" in properties:
        rules = properties["RotationRules"]
        days = (
            {"AutomaticallyAfterDays": int(rules["AutomaticallyAfterDays"])}
            if "AutomaticallyAfterDays" in rules
            else {}
        )
        request["RotationRules"] = {**rules, **days}
    request["RotateImmediately"] = str(properties.get("RotateImmediatelyOnUpdate", True)).lower() == "true"
    return perform("RotateSecret", request)["ARN"], {}


def _update(_arn: str, _old: dict[str, Any], properties: dict[str, Any], stack_name: str) -> tuple[str, dict[str, str]]:
    return _create("", properties, stack_name)


def _delete(arn: str, _properties: dict[str, Any]) -> None:
    # A schedule goes with its secret.
    record = secretsmanager._resolve(arn)[1]
    if record is not None and not record.get("DeletedDate"):
        perform("CancelRotateSecret", {"SecretId": arn})
