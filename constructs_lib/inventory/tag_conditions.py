"""Conditions of a statement: those on tags are decided by what templates tell; the rest is told."""

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from itertools import product
from types import MappingProxyType
from typing import Any

from constructs_lib.certificate_actions import IMPORT_AGAIN
from constructs_lib.guardrails.references import References
from constructs_lib.guardrails.template_values import as_list
from constructs_lib.inventory.named_resource import NamedResource

_TAG_OF_RESOURCE, _TAG_OF_REQUEST, _TAG_KEYS = "aws:resourcetag/", "aws:requesttag/", "aws:tagkeys"
_OURS = "cdk-key-management:"  # tags that the constructs write, and nobody gives to a whole stack
_EQUAL = ("StringEquals", "StringLike")
_IF_EXISTS, _FOR_ALL = "IfExists", "ForAllValues:"
_REPLACE = IMPORT_AGAIN[-1]
_NO_TAGS: Mapping[str, str] = MappingProxyType({})


def undecided(
    references: References,
    path: str,
    statement: Mapping[str, Any],
    action: str,
    resource: NamedResource,
    *,
    request: Mapping[str, str] = _NO_TAGS,
) -> tuple[str, ...] | None:
    """Return the conditions of a statement that nothing decides here, or None if one of them is not met.

    ACM refuses tags where a certificate is imported over another, so what allows imports only with a tag allows no
    replacement. https://docs.aws.amazon.com/acm/latest/APIReference/API_ImportCertificate.html

    Args:
        references: Of the app.
        path: The template file in which the statement stands.
        statement: An IAM statement.
        action: What somebody wants to do.
        resource: To what.
        request: The tags that he writes with it. Default: he writes none.
    """
    told = []
    for operator, name, values in _conditions(statement):
        texts = [references.text(path, value) for value in values]
        if action == _REPLACE and name.lower().startswith(_TAG_OF_REQUEST) and operator in _EQUAL:
            return None
        met = _is_met(operator, name, texts, resource, request)
        if met is False:
            return None
        if met is None:
            told.append(f"{operator} {name} {' or '.join(texts)}")
    return tuple(told)


def needed_tags(
    references: References, path: str, statement: Mapping[str, Any], resource: NamedResource
) -> Iterator[Mapping[str, str]]:
    """Yield the tags that a resource lacks for the conditions of a statement, each set of values that would do.

    Args:
        references: Of the app.
        path: The template file in which the statement stands.
        statement: An IAM statement.
        resource: The resource.
    """
    wanted: dict[str, list[str]] = {}
    for operator, name, values in _conditions(statement):
        texts = [references.text(path, value) for value in values]
        is_of_resource = name.lower().startswith(_TAG_OF_RESOURCE)
        if is_of_resource and _is_met(operator, name, texts, resource, _NO_TAGS) is False:
            wanted.setdefault(name[len(_TAG_OF_RESOURCE) :], []).extend(map(_matching, texts))
    for chosen in product(*wanted.values()) if wanted else ():
        yield dict(zip(wanted, chosen, strict=True))


def _matching(text: str) -> str:
    """Return a value that a pattern matches."""
    return text if "${" in text else text.replace("*", "x").replace("?", "x")


def _is_met(
    operator: str, name: str, texts: list[str], resource: NamedResource, request: Mapping[str, str]
) -> bool | None:
    """Whether a condition is met, or None if nothing tells."""
    if name.lower().startswith(_TAG_OF_RESOURCE):
        return _is_met_by_resource(operator, name[len(_TAG_OF_RESOURCE) :], texts, resource)
    return _is_met_by_request(operator, name, texts, request) if request else None


def _is_met_by_resource(operator: str, tag: str, texts: list[str], resource: NamedResource) -> bool | None:
    kind, is_ours = operator.removesuffix(_IF_EXISTS), tag.startswith(_OURS)
    if kind not in _EQUAL:
        return None
    if tag in resource.tags:
        return _equals(kind, resource.tags[tag], texts)
    if kind == operator:
        return False if resource.has_all_tags or is_ours else None
    # Nobody knows what another app has tagged.
    return True if resource.has_all_tags or (is_ours and resource.places) else None


def _is_met_by_request(operator: str, name: str, texts: list[str], request: Mapping[str, str]) -> bool | None:
    kind = operator.removesuffix(_IF_EXISTS).removeprefix(_FOR_ALL)
    if kind not in _EQUAL:
        return None
    if name.lower() == _TAG_KEYS and operator.startswith(_FOR_ALL):
        each = [_equals(kind, key, texts) for key in request]
        return False if False in each else None if None in each else True
    if not name.lower().startswith(_TAG_OF_REQUEST):
        return None
    tag = name[len(_TAG_OF_REQUEST) :]
    if tag in request:
        return _equals(kind, request[tag], texts)
    return True if operator.endswith(_IF_EXISTS) else None  # he may write that one too


def _equals(kind: str, value: str, texts: list[str]) -> bool | None:
    if "${" in value or any("${" in text for text in texts):
        return True if value in texts else None
    return any(fnmatchcase(value, text) if kind == "StringLike" else value == text for text in texts)


def _conditions(statement: Mapping[str, Any]) -> Iterator[tuple[str, str, list[Any]]]:
    for operator, keys in (statement.get("Condition") or {}).items():
        for name, value in keys.items() if isinstance(keys, Mapping) else ():
            yield operator, name, as_list(value)
