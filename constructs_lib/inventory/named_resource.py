"""NamedResource: a resource that IAM statements may name, and which of them do."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from constructs_lib.guardrails.common_matches import may_both_match
from constructs_lib.guardrails.references import References
from constructs_lib.guardrails.template_values import Located, Reference

DRAWN = "XXXXXXXX-XXXX"
"""What stands for an id that ACM draws: nobody writes it into a policy before."""

_UNKNOWN = re.compile(r"\$\{[^{}]*(\{.*?\})?[^{}]*\}", re.DOTALL)


@dataclass(frozen=True, kw_only=True)
class NamedResource:
    """A certificate or a secret.

    Attributes:
        places: Where the app defines it, and what stands for it there; none if the app does not define it.
        arn: Its ARN, with `*` for what only the deployment knows and `DRAWN` for an id that nobody knows before.
        account: The account whose people alone may be allowed something; empty if it is unknown, or others may.
        tags: Its tags, as far as templates say.
        has_all_tags: Whether it has no others.
        tagged_by: The action that writes its tags; empty if nobody's tagging is looked at.
    """

    places: frozenset[Located] = frozenset()
    arn: str
    account: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)
    has_all_tags: bool = False
    tagged_by: str = ""

    def may_be_meant(self, references: References, path: str, value: object) -> bool:
        """Whether a resource of a statement may be this one.

        Args:
            references: Of the app.
            path: The template file in which the statement stands.
            value: A resource of it.
        """
        resolved = references.resolved(path, value)
        if isinstance(resolved, Reference):
            return resolved.place in self.places
        return may_both_match(_UNKNOWN.sub("*", references.text(path, value)), self.arn)

    def is_meant(self, references: References, path: str, value: object) -> bool:
        """Whether a resource of a statement is this one for certain.

        Args:
            references: Of the app.
            path: The template file in which the statement stands.
            value: A resource of it.
        """
        resolved = references.resolved(path, value)
        if isinstance(resolved, Reference):
            return resolved.place in self.places
        text = references.text(path, value)
        if text == "*":
            return True
        return "${" not in text and "*" not in self.arn and _covers(text, self.arn)


def _covers(pattern: str, text: str) -> bool:
    regular = re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")
    return re.fullmatch(regular, text, re.DOTALL) is not None
