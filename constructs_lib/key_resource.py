"""KeyResource: a `kms.IKey` in whose policy every grant arrives as exact, checked statements."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
import jsii
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms

from constructs_lib.account_notes import announce_account, announce_left_to_iam
from constructs_lib.actions import EVERYTHING
from constructs_lib.asked_of_key import AskedOfKey
from constructs_lib.cdk_statement import CdkStatement
from constructs_lib.constructor_policy import constructor_policy
from constructs_lib.errors import ConfigurationError
from constructs_lib.exact_actions import covering, exact
from constructs_lib.further_alias import further_alias
from constructs_lib.growing_policy import GrowingPolicy
from constructs_lib.guards import check_guards
from constructs_lib.iam_side import allow_in_iam, as_seen_by, granted_by_key_policy
from constructs_lib.key_settings import KeyMaterial, KeySettings, KeyState, Lifecycle, ReadSettings, read_settings
from constructs_lib.key_verbs import KeyVerbs
from constructs_lib.naming.cdk_principals import principal_of
from constructs_lib.naming.grantees import Grantees
from constructs_lib.naming.service_principals import ServicePrincipals, check_key
from constructs_lib.naming.stack_facts import StackFacts
from constructs_lib.principals import Effect, Permission
from constructs_lib.service_access.narrowing import Narrowed
from constructs_lib.service_access.service_use import SYMMETRIC as SYMMETRIC_SPEC
from constructs_lib.unaliased_keys import announce_unaliased
from constructs_lib.watched_key import WatchedKey

if TYPE_CHECKING:
    from constructs import Construct

    from constructs_lib.key_kind import KeyKind
    from constructs_lib.service_access.service_use import ServiceUse

_REMOVAL = {
    Lifecycle.DURABLE: cdk.RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    Lifecycle.EPHEMERAL: cdk.RemovalPolicy.DESTROY,
}


@jsii.implements(kms.IKey)
class KeyResource(KeyVerbs, WatchedKey, cdk.Resource):
    """What every kind of key does with people and grants.

    The policy is plain data, checked and rendered here and handed to the CDK after each change. Whatever a construct
    of the CDK asks for ends in exact actions, and whoever it names is named without a reference to another stack.
    """

    twins: "Mapping[str, KeyResource]" = MappingProxyType({})
    """Keys with its key id, by Region, itself among them; only a multi-Region key has any."""

    def __init__(
        self,
        scope: "Construct",
        construct_id: str,
        *,
        kind: "KeyKind",
        people: Mapping[str, Sequence[iam.IGrantable]],
        properties: Mapping[str, Any],
        settings: KeySettings,
        services: Sequence[str] | None = (),
    ) -> None:
        """Write the policy for the people of the constructor and make the key with it.

        Args:
            scope: The construct that owns the key.
            construct_id: Name within `scope`.
            kind: What the key can do.
            people: The people of its kind: argument to principals.
            properties: Properties of the L1 key that only this kind has.
            settings: What every kind of key may be told.
            services: AWS services through which deployers may use the key; None for all of the Region.
        """
        read = read_settings(settings, kind)
        self.kind = kind.with_imported_material() if read.material is KeyMaterial.IMPORTED else kind
        rotation_days = properties.get("rotation_period_in_days")
        check_guards(read.guards, kind=self.kind, waiting_days=read.waiting_days, rotation_days=rotation_days)
        super().__init__(scope, construct_id)
        self._facts = StackFacts.of(scope).also_of(self)
        self._stack, self._text = self._facts.stack, self._facts.text
        self._grantees = Grantees(self, self._text, read.unnamed_roles, read.naming)
        self._asked = AskedOfKey(self, self._facts)
        self._alias_name = read.alias_name
        self.key_spec = str(properties.get("key_spec", SYMMETRIC_SPEC))
        self._said, self._persons = constructor_policy(
            self._grantees, kind=self.kind, people=people, read=read, services=services
        )
        self._policy = GrowingPolicy(self._said, self._facts)
        self._cfn = self._make(self._policy.document(), read, properties)
        self._finish(read)
        self._allow_people()

    def _allow_people(self) -> None:
        for argument, pairs in self._persons.items():
            for person, grantee in pairs:
                actions = self._said.actions_of(argument) if grantee.asks_iam else ()
                if actions:  # named by name: KMS asks the person's own policy too
                    allow_in_iam(self, self._alias_name, person, grantee, actions)

    def _make(
        self, policy: dict[str, Any] | cdk.IResolvable, read: ReadSettings, properties: Mapping[str, Any]
    ) -> kms.CfnKey | kms.CfnReplicaKey:
        self.checked_settings = {**properties, "pending_window_in_days": read.waiting_days}
        return kms.CfnKey(
            self,
            "Resource",
            description=read.description,
            enabled=False if read.state is KeyState.DISABLED else None,
            key_policy=policy,
            origin="EXTERNAL" if read.material is KeyMaterial.IMPORTED else None,
            pending_window_in_days=read.waiting_days,
            **properties,
        )

    def _finish(self, read: ReadSettings) -> None:
        self._watch()
        self._removal = _REMOVAL[read.lifecycle]
        self._cfn.apply_removal_policy(self._removal)
        if self._alias_name is not None:
            named = kms.CfnAlias(self, "Alias", alias_name=self._alias_name, target_key_id=self._id)
            named.apply_removal_policy(self._removal)
        elif read.lifecycle is Lifecycle.DURABLE:
            announce_unaliased(self)
        for name, value in read.tags.items():
            cdk.Tags.of(self).add(name, value)

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
            ConfigurationError: If an action is not one that this kind of key has, if an AWS service of the catalogue
                needs none of the actions, or if KMS cannot name the caller.
        """
        allowed = self._exact(actions)
        read = self._grantees.read(principal_of(grantee))
        if read.far:
            as_seen_by(read.far, self, self._alias_name)  # refuses before anything is written
        needed = self._needed(self._asked.granted(read, allowed))
        self._admit(needed)
        given = tuple(sorted({action for permission in needed for action in permission.actions}))
        in_iam = allow_in_iam(self, self._alias_name, grantee, read, given) if given else None
        return in_iam or granted_by_key_policy(self, self._cfn, grantee, given or allowed)

    def allow(self, use: "ServiceUse", *callers: iam.IGrantable) -> None:
        """Allow an AWS service what one use of the key needs, and its creator what creation needs: nothing else.

        Args:
            use: A use of the catalogue, such as `cloudtrail.write_logs(trail_name="main")`.
            *callers: Roles and users that use the key through the service, where the use is theirs.

        Raises:
            ConfigurationError: If the use takes another kind of key or another Region, if callers are missing or not
                taken, or if KMS cannot name a caller.

        Examples:
            >>> from constructs_lib import EncryptionKey
            >>> from constructs_lib.service_access.cloudwatch_logs import encrypt_log_group
            >>> key = EncryptionKey(cdk.Stack(cdk.App(), "Orders"), "Key")
            >>> key.allow(encrypt_log_group(log_group_name="orders"))
        """
        named = [read for caller in callers for read in self._grantees.read(principal_of(caller, "callers")).callers]
        with self._naming_the_key():
            check_key(use, key_spec=self.key_spec, region=self._stack.region)
            use.permissions(named)
        here = ServicePrincipals(self._stack, self._text)
        for allowance in use.running:
            if not allowance.is_for_callers:
                self._admit(here.admitted(allowance, self._exact(allowance.actions)))
            for caller in callers if allowance.is_for_callers else ():
                self.grant(here.calling(caller, allowance), *allowance.actions)
        self._admit([], use.creator)

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
        if asked.effect == "Allow" and EVERYTHING in asked.actions and read.is_only(self._said.account):
            announce_left_to_iam(self)  # ECS Exec asks for this so that IAM may decide
        else:
            actions = self._exact(asked.actions, asked.effect)
            self._admit(self._needed(self._asked.stated(read, actions, asked.effect)))
        return iam.AddToResourcePolicyResult(statement_added=True, policy_dependable=self._cfn)

    def add_alias(self, alias: str) -> kms.Alias:
        """Give the key a further alias, with or without the prefix `alias/`, which lives as long as the key.

        Raises:
            ConfigurationError: If KMS would refuse the name, or the key has it already.
        """
        added = further_alias(self, alias)
        added.apply_removal_policy(self._removal)
        return added

    def _needed(self, found: Sequence[Narrowed]) -> list[Permission]:
        for less in found:
            self._admit([], less.creator)
        return [permission for less in found for permission in less.permissions]

    def _admit(self, permissions: Sequence[Permission], creator: str = "") -> None:
        with self._naming_the_key():
            new = self._policy.admit(permissions, creator)
        if new is not None:
            self._cfn.key_policy = self._policy.document()
            announce_account(self, self._said.account, new)

    def _exact(self, actions: Sequence[str], effect: Effect = "Allow") -> tuple[str, ...]:
        with self._naming_the_key():
            check = exact if effect == "Allow" else covering
            return check(actions, self.kind.actions)

    @contextmanager
    def _naming_the_key(self) -> Iterator[None]:
        try:
            yield
        except ConfigurationError as error:
            raise ConfigurationError(f"[{self.node.path}] {error}") from error
