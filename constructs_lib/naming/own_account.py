"""The account of a stack as a principal."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import aws_cdk as cdk

    from constructs_lib.naming.token_text import TokenText

_ASKED = "_cdk_key_management_account"


def own_account(stack: "cdk.Stack", text: "TokenText") -> str:
    """Return `arn:...:root` of a stack's account, which is the same for every key of the stack.

    Args:
        stack: The stack.
        text: Names for its tokens.
    """
    known: str | None = getattr(stack, _ASKED, None)
    if known is None:
        known = text.text(f"arn:{stack.partition}:iam::{stack.account}:root")
        setattr(stack, _ASKED, known)
    return known
