"""Whether a resource is where a dashboard's metrics are: metrics are of one account and one Region."""

import aws_cdk as cdk

from constructs_lib.errors import ConfigurationError


def check_same_place(stack: cdk.Stack, argument: str, given: cdk.IResource) -> None:
    """Refuse what is known to be in another account or Region than the dashboard's stack.

    Args:
        stack: Of the dashboard.
        argument: What a refusal calls the resource.
        given: The resource.

    Raises:
        ConfigurationError: If it is elsewhere. What nobody knows before deployment may be anywhere.
    """
    for what, here, there in (
        ("Region", stack.region, given.env.region),
        ("account", stack.account, given.env.account),
    ):
        if here != there and not cdk.Token.is_unresolved(here) and not cdk.Token.is_unresolved(there):
            raise ConfigurationError(
                f"{argument} must be in {here}, the {what} of the dashboard and of its metrics, got {given.node.path} "
                f"in {there}"
            )
