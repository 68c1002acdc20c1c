"""DynamicReferences: what templates say instead of a value, and what that means for whoever reads the result."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import aws_cdk as cdk

from constructs_lib.errors import ConfigurationError
from constructs_lib.wiring.given_resources import spoken

if TYPE_CHECKING:
    from constructs_lib.secrets.secret_content import Content

_OF_AN_ATTACHMENT = (
    "dbClusterIdentifier",
    "dbInstanceIdentifier",
    "dbname",
    "engine",
    "host",
    "password",
    "port",
    "username",
)
_REFERRED_TO = "cdk-key-management:dynamic-reference"


@dataclass
class DynamicReferences:
    """The dynamic references to one secret.

    CloudFormation resolves them as the deployer, whom the policy of the secret admits in this way alone.
    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references-secretsmanager.html

    Attributes:
        secret: The secret.
        content: What it holds.
    """

    secret: cdk.Resource
    content: "Content"
    _is_attached: bool = False
    _is_announced: bool = False

    def value(self, secret_arn: str, json_field: str | None = None) -> cdk.SecretValue:
        """Return a reference to the value, or to one of its fields.

        Args:
            secret_arn: The secret, or its attachment.
            json_field: The field. Default: the whole value.

        Raises:
            ConfigurationError: If it has no such field.
        """
        self._use(json_field)
        return cdk.SecretValue.secrets_manager(secret_arn, json_field=json_field)

    def key(self, secret_arn: str, *, json_field: str | None, version_id: str | None, version_stage: str | None) -> str:
        """Return what stands behind `resolve:secretsmanager:`.

        Args:
            secret_arn: The secret, or its attachment.
            json_field: The field, or None for the whole value.
            version_id: The version, or None.
            version_stage: The version's stage, or None for the current one.

        Raises:
            ConfigurationError: If it has no such field, or a version is named in both ways.
        """
        if version_id and version_stage:
            raise ConfigurationError("version_stage must not be given beside version_id, got both")
        self._use(json_field)
        return cdk.SecretValue.cfn_dynamic_reference_key(
            secret_arn, json_field=json_field, version_id=version_id, version_stage=version_stage
        )

    def attach(self) -> None:
        """Know the fields that an attachment adds."""
        self._is_attached = True

    def _use(self, json_field: str | None) -> None:
        if json_field is not None:
            check_field(self.content, json_field, further=_OF_AN_ATTACHMENT if self._is_attached else ())
        if not self._is_announced:
            self._is_announced = True
            cdk.Annotations.of(self.secret).add_info_v2(
                _REFERRED_TO,
                "a dynamic reference puts the value where the template says, and whoever may read that resource may "
                "see it there; whoever deploys as a deployer of the secret can have any stack resolve one",
            )


def check_field(content: "Content", field: str, *, further: tuple[str, ...] = ()) -> None:
    """Refuse a field that the secret does not have: the deployment would fail when it is resolved.

    Args:
        content: What the secret holds.
        field: The field.
        further: Fields that are added after the secret is made.

    Raises:
        ConfigurationError: If it has none of that name.
    """
    known = sorted({*(content.field_names or ()), *further})
    if not known:
        raise ConfigurationError(f"json_field must not be said of a text, got {spoken(field)}; use secret_value")
    if field not in known:
        raise ConfigurationError(f"json_field must be one of {', '.join(known)}, got {spoken(field)}")


def check_demanded(content: "Content", demanded: frozenset[str]) -> None:
    """Refuse a rotation that looks for fields which the secret does not have.

    Args:
        content: What the secret holds.
        demanded: What is looked for.

    Raises:
        ConfigurationError: If one is missing.
    """
    missing = sorted(demanded - set(content.field_names or ()))
    if missing:
        raise ConfigurationError(
            "content must hold the fields that the rotation reads, as Generated.database(...) does, got one without "
            f"{', '.join(missing)}"
        )
