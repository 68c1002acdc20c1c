"""KeyResource: a `kms.IKey` in whose policy every grant arrives as exact, checked statements."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NoReturn

import aws_cdk as cdk
import jsii
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk.interfaces.aws_kms import KeyReference

from constructs_lib.account_notes import announce_account, announce_left_to_iam
from constructs_lib.actions import DECRYPT, ENCRYPT, EVERYTHING, covering, exact
from constructs_lib.alias_name import PREFIX, full_alias_name
from constructs_lib.cdk_statement import CdkStatement
from constructs_lib.errors import ConfigurationError
from constructs_lib.guardrails.plugin import guard
from constructs_lib.iam_side import allow_in_iam, as_seen_by, granted_by_key_policy
from constructs_lib.key_grants import KeyGrants
from constructs_lib.key_policy import Administration, KeyPolicy
from constructs_lib.naming.deployment_role import deployment_role
from constructs_lib.naming.grantees import Grantee, Grantees
from constructs_lib.naming.people import read_people
from constructs_lib.naming.token_text import TokenText
from constructs_lib.policy_door import open_door
from constructs_lib.principals import Effect, Permission
from constructs_lib.statements import render_policy
from constructs_lib.taking_back import importable, is_taken_back

if TYPE_CHECKING:
    from constructs import Construct

    from constructs_lib.naming.role_names import UnnamedRoles


@jsii.implements(kms.IKey)
class KeyResource(cdk.Resource):
    """What every kind of key does with people and grants.

    The policy is plain data, checked and rendered here and handed to the CDK after each change. Whatever a construct
    of the CDK asks for ends in exact actions, and whoever it names is named without a reference to another stack.
    """

    def __init__(
        self, scope: "Construct", construct_id: str, *, alias: str | None, unnamed_roles: "UnnamedRoles"
    ) -> None:
        """Prepare for naming people; the kind of key then calls `_define`.

        Args:
            scope: The construct that owns the key.
            construct_id: Name within `scope`.
            alias: The first alias, without its prefix, by which roles far away are bound to the key.
            unnamed_roles: What to do with unnamed roles of other stacks.
        """
        super().__init__(scope, construct_id)
        self._stack = cdk.Stack.of(self)
        self._text = TokenText(self._stack)
        self._grantees = Grantees(self, self._text, unnamed_roles)
        self._granted: list[Permission] = []
        self._taken_back = is_taken_back(self)
        self._alias_name = None if alias is None else full_alias_name(alias)

    def _define(
        self,
        *,
        people: Mapping[str, Sequence[iam.IGrantable]],
        administration: Administration,
        services: Sequence[str] | None,
        removal: cdk.RemovalPolicy,
        make: Callable[[dict[str, Any]], kms.CfnKey],
    ) -> None:
        """Write the policy for the people of the constructor and make the key with it."""
        stack, read = self._stack, read_people(self._grantees, people)
        callers = {role: [caller for _, grantee in pairs for caller in grantee.callers] for role, pairs in read.items()}
        self._policy = KeyPolicy(
            account=self._text.text(f"arn:{stack.partition}:iam::{stack.account}:root"),
            region=self._text.text(stack.region),
            administration=administration,
            services=services,
            **{**callers, "deployers": callers["deployers"] or [deployment_role(stack, self._text)]},
        )
        self._cfn = make(self._rendered(()))
        self._arn, self._id = self._cfn.attr_arn, self._cfn.ref
        open_door(self._stack, self)
        if not self._taken_back:  # statements are left out on purpose then
            guard(self.node.root, self)
        self._cfn.apply_removal_policy(removal)
        if self._alias_name is not None:
            named = kms.CfnAlias(self, "Alias", alias_name=self._alias_name, target_key_id=self._id)
            named.apply_removal_policy(removal)
        for role, pairs in read.items():
            for person, grantee in pairs:
                actions = self._policy.actions_of(role)
                if grantee.far and actions:  # named by name: KMS asks the person's own policy too
                    allow_in_iam(self, self._alias_name, person, grantee, actions)

    def _rendered(self, granted: Sequence[Permission]) -> dict[str, Any]:
        statements = self._policy.statements(granted)
        return dict(self._text.with_tokens(render_policy(importable(statements) if self._taken_back else statements)))

    @property
    def key_arn(self) -> str:
        """The key's ARN."""
        return self._arn

    @property
    def key_id(self) -> str:
        """The key's id, the last part of its ARN."""
        return self._id

    @property
    def key_ref(self) -> KeyReference:
        """The key for constructs that take a reference instead of an `IKey`."""
        return KeyReference(key_arn=self._arn, key_id=self._id)

    @property
    def grants(self) -> KeyGrants:
        """The same grants in the CDK's newer spelling: `key.grants.decrypt(role)`."""
        return KeyGrants(self)

    def grant(self, grantee: iam.IGrantable, *actions: str) -> iam.Grant:
        """Allow a caller exact actions, in the key policy and, where it has one, in its own.

        Args:
            grantee: A role, user, service, account, organization or federated principal. A role of another stack is
                named by name and path, without a reference between the stacks.
            *actions: KMS actions. Wildcards are taken for the actions of use that they match; `kms:CreateGrant` is
                given for AWS resources only; `kms:ReEncryptFrom` without `kms:Decrypt` is left out.

        Returns:
            The grant; its principal statement is absent for callers without a policy of their own.

        Raises:
            ConfigurationError: If an action is not one that this kind of key has, or if KMS cannot name the caller.
        """
        allowed = self._exact(actions)
        read = self._grantees.read(grantee.grant_principal)
        if read.far:
            as_seen_by(read.far, self, self._alias_name)  # refuses before anything is written
        self._admit(read, allowed)
        in_iam = allow_in_iam(self, self._alias_name, grantee, read, allowed)
        return in_iam or granted_by_key_policy(self, self._cfn, grantee, allowed)

    def grant_decrypt(self, grantee: iam.IGrantable) -> iam.Grant:
        """Allow a caller to decrypt: `kms:Decrypt`."""
        return self.grant(grantee, *DECRYPT)

    def grant_encrypt(self, grantee: iam.IGrantable) -> iam.Grant:
        """Allow a caller to encrypt and to generate data keys, and not to decrypt."""
        return self.grant(grantee, *ENCRYPT)

    def grant_encrypt_decrypt(self, grantee: iam.IGrantable) -> iam.Grant:
        """Allow a caller to encrypt, to generate data keys and to decrypt."""
        return self.grant(grantee, *ENCRYPT, *DECRYPT)

    def grant_sign(self, grantee: iam.IGrantable) -> iam.Grant:
        """Refuse: this kind of key cannot sign."""
        return self._refuse("sign", grantee)

    def grant_verify(self, grantee: iam.IGrantable) -> iam.Grant:
        """Refuse: this kind of key cannot verify."""
        return self._refuse("verify", grantee)

    grant_sign_verify = grant_sign

    def grant_generate_mac(self, grantee: iam.IGrantable) -> iam.Grant:
        """Refuse: this kind of key cannot generate MACs."""
        return self._refuse("generate MACs", grantee)

    def grant_verify_mac(self, grantee: iam.IGrantable) -> iam.Grant:
        """Refuse: this kind of key cannot verify MACs."""
        return self._refuse("verify MACs", grantee)

    def add_to_resource_policy(
        self,
        statement: iam.PolicyStatement,
        allow_no_op: bool | None = None,  # noqa: ARG002, FBT001  # kms.IKey has it
    ) -> iam.AddToResourcePolicyResult:
        """Add a statement to the key policy, in exact actions and canonical form.

        Args:
            statement: For principals that KMS can name; its Sid and resources do not matter.
            allow_no_op: Without effect; part of `kms.IKey`.

        Returns:
            That the statement was added.

        Raises:
            ConfigurationError: If the statement says `NotAction` or `NotPrincipal`, allows everybody, locks out the
                deployer, or names actions that this kind of key does not have.
        """
        with self._naming_the_key():
            asked = CdkStatement.read(statement)
        read = self._grantees.from_json(asked.principals, asked.conditions, effect=asked.effect)
        if asked.effect == "Allow" and EVERYTHING in asked.actions and read.is_only(self._policy.account):
            announce_left_to_iam(self)  # ECS Exec asks for this so that IAM may decide
        else:
            self._admit(read, self._exact(asked.actions, asked.effect), asked.effect)
        return iam.AddToResourcePolicyResult(statement_added=True, policy_dependable=self._cfn)

    def add_alias(self, alias: str) -> kms.Alias:
        """Give the key a further alias, with or without the prefix `alias/`, which lives as long as the key.

        Raises:
            ConfigurationError: If KMS would refuse the name.
        """
        alias = alias.removeprefix(PREFIX)
        added = kms.Alias(self, f"Alias{alias}", alias_name=full_alias_name(alias), target_key=self)
        if self._cfn.cfn_options.deletion_policy == cdk.CfnDeletionPolicy.RETAIN_EXCEPT_ON_CREATE:
            added.apply_removal_policy(cdk.RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE)
        return added

    @property
    def place(self) -> tuple[str, str]:
        """The name of the template file that defines the key, and the key's logical id there."""
        return self._stack.template_file, self._stack.resolve(self._cfn.logical_id)

    @property
    def path(self) -> str:
        """The construct path."""
        return self.node.path

    def checked_policy(self) -> dict[str, Any]:
        """Return the key policy that passed the checks, as the template must write it."""
        return dict(self._stack.resolve(self._rendered(self._granted)))

    def _admit(self, read: Grantee, actions: tuple[str, ...], effect: Effect = "Allow") -> None:
        new = [Permission(caller, actions, read.conditions, effect) for caller in read.callers]
        new = [permission for permission in new if permission not in self._granted]
        if new:
            granted = [*self._granted, *new]
            with self._naming_the_key():
                self._cfn.key_policy = self._rendered(granted)
            self._granted = granted
            announce_account(self, self._policy.account, new)

    def _exact(self, actions: Sequence[str], effect: Effect = "Allow") -> tuple[str, ...]:
        with self._naming_the_key():
            return exact(actions) if effect == "Allow" else covering(actions)

    @contextmanager
    def _naming_the_key(self) -> Iterator[None]:
        try:
            yield
        except ConfigurationError as error:
            raise ConfigurationError(f"[{self.node.path}] {error}") from error

    def _refuse(self, use: str, grantee: iam.IGrantable) -> NoReturn:
        raise ConfigurationError(f"[{self.node.path}] an encryption key cannot {use}, asked for {grantee}")
