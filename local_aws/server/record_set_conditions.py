"""The condition keys of changes of record sets, which ministack does not compute.

https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/specifying-conditions-route53.html: names in lower case,
without their last dot, and other characters than those of host names in octal.
"""

import re
from collections.abc import Callable
from typing import Any
from xml.etree.ElementTree import Element

from ministack.core import iam_actions
from ministack.services import route53

_ACTION = "route53:ChangeResourceRecordSets"
_OTHER = re.compile(r"[^a-z0-9._-]")
_ESCAPED = re.compile(r"\\([0-7]{3})")


def extend() -> None:
    """Let every such request carry its condition keys."""
    iam_actions.request_tag_context = _with_keys(iam_actions.request_tag_context)


def request_keys(body: bytes) -> dict[str, list[str]]:
    """Compute the condition keys of a request.

    Args:
        body: Its body, in XML.
    """
    root: Element | None = route53._parse_body(body)
    if root is None:
        return {}
    changes = {
        "NormalizedRecordNames": [_normalized(each) for each in _texts(root, "Name")],
        "RecordTypes": [each.upper() for each in _texts(root, "Type")],
        "Actions": [each.upper() for each in _texts(root, "Action")],
    }
    return {f"{_ACTION}{name}": list(dict.fromkeys(values)) for name, values in changes.items() if values}


def _texts(root: Element, tag: str) -> list[str]:
    return [each.text or "" for each in root.iter() if each.tag.rpartition("}")[2] == tag]


def _normalized(name: str) -> str:
    plain = _ESCAPED.sub(lambda found: chr(int(found[1], 8)), name).lower().removesuffix(".")
    return _OTHER.sub(lambda found: "".join(f"\\{each:03o}" for each in found[0].encode()), plain)


def _with_keys(context_of: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    def context(service: str, iam_action: str, body: bytes, params: dict[str, Any]) -> dict[str, Any]:
        found = context_of(service, iam_action, body, params)
        return found | request_keys(body) if iam_action == _ACTION else found

    return context
