"""Rule: a service that calls KMS for itself is admitted by the key policy.

Most constructs of the CDK ask the key for it; some ask for nothing, and then the resource cannot be created, or its
messages and files are lost. The finding says which call on the key admits the service.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from constructs_lib.guardrails.cloud_templates import CloudTemplates
from constructs_lib.guardrails.references import References
from constructs_lib.guardrails.service_publishers import BUCKET, KEY_OF, NAME_OF, PUBLISHERS, Publisher, values_at
from constructs_lib.guardrails.template_values import Located, as_list

_LOG_GROUP_CONTEXT = "kms:EncryptionContext:aws:logs:arn"
_UNKNOWN = re.compile(r"\$\{[^}]*\}")
_FOR_YOU = "<its literal name>"
_RANDOM = "XXXXXXXXXXXX"  # what CloudFormation appends to a name that it makes


@dataclass(frozen=True)
class Unadmitted:
    """A service that the policy of a key does not admit.

    Attributes:
        place: The resource on whose behalf it calls KMS.
        key: The key.
        publisher: The row of the table.
        call: What is to be called on the key.
    """

    place: Located
    key: Located
    publisher: Publisher
    call: str

    @property
    def remedy(self) -> str:
        """What to write, ready to be copied."""
        module = self.call.partition(".")[0]
        return f"call key.allow({self.call}) on the key, with {module} from constructs_lib.service_access"


def unadmitted_services(templates: CloudTemplates, keys: Iterable[Located]) -> list[Unadmitted]:
    """Return each service that uses one of these keys for itself and is not admitted by its policy."""
    references, ours = References(templates), set(keys)
    found = []
    for publisher in PUBLISHERS:
        for place, resource in templates.resources(*publisher.types):
            properties = resource.get("Properties", {})
            for key in sorted(_keys(references, place.template, properties, publisher) & ours):
                name = _name(references, place, publisher.name) if publisher.name else ""
                if not _admits(references, key, publisher, name):
                    found.append(Unadmitted(place, key, publisher, _call(publisher, name)))
    return found


def _call(publisher: Publisher, name: str) -> str:
    known = _FOR_YOU if _UNKNOWN.search(name) else name
    return publisher.call.format(name=known, literal=_FOR_YOU if "*" in known else known)


def _keys(references: References, path: str, properties: Mapping[str, Any], publisher: Publisher) -> set[Located]:
    """Return the keys under which something is written on behalf of a resource."""
    meant = {
        place
        for where in publisher.where
        for value in values_at(properties, where)
        for place in references.meant_by(path, value)
    }
    if not publisher.target:
        return meant
    return {
        key
        for target in meant
        if references.templates.resource(target).get("Type") == publisher.target
        for value in values_at(references.templates.properties(target), KEY_OF[publisher.target])
        for key in references.meant_by(target.template, value)
    }


def _admits(references: References, key: Located, publisher: Publisher, name: str) -> bool:
    policy = references.templates.properties(key).get("KeyPolicy", {})
    allowed: set[str] = set()
    for statement in as_list(policy.get("Statement")):
        named = statement["Principal"] if isinstance(statement.get("Principal"), dict) else {}
        is_meant = any(_is(publisher, references.text(key.template, each)) for each in _values(named))
        if statement.get("Effect") == "Allow" and is_meant and _is_about(references, key, statement, name):
            allowed |= set(as_list(statement.get("Action")))
    return set(publisher.actions) <= allowed


def _values(principal: Mapping[str, Any]) -> list[Any]:
    return [value for values in principal.values() for value in as_list(values)]


def _is(publisher: Publisher, principal: str) -> bool:
    if publisher.service.startswith(":"):
        return publisher.service in principal
    return principal.startswith(publisher.service)


def _is_about(references: References, key: Located, statement: Mapping[str, Any], name: str) -> bool:
    """Whether a statement about log groups is about this one; of the others the service alone is compared."""
    patterns = [
        references.text(key.template, value)
        for keys in statement.get("Condition", {}).values()
        for value in as_list(keys.get(_LOG_GROUP_CONTEXT))
    ]
    names = [pattern.partition(":log-group:")[2] for pattern in patterns]
    return not names or any(_matches(name, pattern) for pattern in names)


def _matches(name: str, pattern: str) -> bool:
    """Whether a name may match a pattern: what only the deployment knows may be anything."""
    if "${" in name:
        return True
    return fnmatchcase(name.replace("*", _RANDOM), _UNKNOWN.sub("*", pattern).removesuffix(":*"))


def _name(references: References, place: Located, property_name: str) -> str:
    """Return the name of a resource, the pattern of the one that CloudFormation gives it, or its unknown parts."""
    given = references.templates.properties(place).get(property_name)
    if given is None:
        generated = f"{references.templates.stack(place.template).name}-{place.logical_id}-*"
        return generated.lower() if property_name == NAME_OF[BUCKET] else generated
    for target in references.meant_by(place.template, given):
        kind = references.templates.resource(target).get("Type")
        if kind in NAME_OF:
            return _name(references, target, NAME_OF[kind])
    return references.text(place.template, given)
