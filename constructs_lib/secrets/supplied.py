"""Supplied: a value that somebody puts after the deployment."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import aws_cdk as cdk

from constructs_lib.errors import ConfigurationError
from constructs_lib.secrets.secret_content import Content, check_field_names

if TYPE_CHECKING:
    from constructs import IConstruct


@dataclass(frozen=True, kw_only=True)
class Supplied(Content):
    """A value that a writer puts after the deployment. The secret is created empty, and no template holds it.

    https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutSecretValue.html

    Attributes:
        what: What is put.
    """

    what: Literal["text", "json", "key pair", "certificate"]

    @classmethod
    def text(cls) -> "Supplied":
        """Return a text that somebody puts, such as the API key of another company."""
        return cls(field_names=None, what="text")

    @classmethod
    def json(cls, *fields: str) -> "Supplied":
        """Return JSON of these fields that somebody puts.

        Args:
            *fields: Names of its fields, at least one.

        Raises:
            ConfigurationError: If a name is none, or comes twice.

        Examples:
            >>> Supplied.json("client", "token").field_names
            ('client', 'token')
        """
        if not fields:
            raise ConfigurationError("fields must be one or more names, got none")
        check_field_names("fields", fields)
        if len(set(fields)) < len(fields):
            raise ConfigurationError(f"fields must differ, got {', '.join(fields)}")
        return cls(field_names=fields, what="json")

    @classmethod
    def key_pair(cls) -> "Supplied":
        """Return a pair of keys that somebody puts, both in PEM: fields `private_key` and `public_key`."""
        return cls(field_names=("private_key", "public_key"), what="key pair")

    @classmethod
    def certificate(cls) -> "Supplied":
        """Return a certificate that somebody puts with its private key and chain, each in PEM.

        Its fields are `certificate`, `private_key` and `certificate_chain`.
        """
        return cls(field_names=("certificate", "private_key", "certificate_chain"), what="certificate")


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
