"""Where a record or its queries are defined: in a stack, which every ARN of theirs begins with."""

from typing import TYPE_CHECKING

import aws_cdk as cdk

from constructs_lib.errors import ConfigurationError
from constructs_lib.wiring.given_resources import spoken

if TYPE_CHECKING:
    from constructs import Construct


def check_scope(scope: "Construct") -> None:
    """Refuse what is in no stack, such as an app.

    Args:
        scope: Where something is defined.

    Raises:
        ConfigurationError: If it is in none.

    Examples:
        >>> check_scope(cdk.Stack(cdk.App(), "Audit"))
    """
    owners = scope.node.scopes if hasattr(scope, "node") else []
    if not any(cdk.Stack.is_stack(owner) for owner in owners):
        raise ConfigurationError(f"scope must be a stack or in one, got {spoken(scope).strip()}")
