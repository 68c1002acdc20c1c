"""KindOfSecretEvent: one kind of event of a secret, as a pattern and as a message."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from constructs_lib.watching.messages import CALL_FACTS, CALL_PATHS, RECORDED_FACTS, Message
from constructs_lib.wiring.call_pattern import API_CALL, NOT_REFUSED, SERVICE_EVENT
from constructs_lib.wiring.secret_in_records import SecretInRecords

_SERVICE = "secretsmanager"


class Naming(Enum):
    """By what a record is known to be of a secret."""

    ANSWER = "in_answer"
    """The answer of the call."""
    ANSWER_TO_OTHERS = "in_answer_to_others"
    """The same, of calls that its rotation did not make."""
    ANSWER_OR_REQUEST = "in_answer_or_request"
    """The answer, or what the caller wrote."""
    NEWS = "in_news"
    """What Secrets Manager adds to its own events."""
    REFUSAL = "in_refusal"
    """What the caller wrote, or the error says, of a call that was refused."""


@dataclass(frozen=True, kw_only=True)
class KindOfSecretEvent:
    """One kind of event.

    Attributes:
        headline: What happened, with `<event>` for the call and `{secret}` for the secret.
        remedy: What to do now. `{arn}` stands for the secret's ARN.
        names: The calls that do it, or what Secrets Manager calls it.
        naming: By what its record is known to be of a secret.
        facts: What the message says besides who, from where and when.
        paths: Where these facts are in the event.
        detail: What else the record must say.
        section: The section of the runbook.
    """

    headline: str
    remedy: tuple[str, ...]
    names: tuple[str, ...]
    naming: Naming = Naming.ANSWER_OR_REQUEST
    facts: tuple[str, ...] = ()
    paths: Mapping[str, str] = field(default_factory=dict)
    detail: Mapping[str, Any] = field(default_factory=dict)
    section: str

    @property
    def is_news(self) -> bool:
        """Whether Secrets Manager tells it by itself."""
        return self.naming is Naming.NEWS

    @property
    def is_read_only(self) -> bool:
        """Whether only a rule sees it that asks for events of calls which change nothing."""
        return self.naming is Naming.REFUSAL

    def pattern(self, secret: SecretInRecords) -> dict[str, Any]:
        """Return the pattern of these events of one secret.

        Args:
            secret: The secret.
        """
        named: Mapping[str, Any] = getattr(secret, self.naming.value)
        # Its own events have an error message where something failed, and need no permission that could be refused.
        succeeded = {} if self.naming in {Naming.NEWS, Naming.REFUSAL} else NOT_REFUSED
        return {
            "source": [f"aws.{_SERVICE}"],
            "detail-type": [SERVICE_EVENT if self.is_news else API_CALL],
            "detail": {
                "eventSource": [f"{_SERVICE}.amazonaws.com"],
                "eventName": list(self.names),
                **succeeded,
                **{each: {**self.detail.get(each, {}), **named.get(each, {})} for each in self.detail},
                **{each: said for each, said in named.items() if each not in self.detail},
            },
        }

    def message(self, secret: SecretInRecords) -> Message:
        """Return what is said of such an event.

        Args:
            secret: The secret.
        """
        return Message(
            headline=self.headline.replace("{secret}", secret.called),
            facts=(
                f"Secret: {secret.called}, {secret.arn}",
                *self.facts,
                *(RECORDED_FACTS if self.is_news else CALL_FACTS),
            ),
            remedy=tuple(step.replace("{arn}", secret.arn) for step in self.remedy),
            section=self.section,
            paths={**CALL_PATHS, **self.paths},
        )
