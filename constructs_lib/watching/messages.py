"""Message: what a person, or a chat, reads of an event; EventBridge puts the facts of the event into it.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html

A variable that the event does not have is left empty, so no sentence may depend on one. Values are not escaped: a
quotation mark in one would break a chat's JSON. So only texts stand here whose characters AWS restricts, and no lists,
of which it is not documented how they look in a text. The user agent, which the caller chooses freely and could silence
the news with, is not among them: the record has it. Nor does a chat get the ARN of who called: the path of an IAM user
may hold a quotation mark, and names may not.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from constructs_lib.watching.runbook import OF_THE_LIBRARY, Runbook

CALL_PATHS: Mapping[str, str] = {
    "account": "$.account",
    "arn": "$.detail.userIdentity.arn",
    "caller": "$.detail.userIdentity.accountId",
    "event": "$.detail.eventName",
    "id": "$.detail.eventID",
    "invoker": "$.detail.userIdentity.invokedBy",
    "principal": "$.detail.userIdentity.principalId",
    "region": "$.region",
    "role_name": "$.detail.userIdentity.sessionContext.sessionIssuer.userName",
    "source": "$.detail.sourceIPAddress",
    "time": "$.detail.eventTime",
    "type": "$.detail.userIdentity.type",
    "user_name": "$.detail.userIdentity.userName",
}
"""Where a call that CloudTrail recorded says what it was.

https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
"""

_RECORD = "AttributeKey=EventId,AttributeValue=<id>"
RECORDED_FACTS = (
    "When: <time>, account <account>, Region <region>",
    f"Record: aws cloudtrail lookup-events --region <region> --lookup-attributes {_RECORD}",
)
"""What every message about a record says: also about one of what a service did by itself, which nobody called."""

CALL_FACTS = ("Who: <arn> (<type>)", "Caller: <principal> of account <caller>", "From: <source>", *RECORDED_FACTS)
"""What every message about such a call says. The last part of a role's ARN is the session name: the caller chooses it.

Of a caller of another account there is no ARN: the principal and the account say who it was.
https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
"""

_ARN, _NAMES = "<arn>", "<user_name><role_name>"

NEWS_PATHS: Mapping[str, str] = {"account": "$.account", "id": "$.id", "region": "$.region", "time": "$.time"}
"""Where an event that a service sends by itself says what it is."""

NEWS_FACTS = ("When: <time>, account <account>, Region <region>", "Event: <id>")
"""What every message about such an event says."""


class Form(Enum):
    """How a message is written."""

    TEXT = "text"
    """Lines of text, each in quotation marks, which EventBridge demands of text.

    https://repost.aws/knowledge-center/guardduty-eventbridge-sns-rule
    """

    CHAT = "chat"
    """What Amazon Q Developer in chat applications shows.

    https://docs.aws.amazon.com/chatbot/latest/adminguide/custom-notifs.html
    """


@dataclass(frozen=True, kw_only=True)
class Message:
    """What is said of an event, with `<variables>` for what the event says.

    Attributes:
        headline: What happened to what.
        facts: One line each: who, from where, when.
        remedy: What to do now, one step each, the first with its command.
        section: The section of the runbook that goes on from there.
        paths: Variable to path in the event.
    """

    headline: str
    facts: tuple[str, ...]
    remedy: tuple[str, ...]
    section: str
    paths: Mapping[str, str]

    def template(self, form: Form, runbook: Runbook = OF_THE_LIBRARY) -> str:
        """Return the input template.

        Args:
            form: For whom.
            runbook: Where the section is. Default: in that of this library.

        Examples:
            >>> message = Message(headline="Gone: <key>", facts=(), remedy=(), section="first-look", paths={})
            >>> print(message.template(Form.TEXT, Runbook("wiki/keys")))
            "Gone: <key>"
            "Read on: wiki/keys#first-look"
        """
        if form is Form.CHAT:
            return json.dumps(self._chat(runbook)).replace(_ARN, _NAMES)
        steps = [f"Do now ({number}): {step}" for number, step in enumerate(self.remedy, 1)]
        lines = [self.headline, *self.facts, *steps, f"Read on: {runbook.section(self.section)}"]
        return "\n".join(json.dumps(line) for line in lines)

    def used_paths(self, form: Form) -> dict[str, str]:
        """Return the variables that the template has, with their paths.

        Args:
            form: For whom.
        """
        template = self.template(form)
        return {name: path for name, path in sorted(self.paths.items()) if f"<{name}>" in template}

    def _chat(self, runbook: Runbook) -> dict[str, object]:
        return {
            "version": "1.0",
            "source": "custom",
            "content": {
                "textType": "client-markdown",
                "title": self.headline,
                "description": "\n".join(self.facts),
                "nextSteps": [*self.remedy, f"Read on: {runbook.section(self.section)}"],
            },
        }
