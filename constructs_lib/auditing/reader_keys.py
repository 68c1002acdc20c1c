"""Keys that readers use: who of them is named by a key's policy, and what IAM must allow beside that."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms

from constructs_lib.at_synthesis import at_synthesis
from constructs_lib.auditing.log_file_access import Access
from constructs_lib.auditing.named_readers import name_of
from constructs_lib.naming.service_principals import ServicePrincipals
from constructs_lib.naming.token_text import TokenText
from constructs_lib.wiring.transport_keys import TakesUses

if TYPE_CHECKING:
    from constructs import Construct

    from constructs_lib.auditing.seen_from import SeenFrom
    from constructs_lib.service_access.service_use import ServiceUse


@dataclass(frozen=True, kw_only=True)
class ReaderKey:
    """A key and what readers do with it.

    Attributes:
        key: The key itself: an alias allows nothing in IAM.
        use: A use of the catalogue for callers.
    """

    key: kms.IKey
    use: "ServiceUse"

    def accesses(self, scope: "Construct") -> Iterator[Access]:
        """Yield what the use takes, as IAM policies say it.

        Args:
            scope: Where the record is.
        """
        stack = cdk.Stack.of(scope)
        here, anybody = ServicePrincipals(stack, TokenText(stack)), iam.AccountPrincipal(stack.account)
        for allowance in self.use.running:
            conditions = here.calling(anybody, allowance).policy_fragment.conditions
            yield Access(sid="", actions=allowance.actions, resource=self.key.key_arn, conditions=conditions)

    def in_iam(self, seen_from: "SeenFrom") -> Iterator[iam.PolicyStatement]:
        """Yield what a policy of readers says of the key. `ExistingKey` writes into policies of readers itself.

        Args:
            seen_from: How the policy sees the key.
        """
        if self._is_written_at(seen_from.record) or not isinstance(self.key, TakesUses):
            seen = seen_from.key(self.key)
            for access in self.accesses(seen_from.record):
                yield replace(access, resource=seen.arn, conditions=seen.under(access.conditions)).in_iam()

    def admit(self, scope: "Construct", reader: iam.IPrincipal) -> None:
        """Have the policy of a key of this library name a reader to whom the policy of readers is attached.

        A grant would write an inline policy of the reader as well, in which the policy of readers stands again. The
        policy of a key of the CDK leaves roles and users of its account to IAM.

        Args:
            scope: Where the policy of readers is.
            reader: Who reads.
        """
        if not isinstance(self.key, TakesUses):
            return
        if not self._is_written_at(scope):
            self.key.allow(self.use, reader)
            return
        stack = cdk.Stack.of(scope)
        here = ServicePrincipals(stack, TokenText(stack))
        for allowance in self.use.running:
            access = Access(sid="", actions=allowance.actions, resource="*", conditions={})
            self.key.add_to_resource_policy(access.beside(here.calling(reader, allowance)))

    def tell_owner(self, scope: "Construct", readers: Sequence[iam.IPrincipal]) -> None:
        """Announce what the owner of an imported key must add. `ExistingKey` announces that itself.

        Args:
            scope: In whose name, and where the policy of readers is.
            readers: Who reads; none if that is left to whoever attaches the policy.
        """
        if isinstance(self.key, TakesUses) or cdk.Resource.is_owned_resource(self.key):
            return

        def announce() -> list[str]:  # what a role is called may be settled at synthesis
            text = TokenText(cdk.Stack.of(scope))
            names = [text.text(name_of(reader)) for reader in readers]
            statements = [
                text.text(json.dumps(_of(replace(access, resource="*"), readers).to_statement_json()))
                for access in self.accesses(scope)
            ]
            cdk.Annotations.of(scope).add_warning_v2(
                "cdk-key-management:readers-not-admitted",
                f"the policy of {self.key.node.path} cannot be written from here; unless it leaves this to IAM, its "
                f"owner must add this statement for {', '.join(names) or 'readers'}, or nothing can be read: "
                f"{', '.join(statements)}",
            )
            return []

        at_synthesis(scope, announce)

    def _is_written_at(self, scope: "Construct") -> bool:
        """Whether it is a key of this library, whose ARN a policy that is here can hold."""
        mine, its = cdk.Stack.of(scope), self.key.env
        is_ours = isinstance(self.key, TakesUses) and cdk.Resource.is_owned_resource(self.key)
        return is_ours and (mine.account, mine.region) == (its.account, its.region)


def _of(access: Access, readers: Iterable[iam.IPrincipal]) -> iam.PolicyStatement:
    statement = access.in_iam()
    statement.add_principals(*readers)
    return statement
