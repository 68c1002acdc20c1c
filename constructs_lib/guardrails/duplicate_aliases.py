"""Rule: an account and Region has an alias once. KMS refuses the second, so that its deployment fails.

https://docs.aws.amazon.com/kms/latest/developerguide/alias-about.html

Limits: stacks of which only the deployment knows account or Region may go to different ones, so they may share a name;
an alias under a condition of its template may be the only one that is made.
"""

from dataclasses import dataclass

from constructs_lib.guardrails.cloud_templates import CloudTemplates
from constructs_lib.guardrails.named_keys import ALIAS
from constructs_lib.guardrails.references import References
from constructs_lib.guardrails.template_values import Located

_UNKNOWN = "${"


@dataclass(frozen=True)
class DuplicateAlias:
    """Two resources that are one alias.

    Attributes:
        name: The alias, with its prefix.
        first: One of them.
        second: The other.
    """

    name: str
    first: Located
    second: Located


def duplicate_aliases(templates: CloudTemplates) -> list[DuplicateAlias]:
    """Return each alias that an earlier one of the same account and Region is already."""
    references, seen, found = References(templates), dict[str, list[Located]](), []
    for place, alias in templates.resources(ALIAS):
        if "Condition" not in alias:
            name = references.text(place.template, alias.get("Properties", {}).get("AliasName"))
            earlier = seen.setdefault(name, [])
            first = next((each for each in earlier if _meet(templates, name, each, place)), None)
            if first is not None:
                found.append(DuplicateAlias(name, first, place))
            earlier.append(place)
    return found


def _meet(templates: CloudTemplates, name: str, first: Located, second: Located) -> bool:
    if first.template == second.template:
        return True
    one, other = templates.stack(first.template), templates.stack(second.template)
    if _UNKNOWN in name or not one.name:  # the same words may mean something else in another template
        return False
    known = one.account and one.region
    return one == other or bool(known and (one.account, one.region) == (other.account, other.region))
