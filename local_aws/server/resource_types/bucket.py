"""AWS::S3::Bucket with the default encryption and the Object Lock of its template, which ministack leaves out.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-s3-bucket-bucketencryption.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-s3-bucket-objectlockconfiguration.html
"""

from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from ministack.services import s3
from ministack.services.cloudformation import provisioners

TYPE = "AWS::S3::Bucket"
_of_ministack = provisioners._RESOURCE_HANDLERS[TYPE]


def row() -> dict[str, Any]:
    """Return the handlers."""
    return {**_of_ministack, "create": _create, "update": _update}


def _create(logical_id: str, properties: dict[str, Any], stack_name: str) -> tuple[str, dict[str, str]]:
    name, attributes = _of_ministack["create"](logical_id, properties, stack_name)
    _encrypt(name, properties)
    _lock(name, properties)
    return name, attributes


def _update(name: str, old: dict[str, Any], new: dict[str, Any], *rest: Any) -> tuple[str, dict[str, str]]:  # noqa: ANN401  # as the row's function has it
    found, attributes = _of_ministack["update"](name, old, new, *rest)
    _encrypt(found, new)
    _lock(found, new)
    return found, attributes


def _lock(name: str, properties: dict[str, Any]) -> None:
    # Once there, it cannot be taken away: a template that no longer says it changes nothing.
    if not properties.get("ObjectLockEnabled"):
        return
    s3._bucket_versioning[name] = "Enabled"
    retention = properties.get("ObjectLockConfiguration", {}).get("Rule", {}).get("DefaultRetention")
    s3._bucket_object_lock[name] = {"enabled": True, "default_retention": retention}


def _encrypt(name: str, properties: dict[str, Any]) -> None:
    rules = properties.get("BucketEncryption", {}).get("ServerSideEncryptionConfiguration", [])
    if not rules:
        s3._delete_bucket_encryption(name)
        return
    root = Element("ServerSideEncryptionConfiguration")
    for rule in rules:
        element = SubElement(root, "Rule")
        default = SubElement(element, "ApplyServerSideEncryptionByDefault")
        for field, value in rule.get("ServerSideEncryptionByDefault", {}).items():
            SubElement(default, field).text = str(value)
        SubElement(element, "BucketKeyEnabled").text = str(rule.get("BucketKeyEnabled", False)).lower()
    status, _, _ = s3._put_bucket_encryption(name, tostring(root))
    if status >= 400:  # noqa: PLR2004  # HTTP's own boundary
        raise ValueError(f"{name}: the bucket's encryption is none that S3 knows")
