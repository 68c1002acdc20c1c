"""WatchedKey: what everybody may ask a key: who and where it is, and what its policy says."""

from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from aws_cdk.interfaces.aws_kms import KeyReference

from constructs_lib.guardrails.plugin import guard
from constructs_lib.policy_door import open_door
from constructs_lib.taking_back import announce_taken_back

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aws_cdk import aws_kms as kms
    from constructs import Node

    from constructs_lib.growing_policy import GrowingPolicy
    from constructs_lib.guardrails.unchecked_keys import KnownTexts
    from constructs_lib.naming.stack_facts import StackFacts


class WatchedKey:
    """A key and its ARN and id, where it is in the templates, what its policy must be there, and whom it admits."""

    _facts: "StackFacts"
    _policy: "GrowingPolicy"
    _cfn: "kms.CfnKey | kms.CfnReplicaKey"
    checked_settings: "Mapping[str, object]"
    """The arguments that its L1 key was made with, as far as they are known without asking the CDK."""

    if TYPE_CHECKING:

        @property
        def node(self) -> Node:
            """Where the key is in the tree."""

    @cached_property
    def _arn(self) -> str:
        return self._cfn.attr_arn

    @cached_property
    def _id(self) -> str:
        return self._cfn.ref

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

    def _watch(self) -> None:
        """Have the app know the key: grants on its L1 find it, and the guardrails check it."""
        open_door(self._facts.root, cast("kms.IKey", self))
        self._facts.keys.append(cast("kms.IKey", self))
        if self.is_taken_back:
            announce_taken_back(self._facts.stack)
        guard(self._facts.root, self)

    @property
    def is_taken_back(self) -> bool:
        """Whether its policy leaves statements out on purpose, for an import."""
        return self._facts.taken_back

    def place(self, known: "KnownTexts") -> tuple[str, str]:
        """Return the name of the template file that defines the key, and the key's logical id there.

        Args:
            known: What texts became in the templates, as far as other keys asked already.
        """
        return self._facts.template_file, self._facts.logical_id_of(
            cast("kms.IKey", self), known.setdefault(self._facts.path, {})
        )

    @property
    def path(self) -> str:
        """The construct path."""
        return self.node.path

    def checked_policy(self, known: "KnownTexts | None" = None) -> dict[str, Any]:
        """Return the key policy that passed the checks, as the template must write it.

        Args:
            known: What texts became in the templates, as far as other keys asked already.
        """
        return self._policy.checked(known)

    def holders_of(self, actions: Iterable[str]) -> tuple[str, ...]:
        """Name whoever may do one of these actions by the constructor or a grant, beside the deployers."""
        return self._policy.holders_of(actions)

    @property
    def creating_services(self) -> tuple[str, ...] | None:
        """The AWS services through which deployers may create what it encrypts; None for every one of the Region."""
        return self._policy.creating_services

    def lacking_to_create(self, service: str, *, deployer: str = "", usual: str = "") -> tuple[str, ...]:
        """Return the actions that whoever creates resources through an AWS service lacks.

        Args:
            service: The first part of `kms:ViaService`.
            deployer: The role that deploys them; empty if unknown.
            usual: The role that deploys the key's own stack; empty if unknown.
        """
        return self._policy.lacking_to_create(service, deployer=deployer, usual=usual)
