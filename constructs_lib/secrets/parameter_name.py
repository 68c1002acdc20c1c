"""Names of parameters: what Parameter Store takes, refused here before anybody waits for a deployment."""

from constructs_lib.errors import ConfigurationError
from constructs_lib.naming.token_text import tokens_in
from constructs_lib.service_access.resource_names import PARAMETER
from constructs_lib.wiring.given_resources import spoken

_MOST_LEVELS = 15
_OF_AWS = ("aws", "ssm")


def checked_parameter_name(name: str) -> str:
    """Return the name of a parameter, with its path if it has one.

    https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html

    Args:
        name: The name.

    Raises:
        ConfigurationError: If it is a token, or nothing that Parameter Store would have taken.

    Examples:
        >>> checked_parameter_name("/orders/token")
        '/orders/token'
    """
    if isinstance(name, str) and tokens_in(name):
        # CloudFormation would put no more than a name here, and IAM, KMS and people could not be told which.
        raise ConfigurationError(f"parameter_name must be literal, got {name}")
    if not isinstance(name, str):
        raise ConfigurationError(f"parameter_name must be a text, got {spoken(name)}")
    if name.startswith("arn:"):
        raise ConfigurationError(f"parameter_name must be a name of the stack's account and Region, got {name!r}")
    PARAMETER.check("parameter_name", name)
    levels = name.removeprefix("/").split("/")
    if "" in levels or (len(levels) > 1 and not name.startswith("/")):
        raise ConfigurationError(f"parameter_name must be a whole path such as {PARAMETER.example}, got {name!r}")
    if len(levels) > _MOST_LEVELS:
        raise ConfigurationError(f"parameter_name must have at most {_MOST_LEVELS} levels, got {len(levels)}")
    if name.removeprefix("/").lower().startswith(_OF_AWS):
        raise ConfigurationError(f"parameter_name must not begin with aws or ssm, which AWS keeps, got {name!r}")
    return name
