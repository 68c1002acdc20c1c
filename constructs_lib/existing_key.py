"""ExistingKey: a key that this app uses and does not own, with the methods of one that it does."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Self

import aws_cdk as cdk
import jsii
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk.interfaces.aws_kms import KeyReference

from constructs_lib.actions import EVERYTHING
from constructs_lib.allow_elsewhere import AllowElsewhere
from constructs_lib.cdk_statement import CdkStatement
from constructs_lib.condition_rules import check_conditions
from constructs_lib.errors import ConfigurationError
from constructs_lib.exact_actions import covering, exact
from constructs_lib.further_alias import further_alias
from constructs_lib.iam_elsewhere import is_of_own_account
from constructs_lib.iam_side import allow_on
from constructs_lib.key_address import KeyAddress
from constructs_lib.key_kind import SYMMETRIC, KeyKind
from constructs_lib.key_verbs import KeyVerbs
from constructs_lib.naming.callers_elsewhere import CallersElsewhere
from constructs_lib.naming.cdk_principals import principal_of
from constructs_lib.naming.role_names import UnnamedRoles
from constructs_lib.naming.token_text import TokenText
from constructs_lib.policy_elsewhere import PolicyElsewhere
from constructs_lib.principals import Effect, Permission, Principal
from constructs_lib.refusals import refusals_of

if TYPE_CHECKING:
    from constructs import Construct

    from constructs_lib.naming.grantees import Grantee


@jsii.implements(kms.IKey)
class ExistingKey(KeyVerbs, AllowElsewhere, cdk.Resource):
    """A key that exists: made by another app, by hand, in another account, or by AWS for a service.

    Its policy cannot be changed from here. A grant writes exact actions on this key alone into the caller's IAM policy,
    and announces at synthesis, once for each key, which statements the key's policy must have. `docs/existing-keys.md`
    says what that means for each kind of caller.

    Examples:
        >>> stack = cdk.Stack(cdk.App(), "Orders")
        >>> ExistingKey.from_alias(stack, "Key", alias="orders").key_id
        'alias/orders'
    """

    def __init__(self, scope: "Construct", construct_id: str, *, address: KeyAddress, kind: KeyKind) -> None:
        """Import a key: `from_arn`, `from_alias` and `from_lookup` say how it is found.

        Args:
            scope: The construct that uses the key.
            construct_id: Name within `scope`.
            address: Where it is.
            kind: What it can do.

        Raises:
            ConfigurationError: If the kind is none.
        """
        if not isinstance(kind, KeyKind):
            raise ConfigurationError(f"kind must be one of constructs_lib.key_kind, got {kind!r}")
        super().__init__(scope, construct_id, account=address.account, region=address.region)
        self.kind, self._address = kind, address
        stack = cdk.Stack.of(self)
        text = TokenText(stack)
        self._callers = CallersElsewhere(self, text, UnnamedRoles.MATCH_GENERATED_NAME)
        self._policy = PolicyElsewhere(
            self,
            name=text.text(str(address)),
            account=text.text(f"arn:{stack.partition}:iam::{address.account}:root"),
            resource=text.text(address.resource),
        )
        if address.is_of_another_region(stack):
            cdk.Annotations.of(self).add_warning_v2(
                "cdk-key-management:key-of-another-region",
                f"in {address.region}: AWS services encrypt with keys of their own Region only, so nothing of this "
                "stack can be encrypted under it; grants work",
            )

    @classmethod
    def from_arn(cls, scope: "Construct", construct_id: str, *, key_arn: str, kind: KeyKind = SYMMETRIC) -> Self:
        """Import a key by its ARN, of any account and Region.

        Args:
            scope: The construct that uses the key.
            construct_id: Name within `scope`.
            key_arn: The ARN of the key, not of an alias. A token is taken as it is.
            kind: What the key can do: one of `constructs_lib.key_kind`. Default: symmetric encryption.

        Raises:
            ConfigurationError: If it is no ARN of a key.

        Examples:
            >>> from constructs_lib.key_kind import SIGNING
            >>> arn = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
            >>> ExistingKey.from_arn(cdk.Stack(cdk.App()), "Releases", key_arn=arn, kind=SIGNING).kind.name
            'a signing key'
        """
        return cls(scope, construct_id, address=KeyAddress.by_arn(cdk.Stack.of(scope), key_arn), kind=kind)

    @classmethod
    def from_alias(cls, scope: "Construct", construct_id: str, *, alias: str, kind: KeyKind = SYMMETRIC) -> Self:
        """Import whichever key has an alias of the stack's account and Region when it is used.

        Args:
            scope: The construct that uses the key.
            construct_id: Name within `scope`.
            alias: With or without the prefix `alias/`. `aws/...` is a key that AWS manages for a service.
            kind: What the key can do: one of `constructs_lib.key_kind`. Default: symmetric encryption.

        Raises:
            ConfigurationError: If KMS has no such aliases.
        """
        return cls(scope, construct_id, address=KeyAddress.by_alias(cdk.Stack.of(scope), alias), kind=kind)

    @classmethod
    def from_lookup(cls, scope: "Construct", construct_id: str, *, alias: str, kind: KeyKind = SYMMETRIC) -> Self:
        """Import the key that has an alias today, as the CDK CLI finds it once and `cdk.context.json` keeps it.

        Until the CLI has looked, `kms.Key.is_lookup_dummy(key)` is true.

        Args:
            scope: The construct that uses the key.
            construct_id: Name within `scope`.
            alias: With or without the prefix `alias/`.
            kind: What the key can do: one of `constructs_lib.key_kind`. Default: symmetric encryption.

        Raises:
            ConfigurationError: If the alias is a token, or the stack's env does not name account and Region.
        """
        address = KeyAddress.looked_up(scope, alias, missing=kms.Key.DEFAULT_DUMMY_KEY_ID)
        return cls(scope, construct_id, address=address, kind=kind)

    @property
    def key_arn(self) -> str:
        """The key's ARN; for a key that is known by its alias alone, the alias's ARN."""
        return self._address.arn

    @property
    def key_id(self) -> str:
        """The key's id; for a key that is known by its alias alone, the alias with its prefix."""
        return self._address.key_id

    @property
    def key_ref(self) -> KeyReference:
        """The key for constructs that take a reference instead of an `IKey`."""
        return KeyReference(key_arn=self.key_arn, key_id=self.key_id)

    def grant(self, grantee: iam.IGrantable, *actions: str) -> iam.Grant:
        """Allow a caller exact actions in its IAM policy, and announce what the key's policy must have.

        Args:
            grantee: A role, user, service, account, organization or federated principal.
            *actions: KMS actions. Wildcards are taken for the actions of use that they match; `kms:CreateGrant` is
                given for AWS resources only; `kms:ReEncryptFrom` without `kms:Decrypt` is left out.

        Returns:
            The grant; without success for callers whose policies nothing here can write, such as services.

        Raises:
            ConfigurationError: If an action is not one that this kind of key has, if KMS cannot name the caller, or if
                the key is managed by AWS, which admits only the account itself.
        """
        with refusals_of(self):
            allowed = exact(actions, self.kind.actions)
        read = self._callers.read(principal_of(grantee))
        permissions = self._permissions(read, allowed)
        given = sorted({action for permission in permissions for action in permission.actions})
        in_iam = allow_on(self._address.resource, self._address.conditions, grantee, read, given)
        # For a role of another account that is imported the CDK reports success and writes nothing.
        principals = [each.principal for each in read.elsewhere]
        others = [who for who in principals if in_iam is None or not is_of_own_account(self, who)]
        written = [who for who in read.callers if (in_iam or read.far) and who not in others]
        self._ask(permissions, written)
        return in_iam or iam.Grant.drop(grantee, "the key policy is not changed from here")

    def add_to_resource_policy(
        self,
        statement: iam.PolicyStatement,
        allow_no_op: bool | None = None,  # noqa: FBT001  # kms.IKey has it
    ) -> iam.AddToResourcePolicyResult:
        """Announce a statement that the key's policy must have.

        Args:
            statement: For principals that KMS can name; its Sid and resources do not matter.
            allow_no_op: False to have it refused instead.

        Returns:
            That no statement was added.

        Raises:
            ConfigurationError: If a key policy cannot say it, or if that nothing is added is not allowed.
        """
        if allow_no_op is False:
            raise ConfigurationError(
                f"[{self.node.path}] allow_no_op must not be False for {self._address}, whose policy is not changed "
                "from here"
            )
        with refusals_of(self):
            asked = CdkStatement.read(statement)
        read = self._callers.from_json(asked.principals, asked.conditions, effect=asked.effect)
        leaves_to_iam = asked.effect == "Allow" and EVERYTHING in asked.actions and read.is_only(self._policy.account)
        if not leaves_to_iam:  # as ECS Exec asks, for the account
            with refusals_of(self):
                check = exact if asked.effect == "Allow" else covering
                actions = check(asked.actions, self.kind.actions)
            self._ask(self._permissions(read, actions, asked.effect))
        return iam.AddToResourcePolicyResult(statement_added=False)

    def add_alias(self, alias: str) -> kms.Alias:
        """Give the key a further alias, which goes with this stack.

        Args:
            alias: With or without the prefix `alias/`.

        Raises:
            ConfigurationError: If KMS would refuse the name, if only an alias of the key is known, or if the key is in
                another account or Region or managed by AWS: KMS makes aliases beside the key alone.
        """
        with refusals_of(self):
            self._address.check_takes_aliases(cdk.Stack.of(self))
        return further_alias(self, alias)

    def _permissions(self, read: "Grantee", actions: Sequence[str], effect: Effect = "Allow") -> list[Permission]:
        asked = [Permission(each.principal, tuple(actions), each.conditions, effect) for each in read.people]
        self._check(asked)
        return [needed for permission in asked for needed in self._policy.needed(permission)]

    def _check(self, asked: Sequence[Permission]) -> None:
        with refusals_of(self):
            for permission in asked:
                check_conditions(permission, self.kind.use)
                if self._address.is_managed_by_aws and not self._policy.is_own(permission.principal):
                    raise ConfigurationError(
                        f"grantee must be of the key's account for {self._address}, whose policy AWS wrote and nobody "
                        f"changes, got {permission.principal.value}; use a key of your own"
                    )

    def _announce(self, asked: Sequence[Permission], in_iam: Sequence[Principal] = ()) -> None:
        self._check(asked)
        self._ask(asked, in_iam)

    def _ask(self, permissions: Sequence[Permission], in_iam: Sequence[Principal] = ()) -> None:
        if not self._address.is_managed_by_aws:  # its policy admits whoever may use the service
            with refusals_of(self):
                self._policy.ask(permissions, in_iam)
