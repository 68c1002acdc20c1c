"""TokenText: CDK tokens as readable names in plain text, and back.

Policies are plain data, sorted and compared as text. A token is text too, but its number says when it was made and
not what it means, so it can be neither sorted nor merged. Here `${Token[TOKEN.42]}` becomes
`${Orders/Reader/Resource.Arn}` and, in the rendered policy, a token again.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, cast
from weakref import WeakValueDictionary

import aws_cdk as cdk
from constructs import IConstruct

from constructs_lib.errors import ConfigurationError

if TYPE_CHECKING:
    from constructs_lib.statements import Statement

_TOKEN = re.compile(r"\$\{Token\[[^\]]*\]\}")
_NAME = re.compile(r"\$\{[^}]*\}")
_NOT_IN_NAMES = re.compile(r"[{}:]")  # a colon would make it a variable of IAM
_PSEUDO_PARAMETERS = {
    "${AWS::AccountId}": cdk.Aws.ACCOUNT_ID,
    "${AWS::Partition}": cdk.Aws.PARTITION,
    "${AWS::Region}": cdk.Aws.REGION,
    "${AWS::URLSuffix}": cdk.Aws.URL_SUFFIX,
}

_STANDING_FOR: WeakValueDictionary[str, IConstruct] = WeakValueDictionary()


class TokenText:
    """The tokens of one stack and their names."""

    def __init__(self, stack: cdk.Stack) -> None:
        """Start without any name but those of the pseudo parameters.

        Args:
            stack: In whose template the text will stand.
        """
        self._stack = stack
        # Known beforehand: these stand in every key policy, and asking what they mean costs four round trips each.
        self._names: dict[str, str] = {token: name for name, token in _PSEUDO_PARAMETERS.items()}
        self._tokens = dict(_PSEUDO_PARAMETERS)

    def text(self, value: str) -> str:
        """Return the string with each token replaced by its name.

        Raises:
            ConfigurationError: If a token means nothing in this stack.
        """
        return _TOKEN.sub(lambda found: self._named(found[0]), value)

    def with_tokens(self, value: Any) -> Any:  # noqa: ANN401  # any JSON value
        """Return a JSON value with each name replaced by its token."""
        if isinstance(value, str):
            return _NAME.sub(lambda found: self._tokens.get(found[0], found[0]), value) if "${" in value else value
        if isinstance(value, dict):
            return {key: self.with_tokens(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self.with_tokens(item) for item in value]
        return value

    def resolved(self, statement: "Statement", known: dict[str, Any]) -> Any:  # noqa: ANN401  # any JSON value
        """Return a statement with each name as the template of the stack has it.

        Args:
            statement: With names for tokens.
            known: What texts became in this template, to which this adds; asking for each again takes long.
        """
        if statement.text not in known:
            rendered = statement.render()
            asked = {text: self.with_tokens(text) for text in _texts_with_names(rendered) if text not in known}
            if asked:
                known.update(self._stack.resolve(asked))
            known[statement.text] = _replaced(rendered, known)
        return known[statement.text]

    def _named(self, token: str) -> str:
        name = self._names.get(token)
        if name is None:
            reference = reference_in(token)
            if reference is None:
                name = self._resolved(token)  # may mean something else the next time, so it is not kept
            else:
                name = self._names[token] = _name_of(reference)
            if name.startswith("${"):
                self._tokens.setdefault(name, token)
        return name

    def _resolved(self, token: str) -> str:
        try:
            value = self._stack.resolve(token)
        except RuntimeError as error:
            raise ConfigurationError(
                f"[{self._stack.node.path}] a key policy must name what exists in its stack, got a token that "
                f"does not resolve there: {error}"
            ) from error
        flat = _flat(value)
        return f"${{{_digest(value)}}}" if flat is None else flat


def _texts_with_names(value: object) -> Iterator[str]:
    if isinstance(value, str):
        if "${" in value:
            yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _texts_with_names(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts_with_names(item)


def _replaced(value: Any, known: Mapping[str, Any]) -> Any:  # noqa: ANN401  # any JSON value
    if isinstance(value, str):
        return known[value] if "${" in value else value
    if isinstance(value, dict):
        return {key: _replaced(item, known) for key, item in value.items()}
    if isinstance(value, list):
        return [_replaced(item, known) for item in value]
    return value


def _name_of(reference: cdk.Reference) -> str:
    attribute = reference.display_name
    if attribute.startswith("AWS::"):
        return f"${{{attribute}}}"
    name = f"{reference.target.node.path}.{attribute}"
    return f"${{{_digest(name) if _NOT_IN_NAMES.search(name) else name}}}"


def _flat(value: object) -> str | None:
    """Return the text of a string that is joined of literals and pseudo parameters only, or None."""
    if isinstance(value, str):
        return value
    if not isinstance(value, dict):
        return None
    if str(value.get("Ref", "")).startswith("AWS::"):
        return f"${{{value['Ref']}}}"
    separator, items = value.get("Fn::Join", ("", None))
    parts = [_flat(item) for item in items] if isinstance(items, list) else [None]
    known = [part for part in parts if part is not None]
    return separator.join(known) if len(known) == len(parts) else None


def _digest(value: object) -> str:
    # Two values of one name would be one principal, so not the few digits that do for people.
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()


def reference_in(token: str) -> cdk.Reference | None:
    """Return the reference that a string is, or None. Looking makes no cross-stack reference."""
    tokens = cdk.Tokenization.reverse_string(token).tokens
    if len(tokens) == 1 and cdk.Reference.is_reference(tokens[0]):
        return cast("cdk.Reference", tokens[0])
    return None


def stand_for(token: str, construct: IConstruct) -> None:
    """Have a token that becomes a reference only in a template name a construct before.

    Args:
        token: The token; no app has another of the same text.
        construct: What it names.
    """
    _STANDING_FOR[token] = construct


def referenced_in(value: str) -> IConstruct | None:
    """Return the construct that a string names by a single token, or None."""
    if not _TOKEN.fullmatch(value):
        return None
    if value in _STANDING_FOR:
        return _STANDING_FOR[value]
    reference = reference_in(value)
    return None if reference is None else reference.target


def tokens_in(value: str) -> list[str]:
    """Return the tokens that stand in a string, in order."""
    return _TOKEN.findall(value)
