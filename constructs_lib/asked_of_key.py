"""AskedOfKey: what constructs of the CDK ask of one key, narrowed to what is needed of it, and what is said of that."""

from functools import cached_property
from typing import TYPE_CHECKING

from constructs_lib.account_notes import announce_narrowed, announce_unconditioned
from constructs_lib.errors import ConfigurationError
from constructs_lib.principals import Effect, Permission
from constructs_lib.service_access.narrowing import Narrowed, narrowed

if TYPE_CHECKING:
    from aws_cdk import aws_kms as kms

    from constructs_lib.naming.grantees import Grantee
    from constructs_lib.naming.stack_facts import StackFacts


class AskedOfKey:
    """The requests of one key, in their order."""

    def __init__(self, key: "kms.IKey", facts: "StackFacts") -> None:
        """Start without a request.

        Args:
            key: The key.
            facts: Of its stack.
        """
        self._key, self._facts = key, facts
        self._before: Permission | None = None

    def granted(self, grantee: "Grantee", actions: tuple[str, ...]) -> list[Narrowed]:
        """Return what is needed of what is granted.

        Args:
            grantee: Who asks.
            actions: Exact actions.

        Raises:
            ConfigurationError: If an AWS service needs none of them.
        """
        asked = _asked(grantee, actions, "Allow")
        found = [self._narrowed(each) for each in asked]
        for each, less in zip(asked, found, strict=True):
            if less.must:
                raise ConfigurationError(
                    f"[{self._key.node.path}] actions for {each.principal.value} must be {less.must}, "
                    f"got {', '.join(actions)}"
                )
        self._before = asked[-1] if asked else None
        return self._told(found)

    def stated(self, grantee: "Grantee", actions: tuple[str, ...], effect: Effect) -> list[Narrowed]:
        """Return what is needed of a statement that is added to the key policy.

        Args:
            grantee: Who is meant.
            actions: Exact actions.
            effect: Of the statement.
        """
        before, self._before = self._before, None
        return self._told([self._narrowed(each, before) for each in _asked(grantee, actions, effect)])

    @cached_property
    def _home(self) -> tuple[str, str]:
        text = self._facts.text.text
        return text(self._facts.partition), text(self._facts.account)

    def _narrowed(self, asked: Permission, before: Permission | None = None) -> Narrowed:
        partition, account = self._home
        return narrowed(asked, account=account, partition=partition, before=before)

    def _told(self, found: list[Narrowed]) -> list[Narrowed]:
        for less in found:
            announce_narrowed(self._key, less)
            announce_unconditioned(self._key, less.permissions)
        return found


def _asked(grantee: "Grantee", actions: tuple[str, ...], effect: Effect) -> list[Permission]:
    return [Permission(person.principal, actions, person.conditions, effect) for person in grantee.people]
