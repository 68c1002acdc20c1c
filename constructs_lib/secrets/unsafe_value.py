"""UnsafeValue: a value that stands in the template."""

from dataclasses import dataclass

import aws_cdk as cdk

from constructs_lib.errors import ConfigurationError
from constructs_lib.secrets.secret_content import Content, check_field_names


@dataclass(frozen=True, kw_only=True, repr=False)
class UnsafeValue(Content):
    """A value that stands in the template, for everybody who reads templates, changesets or CloudFormation's events.

    Attributes:
        value: The value.
    """

    value: cdk.SecretValue


def unsafe_value(value: cdk.SecretValue, *fields: str) -> UnsafeValue:
    """Return a value that the template holds: whoever may read the template reads the secret.

    A parameter with `NoEcho`, `cdk.SecretValue.cfn_parameter(...)`, is the least bad of them.

    Args:
        value: The value.
        *fields: Fields of its JSON. Default: it is a text.

    Raises:
        ConfigurationError: If it is no `cdk.SecretValue`, or a name is none.
    """
    if not isinstance(value, cdk.SecretValue):
        raise ConfigurationError(f"value must be a cdk.SecretValue, got a {type(value).__name__}")
    check_field_names("fields", fields)
    return UnsafeValue(field_names=fields or None, value=value)
