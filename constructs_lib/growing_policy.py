"""GrowingPolicy: the policy of one key while constructs add to it, checked at each step."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from constructs_lib.service_access.lacking_to_create import lacking_to_create
from constructs_lib.statements import Statement, fitting, policy_of
from constructs_lib.taking_back import importable

if TYPE_CHECKING:
    import aws_cdk as cdk

    from constructs_lib.guardrails.unchecked_keys import KnownTexts
    from constructs_lib.key_policy import KeyPolicy
    from constructs_lib.naming.stack_facts import StackFacts
    from constructs_lib.principals import Permission


class GrowingPolicy:
    """What the constructor said and what was granted since."""

    def __init__(self, said: "KeyPolicy", facts: "StackFacts") -> None:
        """Start with what the constructor said.

        Args:
            said: The policy of the constructor's people.
            facts: Of the key's stack.

        Raises:
            ConfigurationError: If it is larger than KMS takes.
        """
        self._said, self._facts = said, facts
        self._granted: list[Permission] = []
        self._now = self._statements(said, [])

    def document(self) -> "dict[str, Any] | cdk.IResolvable":
        """Return the policy document for the CDK."""
        return self._facts.statements.policy(self._now)

    def admit(self, permissions: "Iterable[Permission]", creator: str = "") -> "list[Permission] | None":
        """Add what is not there yet: all of it or, if it is refused, nothing.

        Args:
            permissions: What is granted.
            creator: The service through which deployers must be able to create; empty for none.

        Returns:
            What is new among the permissions, or None if nothing changed.

        Raises:
            ConfigurationError: If the policy would lock the deployer out, let an administrator use the key, or be
                larger than KMS takes.
        """
        new = [permission for permission in permissions if permission not in self._granted]
        said = self._said.created_through(creator) if creator else self._said
        if not new and said is self._said:
            return None
        granted = [*self._granted, *new]
        self._now = self._statements(said, granted)  # refuses before anything is kept
        self._said, self._granted = said, granted
        return new

    def checked(self, known: "KnownTexts | None" = None) -> dict[str, Any]:
        """Return the policy document as the template must write it.

        Args:
            known: What texts became in the templates, as far as other keys asked already.
        """
        here = {} if known is None else known.setdefault(self._facts.path, {})
        return policy_of([self._facts.text.resolved(each, here) for each in self._now])

    def holders_of(self, actions: Iterable[str]) -> tuple[str, ...]:
        """Name whoever may do one of these actions by the constructor or a grant, beside the deployers."""
        return self._said.holders_of(actions, self._granted)

    @property
    def creating_services(self) -> tuple[str, ...] | None:
        """The AWS services through which deployers may create; None for every service of the Region."""
        return None if self._said.services is None else tuple(self._said.services)

    def lacking_to_create(self, service: str, *, deployer: str, usual: str) -> tuple[str, ...]:
        """Return the actions that whoever creates resources through an AWS service lacks.

        Args:
            service: The first part of `kms:ViaService`.
            deployer: The role that deploys them; empty if unknown.
            usual: The role that deploys the key's own stack; empty if unknown.
        """
        return lacking_to_create(service, self._said, granted=self._granted, deployer=deployer, usual=usual)

    def _statements(self, said: "KeyPolicy", granted: "Sequence[Permission]") -> tuple[Statement, ...]:
        statements = said.statements(granted)
        return fitting(importable(statements) if self._facts.taken_back else statements)
