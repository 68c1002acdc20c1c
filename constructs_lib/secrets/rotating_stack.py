"""Where a rotation function may stand, so that the stacks of secret, key and function make no cycle."""

from typing import TYPE_CHECKING

import aws_cdk as cdk

from constructs_lib.errors import ConfigurationError

if TYPE_CHECKING:
    from aws_cdk import aws_kms as kms
    from aws_cdk import aws_secretsmanager as secretsmanager
    from constructs import IConstruct


def check_stacks(secret: "IConstruct", key: "kms.IKey", schedule: "secretsmanager.CfnRotationSchedule") -> None:
    """Refuse a schedule that waits for a secret which waits for the key beside that schedule.

    The schedule stands with the function and refers to the secret, and the secret to its key. A cycle of nested stacks
    would show only when CloudFormation refuses it.

    Args:
        secret: The secret.
        key: Its key.
        schedule: When it is rotated.

    Raises:
        ConfigurationError: If function and key are in one stack and the secret is in another.
    """
    own, theirs = _stack(secret), _stack(schedule)
    if own != theirs and cdk.Resource.is_owned_resource(key) and _stack(key) == theirs:
        raise ConfigurationError(
            f"[{secret.node.path}] encryption_key must not be in the stack {theirs} of the rotation function, which "
            f"waits for the secret, got {key.node.path}: put it beside the secret, or into a stack of its own"
        )


def _stack(construct: "IConstruct") -> str:
    return cdk.Stack.of(construct).node.path
