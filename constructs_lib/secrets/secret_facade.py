"""SecretFacade: what constructs of the CDK ask of a secret, be it the secret itself or its attachment."""

from typing import TYPE_CHECKING, NoReturn

import aws_cdk as cdk
import jsii
from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk.interfaces.aws_secretsmanager import SecretReference

from constructs_lib.errors import ConfigurationError
from constructs_lib.wiring.given_resources import spoken

if TYPE_CHECKING:
    from constructs_lib.secrets.dynamic_references import DynamicReferences


@jsii.implements(secretsmanager.ISecret)
class SecretFacade(cdk.Resource):
    """The part of an `ISecret` that says which secret it is, and refers to its value.

    Constructs of the CDK give what Python takes by keyword as one object. jsii takes it apart for a method that names
    its keywords; one that takes any must take the object too.
    """

    _arn: str
    _references: "DynamicReferences"

    @property
    def secret_arn(self) -> str:
        """The ARN, with the six characters that Secrets Manager appends; of an attachment, to wait for it."""
        return self._arn

    @property
    def secret_full_arn(self) -> str:
        """The same."""
        return self._arn

    @property
    def secret_ref(self) -> SecretReference:
        """The secret for constructs that take a reference instead of an `ISecret`."""
        return SecretReference(secret_id=self._arn)

    @property
    def secret_value(self) -> cdk.SecretValue:
        """A dynamic reference to the whole value, for a property of a resource."""
        return self._references.value(self._arn)

    def secret_value_from_json(self, key: str) -> cdk.SecretValue:
        """Return a dynamic reference to one field, for a property of a resource.

        Args:
            key: The field.

        Raises:
            ConfigurationError: If it is no name, or the content has no such field.
        """
        given: object = key
        if not isinstance(given, str) or not given:
            raise ConfigurationError(
                f"key must be the name of a field, got {spoken(given)}; use secret_value for the whole value"
            )
        return self._references.value(self._arn, key)

    def cfn_dynamic_reference_key(
        self, *, json_field: str | None = None, version_id: str | None = None, version_stage: str | None = None
    ) -> str:
        """Return what stands behind `resolve:secretsmanager:` in a template.

        Args:
            json_field: The field. Default: the whole value.
            version_id: The version. Default: the current one.
            version_stage: The stage of the version. Default: the current one.

        Raises:
            ConfigurationError: If the content has no such field, or a version is named in both ways.
        """
        return self._references.key(
            self._arn, json_field=json_field, version_id=version_id, version_stage=version_stage
        )

    def deny_account_root_delete(self) -> None:
        """Change nothing: the policy denies deletion to everybody but administrators and deployers anyway."""

    def add_rotation_schedule(self, id: str, *given: object, **options: object) -> NoReturn:  # noqa: A002  # ISecret's
        """Refuse: the CDK's schedule would let in a function that the policy of the secret does not name.

        `rds.DatabaseInstance.add_rotation_single_user` and `secretsmanager.SecretRotation` come here too.

        Args:
            id: Name of the schedule.
            *given: The options as one object, as constructs of the CDK give them.
            **options: Whatever the CDK takes.

        Raises:
            ConfigurationError: Always; it says what to do.
        """
        del given, options
        raise ConfigurationError(
            f"[{self.node.path}] rotation= must be given to ManagedSecret, such as rotation=ByFunction(function=..., "
            f"schedule=...) or Hosted(...), got add_rotation_schedule({id!r})"
        )
