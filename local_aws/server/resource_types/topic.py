"""AWS::SNS::Topic with its key and the policy that SNS gives every topic, which ministack leaves out.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sns-topic.html
"""

import json
from typing import Any

from ministack.core.responses import get_account_id
from ministack.services import sns
from ministack.services.cloudformation import provisioners

TYPE = "AWS::SNS::Topic"
_KEY = "KmsMasterKeyId"
_of_ministack = provisioners._RESOURCE_HANDLERS[TYPE]


def row() -> dict[str, Any]:
    """Return the handlers."""
    return {**_of_ministack, "create": _create, "update": _update}


def _create(logical_id: str, properties: dict[str, Any], stack_name: str) -> tuple[str, dict[str, str]]:
    arn, attributes = _of_ministack["create"](logical_id, properties, stack_name)
    policy = json.loads(sns._topics[arn]["attributes"]["Policy"])
    for statement in policy["Statement"]:
        statement["Condition"] = {"StringEquals": {"AWS:SourceOwner": get_account_id()}}
    sns._topics[arn]["attributes"]["Policy"] = json.dumps(policy)
    _encrypt(arn, properties)
    return arn, attributes


def _update(arn: str, old: dict[str, Any], new: dict[str, Any], *rest: Any) -> tuple[str, dict[str, str]]:  # noqa: ANN401  # as the row's function has it
    found, attributes = _of_ministack["update"](arn, old, new, *rest)
    _encrypt(found, new)
    return found, attributes


def _encrypt(arn: str, properties: dict[str, Any]) -> None:
    attributes = sns._topics[arn]["attributes"]
    if _KEY in properties:
        attributes[_KEY] = properties[_KEY]
    else:
        attributes.pop(_KEY, None)
