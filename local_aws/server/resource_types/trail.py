"""AWS::CloudTrail::Trail on ministack's own CloudTrail."""

from typing import Any

from ministack.services import cloudtrail
from ministack.services.cloudformation import provisioners

from local_aws.server.resource_types.answer import answer

TYPE = "AWS::CloudTrail::Trail"
_SAME_NAME = ("S3BucketName", "S3KeyPrefix", "SnsTopicName", "IncludeGlobalServiceEvents", "IsMultiRegionTrail",
              "EnableLogFileValidation", "IsOrganizationTrail", "CloudWatchLogsLogGroupArn",
              "CloudWatchLogsRoleArn")  # fmt: skip


def row() -> dict[str, Any]:
    """Return the handlers."""
    return {"create": _create, "update": _update, "delete": _delete}


def _create(logical_id: str, properties: dict[str, Any], stack_name: str) -> tuple[str, dict[str, str]]:
    name = properties.get("TrailName") or provisioners._physical_name(stack_name, logical_id, max_len=128)
    arn = answer(cloudtrail._create_trail(_request(name, properties)))["TrailARN"]
    _configure(name, properties)
    return name, {"Arn": arn, "SnsTopicArn": ""}


def _update(
    name: str, _old: dict[str, Any], properties: dict[str, Any], _stack_name: str
) -> tuple[str, dict[str, str]]:
    arn = answer(cloudtrail._update_trail(_request(name, properties)))["TrailARN"]
    _configure(name, properties)
    return name, {"Arn": arn, "SnsTopicArn": ""}


def _delete(name: str, _properties: dict[str, Any]) -> None:
    answer(cloudtrail._delete_trail({"Name": name}))


def _request(name: str, properties: dict[str, Any]) -> dict[str, Any]:
    request: dict[str, Any] = {"Name": name}
    request |= {key: properties[key] for key in _SAME_NAME if key in properties}
    if "KMSKeyId" in properties:
        request["KmsKeyId"] = properties["KMSKeyId"]
    return request


def _configure(name: str, properties: dict[str, Any]) -> None:
    selectors: dict[str, Any] = {
        key: properties[key] for key in ("EventSelectors", "AdvancedEventSelectors") if properties.get(key)
    }
    if selectors:
        answer(cloudtrail._put_event_selectors({"TrailName": name, **selectors}))
    switch = cloudtrail._start_logging if properties.get("IsLogging") else cloudtrail._stop_logging
    answer(switch({"Name": name}))
