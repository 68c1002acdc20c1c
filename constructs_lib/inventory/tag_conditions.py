"""Conditions of a statement: those on tags are decided by what templates tell; the rest is told."""

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any

from constructs_lib.certificate_actions import IMPORT_AGAIN
from constructs_lib.guardrails.references import References
from constructs_lib.guardrails.template_values import as_list
from constructs_lib.inventory.named_resource import NamedResource

_TAG_OF_RESOURCE, _TAG_OF_REQUEST = "aws:resourcetag/", "aws:requesttag/"
_OURS = "cdk-key-management:"  # tags that the constructs write, and nobody gives to a whole stack
_EQUAL = ("StringEquals", "StringLike")
_REPLACE = IMPORT_AGAIN[-1]


def undecided(
    references: References, path: str, statement: Mapping[str, Any], action: str, resource: NamedResource
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
    """
    told = []
    for operator, name, values in _conditions(statement):
        texts = [references.text(path, value) for value in values]
        if action == _REPLACE and name.lower().startswith(_TAG_OF_REQUEST) and operator in _EQUAL:
            return None
        met = _is_met(operator, name, texts, resource)
        if met is False:
            return None
        if met is None:
            told.append(f"{operator} {name} {' or '.join(texts)}")
    return tuple(told)


def _is_met(operator: str, name: str, texts: list[str], resource: NamedResource) -> bool | None:
    """Whether a condition is met, or None if nothing tells."""
    if operator not in _EQUAL or not name.lower().startswith(_TAG_OF_RESOURCE):
        return None
    tag = name[len(_TAG_OF_RESOURCE) :]
    if tag not in resource.tags:
        return False if resource.has_all_tags or tag.startswith(_OURS) else None
    value = resource.tags[tag]
    if "${" in value or any("${" in text for text in texts):
        return True if value in texts else None
    return any(fnmatchcase(value, text) if operator == "StringLike" else value == text for text in texts)


def _conditions(statement: Mapping[str, Any]) -> Iterator[tuple[str, str, list[Any]]]:
    for operator, keys in (statement.get("Condition") or {}).items():
        for name, value in keys.items() if isinstance(keys, Mapping) else ():
            yield operator, name, as_list(value)
