"""Names of the functions that AWS makes for hosted rotations: one for each secret."""

from typing import TYPE_CHECKING

import aws_cdk as cdk

from constructs_lib.errors import ConfigurationError

if TYPE_CHECKING:
    from constructs import Construct, IConstruct

_NAMES = "_cdk_key_management_hosted_names"


def check_free_name(scope: "IConstruct", function_name: str) -> None:
    """Refuse a name that the function of another secret of the account and Region has: AWS makes one for each.

    Args:
        scope: What will own the secret.
        function_name: The name.

    Raises:
        ConfigurationError: If it is taken.
    """
    other = _taken(scope).get((*_place(scope), function_name))
    if other is not None:
        raise ConfigurationError(
            f"function_name must be another one for each secret, since AWS makes a function for each, got "
            f"{function_name!r}, which is that of {other}"
        )


def take_name(secret: "Construct", function_name: str) -> None:
    """Remember the name of a secret's function.

    Args:
        secret: The secret.
        function_name: The name.
    """
    _taken(secret)[*_place(secret), function_name] = secret.node.path


def _taken(scope: "IConstruct") -> dict[tuple[str, str, str], str]:
    root = scope.node.root
    found: dict[tuple[str, str, str], str] | None = getattr(root, _NAMES, None)
    if found is None:
        found = {}
        setattr(root, _NAMES, found)
    return found


def _place(scope: "IConstruct") -> tuple[str, str]:
    """Return account and Region, or the outermost stack where they are not known before the deployment."""
    stack = cdk.Stack.of(scope)
    if not cdk.Token.is_unresolved(stack.account) and not cdk.Token.is_unresolved(stack.region):
        return stack.account, stack.region
    while stack.nested_stack_parent is not None:
        stack = stack.nested_stack_parent
    return stack.node.path, ""
