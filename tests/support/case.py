"""One vector: a message and what a reader must make of it."""

from dataclasses import dataclass

from envelope.format.suites import CommitmentPolicy
from tests.support.suite_facts import FACTS

CONTEXT = {"purpose": "test"}
PLAINTEXT = b"attack at dawn"


@dataclass(frozen=True)
class Case:
    """A message, with `success`, `malformed`, `not-authentic` or `limit-exceeded`, and the stage that refuses it."""

    name: str
    expect: str
    message: bytes
    stage: str = ""
    plaintext: bytes = PLAINTEXT
    context: dict[str, str] | None = None
    suite_id: int = 0x0478
    refusing_policy: CommitmentPolicy | None = None

    @property
    def policy(self) -> CommitmentPolicy:
        """The strictest policy under which messages of this suite are read, unless the case is about another one."""
        if self.refusing_policy is not None:
            return self.refusing_policy
        facts = FACTS[self.suite_id]
        if facts.message_format == 2:
            return CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT
        if facts.derivation is not None:
            return CommitmentPolicy.REQUIRE_ENCRYPT_ALLOW_DECRYPT
        return CommitmentPolicy.UNSAFE_ALLOW_WITHOUT_DERIVATION
