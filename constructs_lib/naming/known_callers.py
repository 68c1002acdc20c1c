"""Whether it is known at synthesis whom a principal names. With `*` as value a parameter would make the key public."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import aws_cdk as cdk

from constructs_lib.errors import ConfigurationError
from constructs_lib.naming.stack_facts import StackFacts
from constructs_lib.naming.token_text import referenced_in
from constructs_lib.principals import arn_parts

if TYPE_CHECKING:
    from constructs import IConstruct

    from constructs_lib.naming.token_text import TokenText

_NAME = re.compile(r"\$\{[^}]*\}")
_PSEUDO_PARAMETER = "${AWS::"
_IMPORT = "Fn::ImportValue"
_DYNAMIC = "{{resolve:"
"""https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html"""


def check_known(key: "IConstruct", value: str, text: "TokenText", argument: str) -> None:
    """Refuse somebody whom a parameter, an import or a dynamic reference names, but for the number of an account.

    Args:
        key: In whose policy the principal will stand.
        value: The principal, with names for tokens.
        text: Those names.
        argument: What a refusal calls it.

    Raises:
        ConfigurationError: If only the deployment knows who it is. What a resource of the app says of itself is known
            well enough.
    """
    if "{" not in value:
        return
    names = [name for name in _NAME.findall(_without_account(value)) if not name.startswith(_PSEUDO_PARAMETER)]
    if _DYNAMIC in value or any(_is_given(text.with_tokens(name), StackFacts.of(key).stack) for name in names):
        raise ConfigurationError(
            f"[{key.node.path}] {argument} must be known at synthesis, got {value}, which a parameter, an import or a "
            "dynamic reference decides and with * would be everybody; name a role of the app, or give a literal ARN"
        )


def _without_account(value: str) -> str:
    try:
        parts = arn_parts(value)
    except ConfigurationError:  # a token as a whole
        return value
    return ":".join((*parts[:4], parts[5]))


def _is_given(token: str, stack: cdk.Stack) -> bool:
    target = referenced_in(token)
    if target is not None:
        return isinstance(target, cdk.CfnParameter)
    references = set(_references(_but_account(stack.resolve(token))))
    return _IMPORT in references or not references.isdisjoint(_parameters_of(stack) if references else ())


def _but_account(value: Any) -> Any:  # noqa: ANN401  # any JSON value
    """Return an expression without the account, where it joins an ARN of texts and references."""
    items = value.get("Fn::Join", ("", None))[1] if isinstance(value, dict) else None
    if not isinstance(items, list):
        return value
    text = "".join(item if isinstance(item, str) else f"${{{number}}}" for number, item in enumerate(items))
    kept = _NAME.findall(_without_account(text))
    return [items[int(name[2:-1])] for name in kept if name[2:-1].isdigit()]


def _references(value: Any) -> Iterator[str]:  # noqa: ANN401  # any JSON value
    """Yield what an expression of CloudFormation refers to, and that it imports."""
    if isinstance(value, dict):
        for name, item in value.items():
            if name == _IMPORT:
                yield name
            elif name == "Ref" and isinstance(item, str):
                yield item
            else:
                yield from _references(item)
    elif isinstance(value, list):
        for item in value:
            yield from _references(item)


def _parameters_of(stack: cdk.Stack) -> set[str]:
    found = [each for each in stack.node.find_all() if isinstance(each, cdk.CfnParameter)]
    return {str(stack.resolve(each.logical_id)) for each in found}
