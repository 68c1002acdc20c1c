"""SecretResource: a `secretsmanager.ISecret` whose every grant reaches IAM, the key and the secret's own policy."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_secretsmanager as secretsmanager

from constructs_lib.errors import ConfigurationError
from constructs_lib.naming.token_text import referenced_in
from constructs_lib.secrets.asked_statement import asked_statement
from constructs_lib.secrets.attached_secret import AttachedSecret
from constructs_lib.secrets.secret_facade import SecretFacade
from constructs_lib.secrets.secret_in_iam import check_version_stages
from constructs_lib.wiring.given_resources import spoken

if TYPE_CHECKING:
    from constructs import IConstruct

    from constructs_lib.secrets.secret_content import Content
    from constructs_lib.secrets.secret_grants import SecretGrants

_ATTACHMENT = "Attachment"


class SecretResource(SecretFacade):
    """What constructs of the CDK ask of a secret."""

    _name: str
    _key: kms.IKey
    _grants: "SecretGrants"
    _schedule: secretsmanager.CfnRotationSchedule | None = None
    _content: "Content"

    @property
    def secret_name(self) -> str:
        """The name."""
        return self._name

    @property
    def field_names(self) -> tuple[str, ...] | None:
        """The fields of its JSON; None for a text."""
        return self._content.field_names

    @property
    def encryption_key(self) -> kms.IKey:
        """The key."""
        return self._key

    @property
    def rotated_by(self) -> tuple[str, ...] | None:
        """The ARN of the role that rotates it; empty if nobody does, None if AWS makes that role in the deployment."""
        rotation, people = self._grants.rotation, self._grants.people
        if rotation is None:
            return ()
        named = (each.principal.named or each.principal.value for each in people.people.rotators)
        return None if rotation.grantee is None else tuple(map(people.text.with_tokens, named))

    def grant_read(self, grantee: iam.IGrantable, version_stages: Sequence[str] | None = None) -> iam.Grant:
        """Let somebody read the value: in IAM, under the key and by the resource policy, and of replicas as well.

        Args:
            grantee: A role or a user, also of another stack or account.
            version_stages: The only stages of which IAM lets him read; his requests must name one. Default: any.

        Raises:
            ConfigurationError: If he is a service, an account, everybody or otherwise nobody with a name.
        """
        check_version_stages(version_stages)
        return self._grants.read(grantee, version_stages=version_stages)

    def grant_write(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let somebody put values, and not read them.

        Args:
            grantee: A role or a user of the secret's account.

        Raises:
            ConfigurationError: If he cannot be named, or is of another account.
        """
        return self._grants.write(grantee)

    def grant_administer(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let somebody rotate the secret and delete it with time to recover, and neither read it nor change its policy.

        Args:
            grantee: A role or a user of the secret's account.

        Raises:
            ConfigurationError: If he cannot be named, or is of another account.
        """
        return self._grants.administer(grantee)

    def let_function_read(self, function_arn: str, roles: str) -> None:
        """Let a function read whose role nobody can name, since it is made during the deployment.

        Args:
            function_arn: The function, by its literal name.
            roles: The pattern of its role's ARN.
        """
        self._grants.read_by_function(function_arn, roles)

    def add_to_resource_policy(self, statement: iam.PolicyStatement) -> iam.AddToResourcePolicyResult:
        """Add a statement to the resource policy.

        Args:
            statement: With exact actions if it allows; its resources do not matter.

        Returns:
            That it was added.

        Raises:
            ConfigurationError: If it allows everybody, by wildcards, or what `grant_read`, `grant_write` and
                `administrators` are for, denies everybody something under no condition, or may keep deployers from
                changing the secret.
        """
        self._grants.policy.ask(asked_statement(statement, self._grants.people.text))
        return iam.AddToResourcePolicyResult(statement_added=True, policy_dependable=self._grants.policy.resource)

    def attach(self, target: secretsmanager.ISecretAttachmentTarget) -> AttachedSecret:
        """Have CloudFormation write the address of a database into the secret, for which it reads the value.

        Where the database is in another stack, the attachment stands there, so that the stacks make no cycle.

        Args:
            target: The database, cluster or proxy.

        Returns:
            The same secret, by an ARN that waits for the attachment.

        Raises:
            ConfigurationError: If it is attached already, to something that cannot be, or in another stack while it
                is rotated: the first rotation would not know the database.
        """
        if not hasattr(target, "as_secret_attachment_target"):
            raise ConfigurationError(
                f"[{self.node.path}] target must be a database, a cluster or a proxy, got {spoken(target)}"
            )
        described = target.as_secret_attachment_target()
        resource = referenced_in(described.target_id)
        home = cdk.Stack.of(self) if resource is None else cdk.Stack.of(resource)
        is_here = home.node.path == _stack(self)
        scope, name = (self, _ATTACHMENT) if is_here else (home, f"{_ATTACHMENT}Of{self.node.addr}")
        if self._attached is not None:
            raise ConfigurationError(f"[{self.node.path}] target must be the only one, got a second attachment")
        if self._schedule is not None and not is_here and _stack(self._schedule) == _stack(self):
            raise ConfigurationError(
                f"[{self.node.path}] target must be in the stack of a secret with rotation=, so that it is known when "
                f"the secret is rotated first, got one in {home.node.path}"
            )
        self._references.attach()
        self._attached = AttachedSecret(scope, name, secret=self, references=self._references, target=described)
        if self._schedule is not None:
            self._schedule.secret_id = self._attached.secret_arn
        return self._attached

    _attached: AttachedSecret | None = None


def _stack(construct: "IConstruct") -> str:
    return cdk.Stack.of(construct).node.path
