"""What a call was about, and whether it was one on data: `resources` and `eventCategory` of a record.

https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-data-events-with-cloudtrail.html
"""

from collections.abc import Mapping

from ministack.core.responses import get_account_id, get_region

from local_aws.server.call_records.request import Answer, Request
from local_aws.server.kms.key_uses import key_uses, parsed

_OF_DATA: Mapping[str, tuple[str, frozenset[str]]] = {
    "lambda": ("AWS::Lambda::Function", frozenset(("Invoke", "InvokeFunction", "InvokeAsync"))),
    "dynamodb": (
        "AWS::DynamoDB::Table",
        frozenset((
            "GetItem", "PutItem", "UpdateItem", "DeleteItem", "Query", "Scan", "BatchGetItem", "BatchWriteItem",
            "TransactGetItems", "TransactWriteItems",
        )),
    ),
    "sns": ("AWS::SNS::Topic", frozenset(("Publish", "PublishBatch"))),
    "sqs": (
        "AWS::SQS::Queue",
        frozenset((
            "SendMessage", "SendMessageBatch", "ReceiveMessage", "DeleteMessage", "DeleteMessageBatch",
            "ChangeMessageVisibility", "ChangeMessageVisibilityBatch",
        )),
    ),
    "kinesis": ("AWS::Kinesis::Stream", frozenset(("PutRecord", "PutRecords", "GetRecords", "GetShardIterator"))),
    "logs": ("AWS::Logs::LogGroupAuthorization", frozenset(("PutLogEvents",))),
    "monitoring": ("AWS::CloudWatch::Metric", frozenset(("PutMetricData", "GetMetricData", "GetMetricStatistics"))),
    # CloudTrail does not log it, and there is no selector for it.
    "events": ("", frozenset(("PutEvents",))),
}  # fmt: skip
_LISTS_OBJECTS = frozenset(("ListObjects", "ListObjectsV2", "ListObjectVersions", "ListBucket", "ListBucketVersions"))


def data_type(request: Request) -> str | None:
    """Return the type of the resource whose data a call is about; nothing for a management event."""
    if request.service == "s3":
        return "AWS::S3::Object" if request.object_key or request.action in _LISTS_OBJECTS else None
    resource_type, operations = _OF_DATA.get(request.service, ("", frozenset()))
    return resource_type if request.action in operations else None


def resources(request: Request, answer: Answer) -> list[dict[str, str]]:
    """List the resources of a call: of KMS each key, and the alias first where there is one."""
    if request.service == "kms":
        return [_entry(arn, kind) for arn, kind in _of_kms(request, answer)]
    if request.resource in {"", "*"}:
        return []
    if request.service == "s3":
        bucket = f"arn:aws:s3:::{request.resource.partition(':::')[2].partition('/')[0]}"
        inner = [{"type": "AWS::S3::Object", "ARN": request.resource}] if request.object_key else []
        return [*inner, _entry(bucket, "AWS::S3::Bucket")]
    return [_entry(request.resource, data_type(request) or "")]


def _of_kms(request: Request, answer: Answer) -> list[tuple[str, str]]:
    keys = [use.key for use in key_uses(request.action, request.parameters)]
    arns = list(dict.fromkeys(str(key["Arn"]) for key in keys if key is not None))
    if not arns and request.resource not in {"", "*"}:
        arns = [request.resource]
    made = parsed(answer.body).get("KeyMetadata") if request.action in {"CreateKey", "ReplicateKey"} else None
    if isinstance(made, dict):
        arns = [*arns, str(made["Arn"])]
    found = [(arn, "AWS::KMS::Key") for arn in arns]
    alias = request.parameters.get("AliasName")
    if isinstance(alias, str):
        found.insert(0, (f"arn:aws:kms:{get_region()}:{get_account_id()}:{alias}", "AWS::KMS::Alias"))
    return found


def _entry(arn: str, resource_type: str) -> dict[str, str]:
    owner = arn.split(":")[4] if arn.startswith("arn:") else ""
    found = {"ARN": arn, "accountId": owner or get_account_id()}
    return found | ({"type": resource_type} if resource_type else {})
