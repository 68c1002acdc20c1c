"""The name of a role or user that a key policy knows by identity, where the name is known at synthesis."""

from typing import TYPE_CHECKING

from aws_cdk import aws_iam as iam

from constructs_lib.errors import ConfigurationError
from constructs_lib.naming.role_names import UnnamedRoles, named_arn
from constructs_lib.naming.token_text import referenced_in, tokens_in

if TYPE_CHECKING:
    import aws_cdk as cdk

    from constructs_lib.naming.token_text import TokenText

_ASKED = "_cdk_key_management_own_names"


class OwnNames:
    """Gives the ARNs that roles and users of one stack have by their names."""

    def __init__(self, stack: "cdk.Stack", text: "TokenText") -> None:
        """Start knowing nobody.

        Args:
            stack: The stack.
            text: Names for its tokens.
        """
        self._stack, self._text = stack, text
        self._known: dict[str, str] = {}

    @classmethod
    def of(cls, stack: "cdk.Stack", text: "TokenText") -> "OwnNames":
        """Return those of a stack, which all its keys share: asking the CDK takes long.

        Args:
            stack: The stack.
            text: Names for its tokens.
        """
        known: OwnNames | None = getattr(stack, _ASKED, None)
        if known is None:
            known = cls(stack, text)
            setattr(stack, _ASKED, known)
        return known

    def arn(self, text: str) -> str:
        """Return the ARN that a role or user has by its name, or what was given where there is none to be known.

        Args:
            text: What stands in a key policy, with names for tokens.
        """
        if not text.startswith("${"):
            return text
        if text not in self._known:
            self._known[text] = self._named(text) or text
        return self._known[text]

    def _named(self, text: str) -> str | None:
        target = referenced_in(self._text.with_tokens(text))
        if not isinstance(target, (iam.CfnRole, iam.CfnUser)):
            return None
        given = target.role_name if isinstance(target, iam.CfnRole) else target.user_name
        if given is None or (tokens_in(given) and not isinstance(self._stack.resolve(given), str)):
            return None
        try:
            return self._text.text(named_arn(target, UnnamedRoles.GIVE_NAME, self._stack))
        except ConfigurationError:  # a path that only the deployment knows
            return None
