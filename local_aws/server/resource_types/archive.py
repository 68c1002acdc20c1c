"""AWS::Events::Archive on ministack's EventBridge.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-events-archive.html
"""

import json
from typing import Any

from ministack.services import eventbridge
from ministack.services.cloudformation import provisioners

from local_aws.server.resource_types.answer import answer

TYPE = "AWS::Events::Archive"
_CHANGEABLE = ("Description", "RetentionDays", "KmsKeyIdentifier")


def row() -> dict[str, Any]:
    """Return the handlers."""
    return {"create": _create, "update": _update, "delete": _delete}


def _create(logical_id: str, properties: dict[str, Any], stack_name: str) -> tuple[str, dict[str, str]]:
    name = properties.get("ArchiveName") or provisioners._physical_name(stack_name, logical_id, max_len=48)
    request = {**_request(name, properties), "EventSourceArn": properties["SourceArn"]}
    return name, {"Arn": answer(eventbridge._create_archive(request))["ArchiveArn"]}


def _update(
    name: str, _old: dict[str, Any], properties: dict[str, Any], _stack_name: str
) -> tuple[str, dict[str, str]]:
    # What a template no longer says is said to be nothing.
    cleared = {"Description": "", "RetentionDays": 0, "KmsKeyIdentifier": ""}
    return name, {"Arn": answer(eventbridge._update_archive({**cleared, **_request(name, properties)}))["ArchiveArn"]}


def _delete(name: str, _properties: dict[str, Any]) -> None:
    answer(eventbridge._delete_archive({"ArchiveName": name}))


def _request(name: str, properties: dict[str, Any]) -> dict[str, Any]:
    request = {"ArchiveName": name, **{key: properties[key] for key in _CHANGEABLE if key in properties}}
    if "EventPattern" in properties:
        request["EventPattern"] = json.dumps(properties["EventPattern"])
    return request
