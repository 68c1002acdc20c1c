"""KeySuccession: one alias, and the keys that stand behind it one after the other."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import aws_cdk as cdk
import jsii
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk.interfaces.aws_kms import KeyReference

from constructs_lib.actions import EVERYTHING
from constructs_lib.alias_name import full_alias_name
from constructs_lib.at_synthesis import at_synthesis
from constructs_lib.cdk_statement import CdkStatement
from constructs_lib.errors import ConfigurationError
from constructs_lib.exact_actions import exact
from constructs_lib.further_alias import further_alias
from constructs_lib.key_resource import KeyResource
from constructs_lib.key_verbs import KeyVerbs

if TYPE_CHECKING:
    from constructs import Construct

    from constructs_lib.service_access.service_use import ServiceUse


@jsii.implements(kms.IKey)
class KeySuccession(KeyVerbs, cdk.Resource):
    """An alias whose key is replaced now and then, for keys that KMS does not rotate, and the keys that it had before.

    Callers name the alias, and verify or decrypt what older keys made by the key id or ARN that they keep beside it.
    What makes something new (signing, encrypting, generating MACs) is granted on the current key and on those that
    stand by; what reads (verifying, decrypting, deriving shared secrets) on former ones as well. The alias keeps its
    name and is pointed to another key in place. `docs/alias-switch-over.md` has the deployments of a switch-over.
    https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html#rotate-keys-manually

    Examples:
        >>> import aws_cdk as cdk
        >>> from constructs_lib import SigningKey
        >>> stack = cdk.Stack(cdk.App(), "Releases")
        >>> old, new = (SigningKey(stack, f"Key{year}", alias=f"releases-{year}") for year in (2026, 2027))
        >>> KeySuccession(stack, "Releases", alias="releases", current=new, former=[old]).alias_name
        'alias/releases'
    """

    def __init__(
        self,
        scope: "Construct",
        construct_id: str,
        *,
        alias: str,
        current: KeyResource,
        standby: Sequence[KeyResource] = (),
        former: Sequence[KeyResource] = (),
    ) -> None:
        """Define the alias.

        Args:
            scope: The construct that owns the alias.
            construct_id: Name within `scope`. It is part of the logical id: changing it in a deployed stack makes
                CloudFormation ask for a second alias of the name, which KMS refuses.
            alias: What callers name, with or without the prefix `alias/`. It lives as long as the current key.
            current: The key that the alias points to.
            standby: Keys with the permissions of the current one: the next one, before the alias is pointed to it, and
                the last one, until every caller has seen the change. Default: none.
            former: Keys that verify or decrypt and make nothing new. Default: none.

        Raises:
            ConfigurationError: If the alias is malformed or belongs to one of the keys, if the keys are not different
                keys of one kind, key spec and stack, or if a former key lets somebody make something new.
        """
        name = full_alias_name(alias)
        super().__init__(scope, construct_id)
        self._current, self._standby, self._former = current, _listed("standby", standby), _listed("former", former)
        self._alias_name = name
        self._check_keys()
        self.kind = current.kind
        for found in self._mistakes():
            raise ConfigurationError(f"[{self.node.path}] {found}")
        pointing = kms.CfnAlias(self, "Resource", alias_name=name, target_key_id=current.key_id)
        self._live_as_long_as_the_key(pointing)
        at_synthesis(self, lambda: list(self._mistakes()))  # grants may come later

    @property
    def alias_name(self) -> str:
        """The alias with its prefix: what callers name when they make something new."""
        return self._alias_name

    @property
    def key_arn(self) -> str:
        """The ARN of the current key."""
        return self._current.key_arn

    @property
    def key_id(self) -> str:
        """The id of the current key."""
        return self._current.key_id

    @property
    def key_ref(self) -> KeyReference:
        """The current key for constructs that take a reference instead of an `IKey`."""
        return self._current.key_ref

    def grant(self, grantee: iam.IGrantable, *actions: str) -> iam.Grant:
        """Allow a caller exact actions: all of them on the current key and those that stand by.

        Args:
            grantee: As for each of the keys.
            *actions: KMS actions. On former keys those that make something new are left out.

        Raises:
            ConfigurationError: If an action is not one that this kind of key has, or if KMS cannot name the caller.
        """
        given = self._current.grant(grantee, *actions)
        for key in self._standby:
            given = given.combine(key.grant(grantee, *actions))
        reading = [action for action in exact(actions, self.kind.actions) if action not in self.kind.making]
        for key in self._former if reading else ():
            given = given.combine(key.grant(grantee, *reading))
        return given

    def allow(self, use: "ServiceUse", *callers: iam.IGrantable) -> None:
        """Allow an AWS service what one use needs, with symmetric keys whose material is imported, say.

        The current key and those that stand by give all of it. Former keys give what reads what is encrypted already,
        with the grants that services make for that, and nothing that creation needs.

        Args:
            use: A use of the catalogue. A resource that names a key keeps it until a deployment names the next one.
            *callers: Roles and users that use the keys through the service, where the use is theirs.

        Raises:
            ConfigurationError: As each of the keys raises it.
        """
        for key in (self._current, *self._standby):
            key.allow(use, *callers)
        reading = use.without(self.kind.making)
        for key in self._former if reading.running else ():
            key.allow(reading, *callers)

    def add_to_resource_policy(
        self,
        statement: iam.PolicyStatement,
        allow_no_op: bool | None = None,  # noqa: FBT001  # kms.IKey has it
    ) -> iam.AddToResourcePolicyResult:
        """Add a statement to the key policies; to those of former keys without what makes something new.

        Args:
            statement: As for each of the keys.
            allow_no_op: Without effect; part of `kms.IKey`.

        Raises:
            ConfigurationError: If one of the keys refuses the statement.
        """
        added = self._current.add_to_resource_policy(statement, allow_no_op)
        for key in self._standby:
            key.add_to_resource_policy(statement, allow_no_op)
        reading = self._reading(statement)
        if reading is not None:
            for key in self._former:
                key.add_to_resource_policy(reading, allow_no_op)
        return added

    def add_alias(self, alias: str) -> kms.Alias:
        """Give the current key a further alias, which is pointed to its successors as the first one is.

        Args:
            alias: With or without the prefix `alias/`.

        Raises:
            ConfigurationError: If KMS would refuse the name, or the succession has it already.
        """
        added = further_alias(self, alias)
        self._live_as_long_as_the_key(added)
        return added

    def _reading(self, statement: iam.PolicyStatement) -> iam.PolicyStatement | None:
        """Return what a statement says about former keys, or None if it is nothing."""
        asked = CdkStatement.read(statement)
        if asked.effect == "Deny" or EVERYTHING in asked.actions:
            return statement  # a Deny holds everywhere; what kms:* means is decided by each key
        reading = [action for action in exact(asked.actions, self.kind.actions) if action not in self.kind.making]
        return iam.PolicyStatement.from_json({**statement.to_statement_json(), "Action": reading}) if reading else None

    def _live_as_long_as_the_key(self, alias: kms.CfnAlias | kms.Alias) -> None:
        key = self._current.node.default_child
        durable = cdk.CfnDeletionPolicy.RETAIN_EXCEPT_ON_CREATE
        kept = isinstance(key, cdk.CfnResource) and key.cfn_options.deletion_policy == durable
        removal = cdk.RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE if kept else cdk.RemovalPolicy.DESTROY
        alias.apply_removal_policy(removal)

    @property
    def _keys(self) -> "Iterator[tuple[str, KeyResource]]":
        yield "current", self._current
        yield from (("standby", key) for key in self._standby)
        yield from (("former", key) for key in self._former)

    def _check_keys(self) -> None:
        """Refuse what cannot stand behind one alias.

        KMS points an alias only to keys of the same type and usage, and callers name the algorithm, so one key spec.
        https://docs.aws.amazon.com/kms/latest/APIReference/API_UpdateAlias.html

        Raises:
            ConfigurationError: If one of the keys is no key, another kind of key, elsewhere, or there twice.
        """
        seen: set[str] = set()
        stack = cdk.Stack.of(self).node.path
        for argument, key in self._keys:
            if not isinstance(key, KeyResource):
                raise ConfigurationError(
                    f"[{self.node.path}] {argument} must be keys of this library, got {type(key).__name__}"
                )
            path = key.node.path
            if path in seen:
                raise ConfigurationError(f"[{self.node.path}] {argument} must be another key, got {path} twice")
            if cdk.Stack.of(key).node.path != stack:
                raise ConfigurationError(f"[{self.node.path}] {argument} must be in the stack of the alias, got {path}")
            wanted, got = ((each.kind.name, each.key_spec) for each in (self._current, key))
            if got != wanted:
                raise ConfigurationError(
                    f"[{self.node.path}] {argument} must be {' of '.join(wanted)} as the current key is, "
                    f"got {path}, {' of '.join(got)}"
                )
            seen.add(path)

    def _mistakes(self) -> Iterator[str]:
        """Yield what grants and aliases can still make wrong, now or later."""
        for argument, key in self._keys:
            aliases = [child for child in key.node.find_all() if isinstance(child, kms.CfnAlias)]
            if any(child.alias_name == self._alias_name for child in aliases):
                yield (
                    f"alias must not be given to a key as well, got {self._alias_name} for {argument} {key.node.path}"
                )
        for key in self._former:
            holders = key.holders_of(self.kind.making)
            if holders:
                yield (
                    f"former must be keys with which nobody makes anything new, got {key.node.path}, whose policy "
                    f"still gives {', '.join(sorted(self.kind.making))} to {', '.join(holders)}"
                )


def _listed(argument: str, keys: object) -> tuple[KeyResource, ...]:
    if isinstance(keys, str) or not isinstance(keys, Sequence):
        raise ConfigurationError(f"{argument} must be a sequence of keys, got {type(keys).__name__}")
    return tuple(keys)
