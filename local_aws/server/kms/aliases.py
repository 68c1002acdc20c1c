"""An alias moves only to a key of the same kind, so that code which uses it goes on working.

https://docs.aws.amazon.com/kms/latest/APIReference/API_UpdateAlias.html
"""

from collections.abc import Callable
from typing import Any

from ministack.services import kms
from ministack.services.cloudformation import provisioners

from local_aws.server.kms import registry
from local_aws.server.kms.errors import KmsError
from local_aws.server.kms.handler_errors import with_handler_errors
from local_aws.server.kms.key_uses import Record
from local_aws.server.kms.registry import Operation, Request


def extend() -> None:
    """Check it in the API and in CloudFormation."""
    registry.wrap("UpdateAlias", _update)
    row = provisioners._RESOURCE_HANDLERS["AWS::KMS::Alias"]
    row["update"] = with_handler_errors(_checked_update(row["update"]))


def _update(request: Request, update: Operation) -> Request:
    _check(request.get("AliasName"), request.get("TargetKeyId"))
    return update(request)


def _checked_update(update: Callable[..., Any]) -> Callable[..., Any]:
    def checked(name: str, old: dict[str, Any], new: dict[str, Any], *rest: Any) -> Any:  # noqa: ANN401  # as `update`
        if new.get("AliasName") == old.get("AliasName"):
            _check(name, new.get("TargetKeyId"))
        return update(name, old, new, *rest)

    return checked


def _check(alias: str | None, target: str | None) -> None:
    before, after = kms._resolve_key(alias), kms._resolve_key(target)
    if before is not None and after is not None and _kind(before) != _kind(after):
        raise KmsError(
            "ValidationException",
            f"Alias {alias} cannot be moved from {before['Arn']} to {after['Arn']}, a key of another type or usage.",
        )


def _kind(record: Record) -> tuple[str, str]:
    spec = str(record["KeySpec"])
    family = spec if spec == "SYMMETRIC_DEFAULT" else "HMAC" if spec.startswith("HMAC") else "asymmetric"
    return family, record["KeyUsage"]
