"""AttachedSecret: a secret together with the database whose address CloudFormation writes into it."""

from typing import TYPE_CHECKING, NoReturn

from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_secretsmanager as secretsmanager

from constructs_lib.errors import ConfigurationError
from constructs_lib.secrets.secret_facade import SecretFacade
from constructs_lib.wiring.given_resources import spoken
from constructs_lib.wiring.rotated_secret import TellsRotation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from constructs import Construct

    from constructs_lib.secrets.dynamic_references import DynamicReferences

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


class AttachedSecret(SecretFacade):
    """What `ManagedSecret.attach` returns: the same secret, known by an ARN that waits for the attachment.

    Whoever is granted it is granted the secret: in IAM, under the key and by the resource policy.
    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-secretsmanager-secrettargetattachment.html
    """

    def __init__(
        self,
        scope: "Construct",
        construct_id: str,
        *,
        secret: secretsmanager.ISecret,
        references: "DynamicReferences",
        target: secretsmanager.SecretAttachmentTargetProps,
    ) -> None:
        """Attach a secret to a database.

        Args:
            scope: Where it stands: beneath the secret, or in the stack of the database.
            construct_id: Name within `scope`.
            secret: The secret.
            references: Its dynamic references, which know the ARN of the attachment too.
            target: The database, as the CDK describes it.

        Raises:
            ConfigurationError: If the target is of a kind that cannot be attached to.
        """
        kind = target.target_type.name if target.target_type is not None else ""
        if kind not in _TYPES:
            raise ConfigurationError(f"target must be one of {', '.join(sorted(_TYPES))}, got {spoken(kind)}")
        super().__init__(scope, construct_id)
        self._secret, self._references = secret, references
        self.resource = secretsmanager.CfnSecretTargetAttachment(
            self, "Resource", secret_id=secret.secret_arn, target_id=target.target_id, target_type=_TYPES[kind]
        )
        self._arn = self.resource.ref

    @property
    def secret_name(self) -> str:
        """The name of the secret."""
        return self._secret.secret_name

    @property
    def encryption_key(self) -> kms.IKey | None:
        """The key of the secret."""
        return self._secret.encryption_key

    @property
    def rotated_by(self) -> tuple[str, ...] | None:
        """The ARN of the role that rotates the secret; empty if nobody does, None if it is not known."""
        return self._secret.rotated_by if isinstance(self._secret, TellsRotation) else None

    def grant_read(self, grantee: iam.IGrantable, version_stages: "Sequence[str] | None" = None) -> iam.Grant:
        """Let somebody read the secret."""
        return self._secret.grant_read(grantee, version_stages)

    def grant_write(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let somebody put values."""
        return self._secret.grant_write(grantee)

    def add_to_resource_policy(self, statement: iam.PolicyStatement) -> iam.AddToResourcePolicyResult:
        """Add a statement to the resource policy of the secret."""
        return self._secret.add_to_resource_policy(statement)

    def attach(self, target: secretsmanager.ISecretAttachmentTarget) -> NoReturn:
        """Refuse a second database.

        Raises:
            ConfigurationError: Always.
        """
        raise ConfigurationError(f"[{self.node.path}] target must be one database, got another one {spoken(target)}")
