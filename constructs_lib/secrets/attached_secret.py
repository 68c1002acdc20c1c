"""AttachedSecret: a secret together with the database whose address CloudFormation writes into it."""

from typing import TYPE_CHECKING, NoReturn, Protocol

import aws_cdk as cdk
import jsii
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk.interfaces.aws_secretsmanager import SecretReference

from constructs_lib.errors import ConfigurationError
from constructs_lib.wiring.given_resources import spoken

if TYPE_CHECKING:
    from collections.abc import Sequence

    from constructs import Construct

# https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-secretsmanager-secrettargetattachment.html
_TYPES = {
    "RDS_DB_INSTANCE": "AWS::RDS::DBInstance",
    "INSTANCE": "AWS::RDS::DBInstance",
    "RDS_DB_CLUSTER": "AWS::RDS::DBCluster",
    "CLUSTER": "AWS::RDS::DBCluster",
    "RDS_DB_PROXY": "AWS::RDS::DBProxy",
    "REDSHIFT_CLUSTER": "AWS::Redshift::Cluster",
    "DOCDB_DB_INSTANCE": "AWS::DocDB::DBInstance",
    "DOCDB_DB_CLUSTER": "AWS::DocDB::DBCluster",
}


class AttachableSecret(secretsmanager.ISecret, Protocol):
    """A secret that an attachment leaves all grants to."""

    def reference_key(
        self, secret_arn: str, *, json_field: str | None, version_id: str | None, version_stage: str | None
    ) -> str:
        """Return what a dynamic reference names, with the secret under the ARN of its attachment."""

    def value(self, secret_arn: str, json_field: str | None = None) -> cdk.SecretValue:
        """Return a dynamic reference, with the secret under the ARN of its attachment."""


@jsii.implements(secretsmanager.ISecret)
class AttachedSecret(cdk.Resource):
    """What `ManagedSecret.attach` returns: the same secret, known by an ARN that waits for the attachment.

    Whoever is granted it is granted the secret: in IAM, under the key and by the resource policy.
    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-secretsmanager-secrettargetattachment.html
    """

    def __init__(
        self,
        scope: "Construct",
        construct_id: str,
        *,
        secret: AttachableSecret,
        target: secretsmanager.SecretAttachmentTargetProps,
    ) -> None:
        """Attach a secret to a database.

        Args:
            scope: Where it stands: beneath the secret, or in the stack of the database.
            construct_id: Name within `scope`.
            secret: The secret.
            target: The database, as the CDK describes it.

        Raises:
            ConfigurationError: If the target is of a kind that cannot be attached to.
        """
        kind = target.target_type.name if target.target_type is not None else ""
        if kind not in _TYPES:
            raise ConfigurationError(f"target must be one of {', '.join(sorted(_TYPES))}, got {spoken(kind)}")
        super().__init__(scope, construct_id)
        self._secret = secret
        self.resource = secretsmanager.CfnSecretTargetAttachment(
            self, "Resource", secret_id=secret.secret_arn, target_id=target.target_id, target_type=_TYPES[kind]
        )
        self._arn = self.resource.ref

    @property
    def secret_arn(self) -> str:
        """The ARN of the secret, for what must wait for the attachment."""
        return self._arn

    @property
    def secret_full_arn(self) -> str:
        """The same."""
        return self._arn

    @property
    def secret_name(self) -> str:
        """The name of the secret."""
        return self._secret.secret_name

    @property
    def encryption_key(self) -> kms.IKey | None:
        """The key of the secret."""
        return self._secret.encryption_key

    @property
    def secret_ref(self) -> SecretReference:
        """The secret for constructs that take a reference instead of an `ISecret`."""
        return SecretReference(secret_id=self._arn)

    @property
    def secret_value(self) -> cdk.SecretValue:
        """A dynamic reference to the value."""
        return self._secret.value(self._arn)

    def secret_value_from_json(self, key: str) -> cdk.SecretValue:
        """Return a dynamic reference to one field."""
        return self._secret.value(self._arn, key)

    def cfn_dynamic_reference_key(
        self, *, json_field: str | None = None, version_id: str | None = None, version_stage: str | None = None
    ) -> str:
        """Return what a dynamic reference names."""
        return self._secret.reference_key(
            self._arn, json_field=json_field, version_id=version_id, version_stage=version_stage
        )

    def grant_read(self, grantee: iam.IGrantable, version_stages: "Sequence[str] | None" = None) -> iam.Grant:
        """Let somebody read the secret."""
        return self._secret.grant_read(grantee, version_stages)

    def grant_write(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let somebody put values."""
        return self._secret.grant_write(grantee)

    def add_to_resource_policy(self, statement: iam.PolicyStatement) -> iam.AddToResourcePolicyResult:
        """Add a statement to the resource policy of the secret."""
        return self._secret.add_to_resource_policy(statement)

    def deny_account_root_delete(self) -> None:
        """Change nothing: the policy of the secret denies it already."""
        self._secret.deny_account_root_delete()

    def attach(self, target: secretsmanager.ISecretAttachmentTarget) -> NoReturn:
        """Refuse a second database.

        Raises:
            ConfigurationError: Always.
        """
        raise ConfigurationError(f"[{self.node.path}] target must be one database, got another one {spoken(target)}")

    def add_rotation_schedule(self, id: str, **options: object) -> secretsmanager.RotationSchedule:  # noqa: A002  # ISecret's
        """Refuse what the secret refuses."""
        return self._secret.add_rotation_schedule(id, **options)  # type: ignore[arg-type]  # passed on as they came
