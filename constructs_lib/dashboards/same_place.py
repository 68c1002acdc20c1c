"""Whether a resource is where a dashboard's metrics are: metrics are of one account and one Region."""

import aws_cdk as cdk

from constructs_lib.errors import ConfigurationError
from constructs_lib.wiring.places import distance_of


def check_same_place(stack: cdk.Stack, argument: str, given: cdk.IResource) -> None:
    """Refuse what is known to be in another account or Region than the dashboard's stack.

    Args:
        stack: Of the dashboard.
        argument: What a refusal calls the resource.
        given: The resource.

    Raises:
        ConfigurationError: If it is elsewhere. What nobody knows before deployment may be anywhere.
    """
    apart = distance_of(stack, given)
    if apart is not None:
        raise ConfigurationError(
            f"{argument} must be in {apart.here}, the {apart.what} of the dashboard and of its metrics, got "
            f"{given.node.path} in {apart.there}"
        )
