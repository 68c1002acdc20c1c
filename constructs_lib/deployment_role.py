"""The role under which CloudFormation creates a stack's resources, as a key policy names it."""

from typing import TYPE_CHECKING

from constructs_lib.errors import ConfigurationError
from constructs_lib.principals import Principal

if TYPE_CHECKING:
    import aws_cdk as cdk

    from constructs_lib.token_text import TokenText


def deployment_role(stack: "cdk.Stack", text: "TokenText") -> Principal:
    """Return the CloudFormation execution role of a stack's synthesizer.

    It is named by name: bootstrapping anew makes another role of the same name, and the key policy must outlast that.

    Args:
        stack: Where the key is; for a nested stack the outermost one deploys.
        text: Names for the tokens of the key's stack.

    Raises:
        ConfigurationError: If the synthesizer has no such role, so that deployers have to be named.
    """
    outermost = stack
    while outermost.nested_stack_parent is not None:
        outermost = outermost.nested_stack_parent
    try:
        arn = getattr(outermost.synthesizer, "cloud_formation_execution_role_arn", None)
    except RuntimeError:  # the getter refuses while the synthesizer is not bound to a stack
        arn = None
    if not arn:
        raise ConfigurationError(
            f"[{stack.node.path}] deployers must be named, since the stack's synthesizer "
            f"{type(outermost.synthesizer).__name__} has no CloudFormation execution role"
        )
    return Principal.by_name(text.text(arn))
