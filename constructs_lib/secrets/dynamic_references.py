"""DynamicReferences: what templates say instead of a value, and what CloudFormation needs to put it there."""

from collections.abc import Callable
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
_LET_READ = "cdk-key-management:deployers-read"


@dataclass
class DynamicReferences:
    """The dynamic references to one secret.

    CloudFormation resolves them with the deployer's permissions, who then must be able to read.
    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references-secretsmanager.html

    Attributes:
        secret: The secret.
        content: What it holds.
        let_deployers_read: Admits them, and returns whether that is new.
    """

    secret: cdk.Resource
    content: "Content"
    let_deployers_read: Callable[[], bool]
    _is_attached: bool = False

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
        """Know the fields that an attachment adds, and have deployers read, with whose permissions that is done."""
        self._is_attached = True
        self._admit("it is attached to a database, which CloudFormation does by reading and writing the value")

    def _use(self, json_field: str | None) -> None:
        if json_field:
            check_field(self.content, json_field, further=_OF_AN_ATTACHMENT if self._is_attached else ())
        self._admit("a dynamic reference is resolved with their permissions")

    def _admit(self, reason: str) -> None:
        if self.let_deployers_read():
            cdk.Annotations.of(self.secret).add_info_v2(
                _LET_READ,
                f"deployers may read the value: {reason}; without that they create the value and never see it",
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
