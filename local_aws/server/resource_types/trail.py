"""AWS::CloudTrail::Trail on the CloudTrail of this emulator, which checks what a trail needs.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudtrail-trail.html
"""

from typing import Any

from ministack.services import cloudtrail
from ministack.services.cloudformation import provisioners

from local_aws.server.resource_types.answer import answer
from local_aws.server.trails.operations import put_insights

TYPE = "AWS::CloudTrail::Trail"
_SAME_NAME = ("S3BucketName", "S3KeyPrefix", "SnsTopicName", "IncludeGlobalServiceEvents", "IsMultiRegionTrail",
              "EnableLogFileValidation", "IsOrganizationTrail", "CloudWatchLogsLogGroupArn",
              "CloudWatchLogsRoleArn")  # fmt: skip
_TEXTS = ("S3KeyPrefix", "SnsTopicName", "CloudWatchLogsLogGroupArn", "CloudWatchLogsRoleArn")


def row() -> dict[str, Any]:
    """Return the handlers."""
    return {"create": _create, "update": _update, "delete": _delete}


def _create(logical_id: str, properties: dict[str, Any], stack_name: str) -> tuple[str, dict[str, str]]:
    name = properties.get("TrailName") or provisioners._physical_name(stack_name, logical_id, max_len=128)
    arn = answer(cloudtrail._create_trail(_request(name, properties)))["TrailARN"]
    _configure(name, properties)
    _tag(arn, properties)
    return name, {"Arn": arn, "SnsTopicArn": ""}


def _update(name: str, old: dict[str, Any], properties: dict[str, Any], stack_name: str) -> tuple[str, dict[str, str]]:
    if properties.get("TrailName", name) != name:
        made = _create("", properties, stack_name)
        _delete(name, old)
        return made
    # What a template no longer says is said to be nothing.
    cleared = {key: "" for key in _TEXTS if key in old and key not in properties}
    arn = answer(cloudtrail._update_trail({**_request(name, properties), **cleared}))["TrailARN"]
    _configure(name, properties)
    _tag(arn, properties)
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
    else:
        cloudtrail._event_selectors.pop(name, None)
    answer(put_insights(name, properties.get("InsightSelectors") or []))
    switch = cloudtrail._start_logging if properties.get("IsLogging") else cloudtrail._stop_logging
    answer(switch({"Name": name}))


def _tag(arn: str, properties: dict[str, Any]) -> None:
    cloudtrail._trail_tags[arn] = {tag["Key"]: tag["Value"] for tag in properties.get("Tags") or []}
