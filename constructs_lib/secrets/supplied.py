"""Supplied: a value that somebody puts after the deployment."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import aws_cdk as cdk

from constructs_lib.errors import ConfigurationError
from constructs_lib.secrets.secret_content import Content, check_field_names
from constructs_lib.wiring.given_resources import spoken

if TYPE_CHECKING:
    from constructs import IConstruct

_KINDS = ("text", "json", "key pair", "certificate")


@dataclass(frozen=True, kw_only=True)
class Supplied(Content):
    """A value that a writer puts after the deployment. The secret is created empty, and no template holds it.

    https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutSecretValue.html

    Attributes:
        what: What is put.
    """

    what: Literal["text", "json", "key pair", "certificate"]

    def __post_init__(self) -> None:
        """Refuse what nobody could be told to put.

        Raises:
            ConfigurationError: If it is none, or the fields are not those of its kind.
        """
        super().__post_init__()
        if self.what not in _KINDS:
            raise ConfigurationError(f"what must be one of {', '.join(_KINDS)}, got {spoken(self.what)}")
        if (self.what == "text") is not (self.field_names is None):
            said = "None" if self.field_names is None else ", ".join(self.field_names)
            raise ConfigurationError(f"field_names must be None for a text and names for JSON, got {said}")

    @classmethod
    def text(cls, *, generation: int = 1) -> "Supplied":
        """Return a text that somebody puts, such as the API key of another company.

        Args:
            generation: Another number if the live secret had another content. Default: it had none.

        Raises:
            ConfigurationError: If the generation is no number from 1 to 1,000.
        """
        return cls(field_names=None, what="text", generation=generation)

    @classmethod
    def json(cls, *fields: str, generation: int = 1) -> "Supplied":
        """Return JSON of these fields that somebody puts.

        Args:
            *fields: Names of its fields, at least one.
            generation: Another number if the live secret had another content. Default: it had none.

        Raises:
            ConfigurationError: If a name is none, or comes twice, or the generation is no number from 1 to 1,000.

        Examples:
            >>> Supplied.json("client", "token").field_names
            ('client', 'token')
        """
        if not fields:
            raise ConfigurationError("fields must be one or more names, got none")
        check_field_names("fields", fields)
        return cls(field_names=fields, what="json", generation=generation)

    @classmethod
    def key_pair(cls, *, generation: int = 1) -> "Supplied":
        """Return a pair of keys that somebody puts, both in PEM: fields `private_key` and `public_key`.

        Args:
            generation: Another number if the live secret had another content. Default: it had none.

        Raises:
            ConfigurationError: If the generation is no number from 1 to 1,000.
        """
        return cls(field_names=("private_key", "public_key"), what="key pair", generation=generation)

    @classmethod
    def certificate(cls, *, generation: int = 1) -> "Supplied":
        """Return a certificate that somebody puts with its private key and chain, each in PEM.

        Its fields are `certificate`, `private_key` and `certificate_chain`.

        Args:
            generation: Another number if the live secret had another content. Default: it had none.

        Raises:
            ConfigurationError: If the generation is no number from 1 to 1,000.
        """
        return cls(
            field_names=("certificate", "private_key", "certificate_chain"), what="certificate", generation=generation
        )


def announce_missing_value(secret: "IConstruct", content: Supplied, name: str | None) -> None:
    """Say how the value gets into a secret that is created empty: by a writer, and out of a file.

    A value on a command line stands in the shell's history and in the list of processes.
    https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-parameters-file.html

    Args:
        secret: The secret.
        content: What is put.
        name: Its name, if it has one.
    """
    stack = cdk.Stack.of(secret)
    child = secret.node.default_child
    found = stack.get_logical_id(child) if isinstance(child, cdk.CfnElement) else secret.node.path
    said = name or f"<ARN of {found}>"
    shape = f"JSON with {', '.join(content.field_names)}" if content.field_names else "the text"
    cdk.Annotations.of(secret).add_info_v2(
        "cdk-key-management:secret-value-missing",
        f"created without a value; a writer puts it after the deployment, from a file that holds {shape}: aws "
        f"secretsmanager put-secret-value --secret-id {said} --secret-string file://value.txt",
    )


def announce_early_rotation(secret: "IConstruct") -> None:
    """Say that a secret is empty when its schedule is made, so that what rotates it must cope with that.

    https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotateSecret.html

    Args:
        secret: The secret.
    """
    cdk.Annotations.of(secret).add_info_v2(
        "cdk-key-management:secret-rotated-empty",
        "rotated from its first deployment on, when it has no value yet: a rotation function that reads the current "
        "value fails until a writer has put one; give rotation= in a later deployment, or WAIT_FOR_THE_WINDOW",
    )
