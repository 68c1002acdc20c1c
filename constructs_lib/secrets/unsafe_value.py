"""UnsafeValue: a value that stands in the template."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import aws_cdk as cdk

from constructs_lib.errors import ConfigurationError
from constructs_lib.secrets.secret_content import Content, check_field_names

if TYPE_CHECKING:
    from constructs import IConstruct


@dataclass(frozen=True, kw_only=True, repr=False)
class UnsafeValue(Content):
    """A value that stands in the template, for everybody who reads templates, changesets or CloudFormation's events.

    Attributes:
        value: The value.
    """

    value: cdk.SecretValue

    @property
    def pinned(self) -> object:
        """That it is in the template, where a change of it is seen."""
        return "in the template"


def unsafe_value(value: cdk.SecretValue, *fields: str, generation: int = 1) -> UnsafeValue:
    """Return a value that the template holds: whoever may read the template reads the secret.

    A parameter with `NoEcho`, `cdk.SecretValue.cfn_parameter(...)`, is the least bad of them. The synthesis warns of
    it; a secret with `rotation=` refuses it.

    Args:
        value: The value.
        *fields: Fields of its JSON. Default: it is a text.
        generation: Another number if the live secret had another content. Default: it had none.

    Raises:
        ConfigurationError: If it is no `cdk.SecretValue`, or a name is none, or the generation is no number from 1 to
            1,000.
    """
    if not isinstance(value, cdk.SecretValue):
        raise ConfigurationError(f"value must be a cdk.SecretValue, got a {type(value).__name__}")
    check_field_names("fields", fields)
    return UnsafeValue(field_names=fields or None, value=value, generation=generation)


def announce_unsafe_value(secret: "IConstruct") -> None:
    """Warn that the template holds the value.

    Args:
        secret: The secret.
    """
    cdk.Annotations.of(secret).add_warning_v2(
        "cdk-key-management:secret-value-in-template",
        "unsafe_value puts the value into the template: whoever may read the template, a change set or the assembly "
        "reads the secret, past its policy and its key; have it drawn with Generated, or put by a writer with Supplied",
    )
