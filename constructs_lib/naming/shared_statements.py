"""Statements as the CDK takes them. The keys of a stack say much the same, and it is sent to the CDK once."""

from typing import TYPE_CHECKING, Any

import aws_cdk as cdk

if TYPE_CHECKING:
    from constructs_lib.naming.token_text import TokenText
    from constructs_lib.statements import Statement


class SharedStatements:
    """The statements of one stack's keys."""

    def __init__(self, text: "TokenText") -> None:
        """Start without any.

        Args:
            text: Names for the tokens of the stack.
        """
        self._text = text
        self._seen: dict[str, cdk.IResolvable | None] = {}

    def written(self, statement: "Statement") -> dict[str, Any] | cdk.IResolvable:
        """Return a statement for the policy of an L1 key.

        The first time it is plain data. When it comes again, it becomes an object that the CDK keeps, which from then
        on costs a reference instead of its text.
        """
        known = self._seen.get(statement.text)
        if known is not None:
            return known
        rendered: dict[str, Any] = self._text.with_tokens(statement.render())
        if statement.text not in self._seen:
            self._seen[statement.text] = None
            return rendered
        kept = self._seen[statement.text] = cdk.Token.as_any(rendered)
        return kept
