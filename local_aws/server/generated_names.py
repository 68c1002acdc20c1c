"""Names that CloudFormation makes up are made as AWS makes them; policies rely on their form.

ministack has forms of its own for log groups and parameters, and puts the stack's name before that of a secret.
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-name.html
"""

import secrets
import string
from collections.abc import Callable
from typing import Any

from ministack.services import secretsmanager
from ministack.services.cloudformation import provisioners

_LETTERS = string.ascii_letters + string.digits
_DRAWN = 12


def extend() -> None:
    """Name log groups, parameters and secrets before ministack does."""
    _name("AWS::SSM::Parameter", "Name", _parameter_name, lambda physical_id: physical_id)
    _name("AWS::Logs::LogGroup", "LogGroupName", _log_group_name, lambda physical_id: physical_id)
    _name("AWS::SecretsManager::Secret", "Name", _secret_name, _name_of_secret)


def _name(
    resource_type: str,
    name_property: str,
    make_name: Callable[[str, str], str],
    name_of: Callable[[str], str],
) -> None:
    row = provisioners._RESOURCE_HANDLERS[resource_type]
    create, update = row["create"], row["update"]

    def named_create(logical_id: str, properties: dict[str, Any], stack_name: str) -> Any:  # noqa: ANN401
        named = {name_property: make_name(stack_name, logical_id), **properties}
        return create(logical_id, named, stack_name)

    def named_update(physical_id: str, old: dict[str, Any], new: dict[str, Any], *rest: Any) -> Any:  # noqa: ANN401
        if name_property not in old and name_property not in new:
            same = {name_property: name_of(physical_id)}
            old, new = same | old, same | new
        return update(physical_id, old, new, *rest)

    row["create"], row["update"] = named_create, named_update


def _log_group_name(stack_name: str, logical_id: str) -> str:
    return str(provisioners._physical_name(stack_name, logical_id, max_len=512))


def _secret_name(_stack_name: str, logical_id: str) -> str:
    # Drawn anew, so that a stack that comes again does not meet the secret that it left.
    return f"{logical_id}-{''.join(secrets.choice(_LETTERS) for _ in range(_DRAWN))}"


def _parameter_name(stack_name: str, logical_id: str) -> str:
    random = str(provisioners._physical_name(stack_name, logical_id)).rsplit("-", 1)[-1]
    return f"CFN-{logical_id}-{random}"


def _name_of_secret(arn: str) -> str:
    name, _ = secretsmanager._resolve(arn)
    return str(name)
