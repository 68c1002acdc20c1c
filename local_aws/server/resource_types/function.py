"""AWS::Lambda::Function with the reserved concurrency of its template, which ministack leaves out.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-function.html
"""

from typing import Any

from ministack.services import lambda_svc
from ministack.services.cloudformation import provisioners

TYPE = "AWS::Lambda::Function"
_of_ministack = provisioners._RESOURCE_HANDLERS[TYPE]


def row() -> dict[str, Any]:
    """Return the handlers."""
    return {**_of_ministack, "create": _create, "update": _update}


def _create(logical_id: str, properties: dict[str, Any], stack_name: str) -> tuple[str, dict[str, str]]:
    name, attributes = _of_ministack["create"](logical_id, properties, stack_name)
    _reserve(name, properties)
    return name, attributes


def _update(name: str, old: dict[str, Any], new: dict[str, Any], *rest: Any) -> tuple[str, dict[str, str]]:  # noqa: ANN401  # as the row's function has it
    found, attributes = _of_ministack["update"](name, old, new, *rest)
    _reserve(found, new)
    return found, attributes


def _reserve(name: str, properties: dict[str, Any]) -> None:
    reserved = properties.get("ReservedConcurrentExecutions")
    lambda_svc._functions[name]["concurrency"] = None if reserved is None else int(reserved)
