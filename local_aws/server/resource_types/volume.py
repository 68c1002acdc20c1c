"""AWS::EC2::Volume on ministack's EC2.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-volume.html
"""

import re
from typing import Any

from ministack.services import ec2

TYPE = "AWS::EC2::Volume"
_SAME_NAME = ("AvailabilityZone", "Size", "VolumeType", "SnapshotId", "Iops", "Throughput", "Encrypted", "KmsKeyId")
_ID = re.compile(rb"<volumeId>([^<]+)</volumeId>")
_MESSAGE = re.compile(rb"<Message>([^<]*)</Message>")


def row() -> dict[str, Any]:
    """Return the handlers."""
    return {"create": _create, "update": _update, "delete": _delete}


def _create(_logical_id: str, properties: dict[str, Any], _stack_name: str) -> tuple[str, dict[str, str]]:
    created = _ID.search(_answer(ec2._create_volume(_request(properties))))
    if created is None:
        raise ValueError("EC2 answered no id of the volume")
    volume_id = created.group(1).decode()
    return volume_id, {"VolumeId": volume_id}


def _update(
    volume_id: str, _old: dict[str, Any], properties: dict[str, Any], _stack_name: str
) -> tuple[str, dict[str, str]]:
    changeable: dict[str, Any] = {
        name: properties[name] for name in ("Size", "VolumeType", "Iops") if name in properties
    }
    _answer(ec2._modify_volume({"VolumeId": [volume_id], **_request(changeable)}))
    return volume_id, {"VolumeId": volume_id}


def _delete(volume_id: str, _properties: dict[str, Any]) -> None:
    _answer(ec2._delete_volume({"VolumeId": [volume_id]}))


def _request(properties: dict[str, Any]) -> dict[str, list[str]]:
    return {name: [_text(properties[name])] for name in _SAME_NAME if name in properties}


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _answer(response: tuple[int, Any, Any]) -> bytes:
    status, _, body = response
    content = body if isinstance(body, bytes) else str(body).encode()
    if status >= 400:  # noqa: PLR2004  # HTTP's own boundary
        message = _MESSAGE.search(content)
        raise ValueError(message.group(1).decode() if message else str(status))
    return content
