"""Where a rotation function may stand, so that the stacks of secret, key and function make no cycle."""

from typing import TYPE_CHECKING

import aws_cdk as cdk

from constructs_lib.errors import ConfigurationError

if TYPE_CHECKING:
    from aws_cdk import aws_iam as iam
    from aws_cdk import aws_kms as kms
    from constructs import IConstruct


def check_stacks(secret: "IConstruct", key: "kms.IKey", function: "iam.IGrantable | None") -> None:
    """Refuse a function that needs the stack of the secret, which needs the function's.

    The schedule refers to the function, and the function's role to the key. A cycle of nested stacks would show only
    when CloudFormation refuses it.

    Args:
        secret: The secret.
        key: Its key.
        function: What rotates it, if it is of this app.

    Raises:
        ConfigurationError: If the function is in another stack and the key beside the secret.
    """
    node = getattr(function, "node", None)
    if function is None or node is None:
        return
    own, keys, theirs = (cdk.Stack.of(each).node.path for each in (secret, key, function))  # type: ignore[arg-type]  # it has a node
    if own == keys != theirs and cdk.Resource.is_owned_resource(function):  # type: ignore[arg-type]  # it has a node
        raise ConfigurationError(
            f"[{secret.node.path}] rotation must name a function in the stack of the secret, or the key must be in "
            f"another stack, got {node.path} beside neither: the secret would wait for the function and it for the key"
        )
