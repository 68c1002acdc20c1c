"""CloudWatch Logs takes a key for a log group only if the key's policy lets it use the key for that log group.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html: the service calls KMS under
its own regional principal, with the log group's ARN as encryption context. ministack takes any key.
"""

from collections.abc import Callable
from typing import Any

from ministack.core import iam_evaluator
from ministack.core.iam_evaluator import EvalContext
from ministack.core.responses import get_account_id, get_region
from ministack.services import kms
from ministack.services.cloudformation import provisioners

from local_aws.server.kms.bound_principals import shown

_NEEDED = ("kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey")


def extend() -> None:
    """Ask the key's policy when CloudFormation makes or changes a log group."""
    row = provisioners._RESOURCE_HANDLERS["AWS::Logs::LogGroup"]
    delete = row["delete"]
    row["create"] = _checked_create(row["create"], delete)
    row["update"] = _checked_update(row["update"])


def _checked_create(create: Callable[..., Any], delete: Callable[..., Any]) -> Callable[..., Any]:
    def checked(logical_id: str, properties: dict[str, Any], stack_name: str) -> Any:  # noqa: ANN401  # as `create`
        name, attributes = create(logical_id, properties, stack_name)
        if "KmsKeyId" in properties and not _may_use(properties["KmsKeyId"], name):
            delete(name, properties)
            raise ValueError(_refusal(name))
        return name, attributes

    return checked


def _checked_update(update: Callable[..., Any]) -> Callable[..., Any]:
    def checked(name: str, old: dict[str, Any], new: dict[str, Any], *rest: Any) -> Any:  # noqa: ANN401
        if "KmsKeyId" in new and new["KmsKeyId"] != old.get("KmsKeyId") and not _may_use(new["KmsKeyId"], name):
            raise ValueError(_refusal(name))
        return update(name, old, new, *rest)

    return checked


def _may_use(key_id: str, log_group: str) -> bool:
    key = kms._resolve_key(key_id)
    if key is None or not key["Enabled"]:
        return False
    service = f"logs.{get_region()}.amazonaws.com"
    return all(
        iam_evaluator.evaluate_resource_policy(
            shown(key["Policy"]), _context(action, key["Arn"], service, log_group), service=service
        ).decision
        == "Allow"
        for action in _NEEDED
    )


def _context(action: str, key_arn: str, service: str, log_group: str) -> EvalContext:
    arn = _arn(log_group)
    return EvalContext(
        principal_arn=service,
        principal_type="Service",
        principal_account=get_account_id(),
        action=action,
        resource_arn=key_arn,
        region=get_region(),
        service_context={
            "kms:encryptioncontext:aws:logs:arn": arn,
            "kms:encryptioncontextkeys": ["aws:logs:arn"],
            "kms:calleraccount": get_account_id(),
            "aws:sourcearn": arn,
            "aws:sourceaccount": get_account_id(),
        },
    )


def _arn(log_group: str) -> str:
    return f"arn:aws:logs:{get_region()}:{get_account_id()}:log-group:{log_group}"


def _refusal(log_group: str) -> str:
    return (
        'Resource handler returned message: "The specified KMS key does not exist or is not allowed to be used '
        f"with Arn '{_arn(log_group)}'\" (HandlerErrorCode: InvalidRequest)"
    )
