"""What the L1 of a secret is told, from checked arguments."""

import re
from typing import TYPE_CHECKING, Any

from aws_cdk import aws_secretsmanager as secretsmanager

from constructs_lib.errors import ConfigurationError
from constructs_lib.secrets.rotation import Rotation
from constructs_lib.secrets.secret_content import Content
from constructs_lib.secrets.unsafe_value import UnsafeValue
from constructs_lib.wiring.given_resources import spoken

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import aws_kms as kms

    from constructs_lib.secrets.replicas import Replica

# https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html
_LONGEST_DESCRIPTION = 2048
# https://docs.aws.amazon.com/organizations/latest/APIReference/API_Organization.html
_ORGANIZATION = re.compile(r"o-[a-z0-9]{10,32}")


def check_arguments(content: object, description: object, organization_id: object, rotation: object) -> None:
    """Refuse what is of another type, a value in place of a content above all, and an unsafe value that is rotated.

    Args:
        content: What the secret holds.
        description: What it is for.
        organization_id: The organization.
        rotation: How it is rotated.

    Raises:
        ConfigurationError: If one is none. The value is in no message.
    """
    if not isinstance(content, Content):
        raise ConfigurationError(
            "content must be Generated, or Supplied for a value that somebody puts after the deployment; one in the "
            "template takes unsafe_value(...), and everybody who reads the template reads it; got "
            f"a {type(content).__name__}"
        )
    if description is not None and (not isinstance(description, str) or len(description) > _LONGEST_DESCRIPTION):
        said = f"{len(description):,} characters" if isinstance(description, str) else spoken(description)
        raise ConfigurationError(
            f"description must be a text of at most {_LONGEST_DESCRIPTION:,} characters, got {said}"
        )
    if organization_id is not None and not (
        isinstance(organization_id, str) and _ORGANIZATION.fullmatch(organization_id)
    ):
        raise ConfigurationError(
            f"organization_id must be that of an organization, such as o-a1b2c3d4e5, got {spoken(organization_id)}"
        )
    if rotation is not None and not isinstance(rotation, Rotation):
        raise ConfigurationError(f"rotation must be ByFunction(...) or Hosted(...), got {spoken(rotation)}")
    if rotation is not None and isinstance(content, UnsafeValue):
        raise ConfigurationError(
            "rotation must be None for unsafe_value, whose template keeps the first value and would put it back, got "
            f"{spoken(rotation)}"
        )


def secret_properties(
    content: Content,
    key: "kms.IKey",
    name: str | None,
    description: str | None,
    replicas: "Sequence[Replica]",
) -> dict[str, Any]:
    """Return the properties of a secret.

    Args:
        content: What it holds.
        key: Its key.
        name: Its name, if it has one.
        description: What it is for, if that is said.
        replicas: Its copies.
    """
    drawn = content.generate_secret_string
    generator = None
    if drawn is not None:
        generator = secretsmanager.CfnSecret.GenerateSecretStringProperty(
            password_length=drawn["PasswordLength"],
            exclude_punctuation=drawn["ExcludePunctuation"],
            include_space=drawn["IncludeSpace"],
            require_each_included_type=drawn["RequireEachIncludedType"],
            exclude_characters=drawn.get("ExcludeCharacters"),
            secret_string_template=drawn.get("SecretStringTemplate"),
            generate_string_key=drawn.get("GenerateStringKey"),
        )
    copies = [
        secretsmanager.CfnSecret.ReplicaRegionProperty(region=each.region, kms_key_id=each.encryption_key.key_arn)
        for each in replicas
    ]
    return {
        "description": description,
        "generate_secret_string": generator,
        "kms_key_id": key.key_arn,
        "name": name,
        "replica_regions": copies or None,
        "secret_string": content.value.unsafe_unwrap() if isinstance(content, UnsafeValue) else None,
    }
