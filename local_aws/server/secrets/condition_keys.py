"""The condition keys that Secrets Manager adds to a request and ministack does not compute.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecretsmanager.html. AWS does not say what
`secretsmanager:VersionStage` is where a request names neither a stage nor a version; here it is the stage that is then
read, as AWS's example of a policy for one stage needs it:
https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_resource-policies.html
"""

from collections.abc import Callable, Mapping
from typing import Any

from ministack.core import iam_actions, iam_evaluator
from ministack.services import secretsmanager

from local_aws.server.deployed_arns import key_named
from local_aws.server.kms.key_uses import parsed
from local_aws.server.secrets.records import CURRENT, where_it_is

_SAME_NAME = ("SecretId", "Name", "Description", "RecoveryWindowInDays", "RotationLambdaARN", "VersionId", "Type")
_FLAGS = ("ForceDeleteWithoutRecovery", "BlockPublicPolicy", "ForceOverwriteReplicaSecret", "RotateImmediately")
_READING = ("GetSecretValue", "BatchGetSecretValue")


def extend() -> None:
    """Let every request carry its condition keys, and each secret of a batch its own."""
    iam_actions.request_tag_context = _with_keys(iam_actions.request_tag_context)
    iam_evaluator.enforce = _with_keys_of_batch(iam_evaluator.enforce)


def request_keys(operation: str, request: Mapping[str, Any]) -> dict[str, Any]:
    """Compute the condition keys of a request.

    Args:
        operation: The name of the operation.
        request: Its parameters.
    """
    found: dict[str, Any] = {f"secretsmanager:{name}": str(request[name]) for name in _SAME_NAME if name in request}
    found |= {f"secretsmanager:{name}": str(bool(request[name])).lower() for name in _FLAGS if name in request}
    stage = request.get("VersionStage")
    if stage is None and operation in _READING and "VersionId" not in request:
        stage = CURRENT
    found |= {"secretsmanager:VersionStage": stage} if stage else {}
    if operation in {"CreateSecret", "UpdateSecret"} and request.get("KmsKeyId"):
        key = key_named(str(request["KmsKeyId"]))
        found |= {"secretsmanager:KmsKeyId": str(request["KmsKeyId"])}
        found |= {"secretsmanager:KmsKeyArn": key["Arn"]} if key is not None else {}
    if "RotationRules" in request:
        found["secretsmanager:ModifyRotationRules"] = "true"
    for name in ("AddReplicaRegions", "RemoveReplicaRegions"):
        if name in request:
            regions = [each["Region"] if isinstance(each, Mapping) else each for each in request[name]]
            found["secretsmanager:AddReplicaRegions"] = regions
    return found | _secret_keys(request.get("SecretId"))


def _secret_keys(secret_id: object) -> dict[str, Any]:
    with where_it_is(secret_id):
        _, record = secretsmanager._resolve(secret_id)
    if record is None:
        return {}
    found: dict[str, Any] = {}
    for tag in record.get("Tags") or ():
        found |= {f"{place}:ResourceTag/{tag['Key']}": tag["Value"] for place in ("aws", "secretsmanager")}
    if record.get("RotationLambdaARN"):
        found["secretsmanager:resource/AllowRotationLambdaArn"] = record["RotationLambdaARN"]
    return found


def _with_keys(context_of: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    def context(service: str, iam_action: str, body: bytes, params: dict[str, Any]) -> dict[str, Any]:
        found = context_of(service, iam_action, body, params)
        if service == "secretsmanager":
            found |= request_keys(iam_action.partition(":")[2], parsed(body))
        return found

    return context


def _with_keys_of_batch(enforce: Callable[..., Any]) -> Callable[..., Any]:
    """Ask for each secret of a batch with the keys of the request, which ministack leaves out."""

    def ask(access_key_id: str, iam_action: str, service: str, region: str, **options: Any) -> Any:  # noqa: ANN401  # ministack's own
        if iam_action == "secretsmanager:GetSecretValue" and "service_context" not in options:
            options["service_context"] = request_keys("GetSecretValue", {"SecretId": options.get("resource_arn")})
        return enforce(access_key_id, iam_action, service, region, **options)

    return ask
