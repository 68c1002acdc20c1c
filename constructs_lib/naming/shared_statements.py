"""Policies as the CDK takes them. The keys of a stack say much the same, and the same is sent to the CDK once."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import aws_cdk as cdk

from constructs_lib.statements import policy_of

if TYPE_CHECKING:
    from constructs_lib.naming.token_text import TokenText
    from constructs_lib.statements import Statement

_Said = TypeVar("_Said", str, tuple[str, ...])


class SharedStatements:
    """What the policies of one stack's keys say.

    What comes for the first time is plain data. When it comes again, it becomes an object that the CDK keeps, which
    from then on costs a reference instead of its text.
    """

    def __init__(self, text: "TokenText") -> None:
        """Start without any.

        Args:
            text: Names for the tokens of the stack.
        """
        self._text = text
        self._statements: dict[str, cdk.IResolvable | None] = {}
        self._policies: dict[tuple[str, ...], cdk.IResolvable | None] = {}

    def policy(self, statements: "Sequence[Statement]") -> dict[str, Any] | cdk.IResolvable:
        """Return the policy of an L1 key.

        Args:
            statements: All that it says.
        """
        said = tuple(statement.text for statement in statements)
        return _shared(self._policies, said, lambda: policy_of([self._statement(each) for each in statements]))

    def _statement(self, statement: "Statement") -> dict[str, Any] | cdk.IResolvable:
        return _shared(self._statements, statement.text, lambda: self._text.with_tokens(statement.render()))


def _shared(
    known: dict[_Said, cdk.IResolvable | None], said: _Said, write: Callable[[], dict[str, Any]]
) -> dict[str, Any] | cdk.IResolvable:
    kept = known.get(said)
    if kept is not None:
        return kept
    written = write()
    if said not in known:
        known[said] = None
        return written
    kept = known[said] = cdk.Token.as_any(written)
    return kept
