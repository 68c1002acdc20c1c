"""SecretGrants: who is let in to a secret is let in everywhere: in IAM, under its keys, by its resource policy."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_iam as iam

from constructs_lib.secret_actions import ADMINISTER_SECRET, ROTATE_SECRET, STOP_SECRET_REPLICATION, WRITE_SECRET
from constructs_lib.secrets.hosted_function import HostedFunction
from constructs_lib.secrets.hosted_roles import hosted_roles
from constructs_lib.secrets.named_people import ADMINISTRATORS, READERS, ROTATORS, WRITERS, NamedPeople
from constructs_lib.service_access.secrets_manager import (
    read_secret,
    read_secret_from_another_account,
    write_secret,
)

if TYPE_CHECKING:
    from constructs_lib.naming.grantees import Grantee
    from constructs_lib.secrets.resource_policy import ResourcePolicy
    from constructs_lib.secrets.rotation import Rotation
    from constructs_lib.secrets.secret_in_iam import SecretInIam
    from constructs_lib.secrets.secret_key import SecretKey


@dataclass(frozen=True, kw_only=True)
class SecretGrants:
    """Lets people in to one secret.

    Attributes:
        people: Who is named.
        policy: Its resource policy.
        in_iam: Its IAM side.
        key: Its key.
        replica_keys: Those of its replicas.
        rotation: How it is rotated; None if it is not.
    """

    people: NamedPeople
    policy: "ResourcePolicy"
    in_iam: "SecretInIam"
    key: "SecretKey"
    replica_keys: "tuple[SecretKey, ...]"
    rotation: "Rotation | None" = None

    def read(
        self, grantee: iam.IGrantable, *, argument: str = "grantee", version_stages: Sequence[str] | None = None
    ) -> iam.Grant:
        """Let somebody read the secret and its replicas.

        Args:
            grantee: Who.
            argument: What a refusal calls him.
            version_stages: The only stages of which he may read the value. Default: any.

        Raises:
            ConfigurationError: If he cannot be named.
        """
        found = self.people.read(READERS, grantee, argument)
        is_foreign = any(self.people.is_foreign(each.principal) for each in found.people)
        use = read_secret_from_another_account if is_foreign else read_secret
        for key in (self.key, *self.replica_keys):
            key.admit(use, grantee)
        self._name(READERS, found)
        return self.in_iam.allow_reading(grantee, found, version_stages)

    def write(self, grantee: iam.IGrantable, *, argument: str = "grantee") -> iam.Grant:
        """Let somebody put values, which are never read by it.

        Secrets Manager decrypts the value that is there, to see whether it is another one; so the key admits to that as
        well, and the resource policy keeps him from reading.

        Args:
            grantee: Who.
            argument: What a refusal calls him.

        Raises:
            ConfigurationError: If he cannot be named, or is of another account.
        """
        found = self.people.read(WRITERS, grantee, argument)
        self._let_write(grantee)
        self._name(WRITERS, found)
        return self.in_iam.allow(grantee, found, WRITE_SECRET)

    def rotate(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let the role of a function rotate the secret.

        Args:
            grantee: The function.

        Raises:
            ConfigurationError: If it has no role that can be named, or one of another account.
        """
        found = self.people.read(ROTATORS, grantee, "rotation")
        self._let_write(grantee)
        self._name(ROTATORS, found)
        return self.in_iam.allow(grantee, found, ROTATE_SECRET)

    def administer(self, grantee: iam.IGrantable, *, argument: str = "grantee") -> iam.Grant:
        """Let somebody see to the life of the secret, without its value and its key, and ask for rotations.

        Args:
            grantee: Who.
            argument: What a refusal calls him.

        Raises:
            ConfigurationError: If he cannot be named, or is of another account.
        """
        found = self.people.read(ADMINISTRATORS, grantee, argument)
        self._name(ADMINISTRATORS, found)
        allowed = self.in_iam.allow(grantee, found, ADMINISTER_SECRET)
        stopping = self.in_iam.allow_on_replicas(grantee, found, STOP_SECRET_REPLICATION)
        allowed = allowed if stopping is None else allowed.combine(stopping)
        if self.rotation is None:
            return allowed
        return allowed.combine(self.in_iam.allow_invoking(grantee, found, self.rotation.invoked_as(self.in_iam.secret)))

    def rotate_hosted(self, function_arn: str) -> None:
        """Let a function of AWS rotate the secret, whose role nobody can name.

        Args:
            function_arn: The function, by its literal name.
        """
        function = self._hosted(function_arn, hosted_roles(self.in_iam.secret))
        self._let_write(_callers(function))
        self.people.hosted_function = function
        self.policy.write()
        cdk.Annotations.of(self.in_iam.secret).add_info_v2(
            "cdk-key-management:hosted-rotation-by-name",
            f"the hosted rotation is known by the session {function.session} of roles {function.roles}, since its role "
            "is made during the deployment: whoever may assume such a role, under that name, reads and writes",
        )

    def read_by_function(self, function_arn: str, roles: str) -> None:
        """Let a function of AWS read the secret, which rotates another one as a superuser.

        Args:
            function_arn: The function, by its literal name.
            roles: The pattern of its role's ARN.
        """
        function = self._hosted(function_arn, roles)
        self.key.admit(read_secret, _callers(function))
        self.people.reading_functions += (function,)
        self.policy.write()

    def _hosted(self, function_arn: str, roles: str) -> HostedFunction:
        text = self.people.text
        return HostedFunction(arn=text.text(function_arn), roles=text.text(roles))

    def _let_write(self, grantee: iam.IGrantable) -> None:
        for key in (self.key, *self.replica_keys):
            key.admit(write_secret, grantee)

    def _name(self, kind: str, grantee: "Grantee") -> None:
        if self.people.add(kind, grantee):
            self.policy.write()


def _callers(function: HostedFunction) -> iam.IPrincipal:
    """Return whoever of the account may be the function, as the resource policy knows it, and is allowed in IAM."""
    return iam.AccountRootPrincipal().with_conditions(function.conditions)
