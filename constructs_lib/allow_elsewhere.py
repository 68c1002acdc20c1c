"""AllowElsewhere: `allow` for a key whose policy this app cannot change."""

from typing import TYPE_CHECKING, cast

import aws_cdk as cdk

from constructs_lib.actions import CREATE_GRANT
from constructs_lib.errors import ConfigurationError
from constructs_lib.exact_actions import exact
from constructs_lib.granted_statements import FOR_AWS_RESOURCES
from constructs_lib.key_kind import SYMMETRIC
from constructs_lib.naming.cdk_principals import principal_of
from constructs_lib.naming.deployment_role import deployment_role
from constructs_lib.naming.service_principals import ServicePrincipals, check_key
from constructs_lib.principals import Permission, Principal, merge_conditions
from constructs_lib.refusals import refusals_of
from constructs_lib.service_access.creators import Grants, creator_of
from constructs_lib.service_access.service_use import SYMMETRIC as SYMMETRIC_SPEC
from constructs_lib.service_access.service_use import ServiceUse, via

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import aws_iam as iam
    from constructs import IConstruct, Node

    from constructs_lib.key_address import KeyAddress
    from constructs_lib.key_kind import KeyKind
    from constructs_lib.naming.callers_elsewhere import CallersElsewhere

_ANOTHER_SPEC = "another spec"


class AllowElsewhere:
    """Announces what a service needs, and writes the IAM policies of those who call through it."""

    kind: "KeyKind"
    _address: "KeyAddress"
    _callers: "CallersElsewhere"

    if TYPE_CHECKING:

        @property
        def node(self) -> Node:
            """Where the key is in the tree."""

        def grant(self, grantee: iam.IGrantable, *actions: str) -> iam.Grant:
            """Allow a caller exact actions."""

        def _announce(self, asked: Sequence[Permission], in_iam: Sequence[Principal] = ()) -> None:
            """Check permissions and announce them."""

    def allow(self, use: ServiceUse, *callers: "iam.IGrantable") -> None:
        """Announce what the key's policy must have for one use of the key by an AWS service, and for its creator.

        Callers get their side in IAM, under the conditions of the use. Where the creator is of the key's account, the
        announcement takes it that IAM allows him to create.

        Args:
            use: A use of the catalogue, such as `cloudtrail.write_logs(trail_name="main")`. Where it says neither
                account nor Region, those of the key are meant.
            *callers: Roles and users that use the key through the service, where the use is theirs.

        Raises:
            ConfigurationError: If the use takes another kind of key or another Region, if callers are missing or not
                taken, if KMS cannot name a caller, or if the key is managed by AWS, which admits no service.

        Examples:
            >>> from constructs_lib import ExistingKey
            >>> from constructs_lib.service_access.cloudwatch_logs import encrypt_log_group
            >>> key = ExistingKey.from_alias(cdk.Stack(cdk.App(), "Orders"), "Key", alias="orders")
            >>> key.allow(encrypt_log_group(log_group_name="orders"))
        """
        named = [read for caller in callers for read in self._callers.read(principal_of(caller, "callers")).callers]
        with refusals_of(self._construct):
            check_key(use, key_spec=self._spec_for(use), region=self._address.region)
            use.permissions(named)
        where, text = self._address, self._callers.text
        here = ServicePrincipals(cdk.Stack.of(self._construct), text, account=where.account, region=where.region)
        for allowance in use.running:
            with refusals_of(self._construct):
                actions = exact(allowance.actions, self.kind.actions)
            if not allowance.is_for_callers:
                self._announce(here.admitted(allowance, actions))
            for caller in callers if allowance.is_for_callers else ():
                self.grant(here.calling(caller, allowance), *actions)
        if use.creator:
            self._announce_creator(use.creator)

    @property
    def _construct(self) -> "IConstruct":
        return cast("IConstruct", self)  # which every class with this verb implements

    def _spec_for(self, use: object) -> str:
        """Return the spec of the key as far as its kind tells it: of an asymmetric key, the one that is asked for."""
        if self.kind.name == SYMMETRIC.name:
            return SYMMETRIC_SPEC
        asked = use.key_spec if isinstance(use, ServiceUse) else ""
        return asked if asked != SYMMETRIC_SPEC else _ANOTHER_SPEC

    def _announce_creator(self, service: str) -> None:
        stack, text, creator = cdk.Stack.of(self._construct), self._callers.text, creator_of(service)
        try:
            deployer = deployment_role(stack, text)
        except ConfigurationError:  # nobody can say who deploys
            return
        through = via(service, text.text(self._address.region))
        asked = [Permission(deployer, creator.actions, through)]
        if creator.grants is not Grants.NONE:
            asked.append(Permission(deployer, (CREATE_GRANT,), merge_conditions(through, FOR_AWS_RESOURCES)))
        own = text.text(self._address.account) == text.text(stack.account)
        self._announce(asked, [deployer] if own else [])
