"""What a record says of a request and of its answer: nothing that they protect.

Only the parameters named here are recorded, as CloudTrail leaves plaintext, secrets and data out.
https://docs.aws.amazon.com/kms/latest/developerguide/logging-using-cloudtrail.html
"""

import json
import re
import time
from collections.abc import Mapping
from typing import Any

from local_aws.server.call_records.request import Answer, Request
from local_aws.server.kms.key_uses import key_uses, parsed

_RECORDED: Mapping[str, tuple[str, ...]] = {
    "kms": (
        "KeyId", "EncryptionContext", "EncryptionAlgorithm", "KeySpec", "NumberOfBytes", "SourceKeyId",
        "DestinationKeyId", "SourceEncryptionContext", "DestinationEncryptionContext", "SigningAlgorithm",
        "MessageType", "MacAlgorithm", "KeyAgreementAlgorithm", "KeyUsage", "Origin", "MultiRegion", "ReplicaRegion",
        "PendingWindowInDays", "RotationPeriodInDays", "GranteePrincipal", "RetiringPrincipal", "Operations",
        "Constraints", "GrantId", "AliasName", "TargetKeyId", "Policy", "PolicyName",
        "BypassPolicyLockoutSafetyCheck", "Description", "ExpirationModel", "ValidTo", "WrappingAlgorithm",
        "WrappingKeySpec", "KeyPairSpec", "PrimaryRegion", "Tags", "TagKeys", "ImportType", "KeyMaterialId", "Limit",
        "Marker",
    ),
    "secretsmanager": (
        "SecretId", "Name", "Description", "KmsKeyId", "VersionId", "VersionStage", "VersionStages",
        "RecoveryWindowInDays", "ForceDeleteWithoutRecovery", "RotationLambdaARN", "RotationRules",
        "RotateImmediately", "ResourcePolicy", "BlockPublicPolicy", "ClientRequestToken", "MoveToVersionId",
        "RemoveFromVersionId", "SecretIdList", "AddReplicaRegions", "RemoveReplicaRegions", "Tags", "TagKeys",
    ),
    "acm": (
        "CertificateArn", "DomainName", "SubjectAlternativeNames", "ValidationMethod", "KeyAlgorithm",
        "IdempotencyToken", "DomainValidationOptions", "Options", "Tags",
    ),
    "cloudtrail": (
        "Name", "TrailName", "S3BucketName", "S3KeyPrefix", "SnsTopicName", "IncludeGlobalServiceEvents",
        "IsMultiRegionTrail", "EnableLogFileValidation", "CloudWatchLogsLogGroupArn", "CloudWatchLogsRoleArn",
        "KmsKeyId", "IsOrganizationTrail", "EventSelectors", "AdvancedEventSelectors", "InsightSelectors",
        "trailNameList", "includeShadowTrails",
    ),
    "iam": (
        "RoleName", "UserName", "GroupName", "PolicyName", "PolicyArn", "PolicyDocument", "AssumeRolePolicyDocument",
        "PermissionsBoundary", "Path", "AccessKeyId", "InstanceProfileName", "Description", "VersionId",
        "SetAsDefault", "AWSServiceName",
    ),
    "sts": ("RoleArn", "RoleSessionName", "DurationSeconds", "ExternalId"),
    "events": ("Name", "Rule", "EventBusName", "State", "EventPattern", "Ids", "Force"),
    "logs": ("logGroupName", "logStreamName", "retentionInDays", "filterName", "filterPattern", "kmsKeyId"),
    "monitoring": ("AlarmName", "AlarmNames", "AlarmActions", "ActionsEnabled", "MetricName", "Namespace"),
    "sns": ("TopicArn", "Name", "AttributeName", "AttributeValue", "Protocol", "SubscriptionArn"),
    "sqs": ("QueueUrl", "QueueName"),
    "cloudformation": ("StackName", "ChangeSetName", "RoleARN"),
}  # fmt: skip
_ANSWERED: Mapping[str, tuple[str, ...]] = {
    "kms": ("KeyId", "GrantId", "KeyState", "DeletionDate", "PendingWindowInDays", "KeyMetadata", "KeyMaterialId"),
    "secretsmanager": ("ARN", "Name", "VersionId", "DeletionDate"),
    "acm": ("CertificateArn",),
    "cloudtrail": ("Name", "TrailARN", "S3BucketName", "KmsKeyId", "IsMultiRegionTrail", "LogFileValidationEnabled"),
}
_XML_CODE = re.compile(rb"<Code>([^<]+)</Code>")
_XML_MESSAGE = re.compile(rb"<Message>([^<]*)</Message>")


def request_parameters(request: Request) -> dict[str, Any] | None:
    """Say what the caller asked for; nothing if none of it is recorded."""
    if request.service == "s3":
        return _of_s3(request)
    found = request.parameters
    recorded = _RECORDED.get(request.service, ())
    return {_lower_first(name): _recorded(name, found[name]) for name in recorded if name in found} or None


def response_elements(request: Request, answer: Answer) -> dict[str, Any] | None:
    """Say what a call that changed something made; nothing if it was refused.

    A management operation of KMS on one key names the key's ARN, whether or not the API answers it.
    """
    if answer.failed or request.service not in _ANSWERED:
        return None
    found = parsed(answer.body)
    answered = _ANSWERED[request.service]
    elements = {_lower_first(name): _recorded(name, found[name]) for name in answered if name in found}
    if request.service == "kms" and "keyMetadata" not in elements:
        use = next((use for use in key_uses(request.action, request.parameters) if use.key is not None), None)
        elements |= {"keyId": use.key["Arn"]} if use is not None and use.key is not None else {}
    return elements or None


def error(request: Request, answer: Answer) -> dict[str, str]:
    """Say why a call failed; KMS's refusals are recorded under another name than the API gives them."""
    if not answer.failed:
        return {}
    try:
        found = json.loads(answer.body)
        code = str(found.get("__type") or answer.headers.get("x-amzn-errortype") or found.get("Code") or answer.status)
        message = str(found.get("message") or found.get("Message") or "")
    except ValueError:
        codes, messages = _XML_CODE.search(answer.body), _XML_MESSAGE.search(answer.body)
        code = codes.group(1).decode() if codes else str(answer.status)
        message = messages.group(1).decode() if messages else ""
    code = code.rpartition("#")[2].partition(":")[0]
    if request.service == "kms" and code == "AccessDeniedException":
        code = "AccessDenied"
    return {"errorCode": code, "errorMessage": message}


def _of_s3(request: Request) -> dict[str, Any]:
    bucket = request.resource.partition(":::")[2].partition("/")[0]
    found: dict[str, Any] = {"bucketName": bucket, "Host": request.host}
    if request.object_key:
        found["key"] = request.object_key
    if request.action == "PutBucketPolicy":
        found["bucketPolicy"] = parsed(request.body)
    return found


def _recorded(name: str, value: Any) -> Any:  # noqa: ANN401  # any JSON value
    """Name what is inside a value as a record does; the pairs of an encryption context keep their names."""
    if name.endswith(("Date", "ValidTo")) and isinstance(value, int | float):
        return time.strftime("%b %d, %Y %H:%M:%S %p", time.gmtime(value))
    if isinstance(value, dict) and "EncryptionContext" not in name:
        return {_lower_first(inner): _recorded(inner, each) for inner, each in value.items()}
    return [_recorded("", each) for each in value] if isinstance(value, list) else value


def _lower_first(name: str) -> str:
    return "arn" if name == "ARN" else name[0].lower() + name[1:]
