"""GuardedKey: a key as the guardrails see it."""

from typing import Protocol

from constructs_lib.guardrails.unchecked_keys import CheckedKey, KnownTexts


class GuardedKey(CheckedKey, Protocol):
    """A key as the guardrails see it."""

    def place(self, known: KnownTexts) -> tuple[str, str]:
        """Return the name of its template file and its logical id.

        Args:
            known: What other keys asked already.
        """

    @property
    def is_taken_back(self) -> bool:
        """Whether its policy leaves statements out on purpose, for an import."""

    def lacking_to_create(self, service: str, /, *, deployer: str, usual: str) -> tuple[str, ...]:
        """Return the actions that whoever creates resources through an AWS service lacks.

        Args:
            service: The first part of `kms:ViaService`.
            deployer: The role that deploys them; empty if unknown.
            usual: The role that deploys the key's own stack; empty if unknown.
        """
