"""Rule: a service that calls KMS for itself is admitted by the key policy.

Most constructs of the CDK ask the key for it; some ask for nothing, and then the resource cannot be created, or its
messages and files are lost. The finding says which call on the key admits the service.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from constructs_lib.errors import ConfigurationError
from constructs_lib.guardrails.cloud_templates import CloudTemplates
from constructs_lib.guardrails.names_of_resources import RULE, TOPIC, name_at, name_of, rule_at
from constructs_lib.guardrails.references import References
from constructs_lib.guardrails.service_publishers import KEY_OF, PUBLISHERS, Publisher, values_at
from constructs_lib.guardrails.template_values import Located, as_list
from constructs_lib.principals import arn_parts

_ABOUT_IT = frozenset({"kms:encryptioncontext:aws:logs:arn", "aws:sourcearn"})
_ABOUT_TOPIC = frozenset({"kms:encryptioncontext:aws:sns:topicarn"})
_BEFORE_NAME = re.compile(r"(log-group:|trail/|rule/|event-bus/|hostedzone/)")
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
    found: dict[tuple[Located, Located, str], Unadmitted] = {}
    replaced = set()
    for publisher in PUBLISHERS:
        for place, _ in templates.resources(*publisher.types):
            for key, target in sorted(set(_uses(references, place, publisher))):
                name, topic = _name(references, place, publisher), _topic(references, target)
                if key in ours and not _admits(references, key, publisher, name, topic):
                    call = _called(publisher.call, name)
                    found[place, key, call] = Unadmitted(place, key, publisher, call)
                    replaced.add((place, key, _called(publisher.replaces, name)))
    return [each for same, each in found.items() if same not in replaced]


def _called(call: str, name: str) -> str:
    known = _FOR_YOU if _UNKNOWN.search(name) else name
    return call.format(name=known, literal=_FOR_YOU if "*" in known else known)


def _uses(references: References, place: Located, publisher: Publisher) -> Iterator[tuple[Located, Located]]:
    """Yield the keys under which something is written on behalf of a resource, each with what holds the key."""
    properties = references.templates.properties(place)
    for where in publisher.where:
        for value in values_at(properties, where):
            for meant in references.meant_by(place.template, value):
                yield from _held_by(references, meant, publisher) if publisher.target else ((meant, place),)


def _held_by(references: References, target: Located, publisher: Publisher) -> Iterator[tuple[Located, Located]]:
    properties = references.templates.properties(target)
    if references.templates.resource(target).get("Type") != publisher.target:
        return
    if publisher.only_if and True not in values_at(properties, publisher.only_if):
        return
    for value in values_at(properties, KEY_OF[publisher.target]):
        for key in references.meant_by(target.template, value):
            yield key, target


def _name(references: References, place: Located, publisher: Publisher) -> str:
    if not publisher.name:
        return ""
    if RULE in publisher.types:
        return rule_at(references, place)
    return name_at(references, place, publisher.name)


def _topic(references: References, target: Located) -> str:
    return name_of(references, target) if references.templates.resource(target).get("Type") == TOPIC else ""


def _admits(references: References, key: Located, publisher: Publisher, name: str, topic: str) -> bool:
    policy = references.templates.properties(key).get("KeyPolicy", {})
    allowed: set[str] = set()
    for statement in as_list(policy.get("Statement")):
        named = statement["Principal"] if isinstance(statement.get("Principal"), dict) else {}
        if statement.get("Effect") != "Allow":
            continue
        if any(_is(publisher, references.text(key.template, each)) for each in _values(named)):
            limits = list(_limits(references, key, statement))
            if any(each in _ABOUT_TOPIC for each, _ in limits) and not topic:
                continue
            if _includes(limits, _ABOUT_IT, name) and _includes(limits, _ABOUT_TOPIC, topic):
                allowed |= set(as_list(statement.get("Action")))
    return set(publisher.actions) <= allowed


def _values(principal: Mapping[str, Any]) -> list[Any]:
    return [value for values in principal.values() for value in as_list(values)]


def _is(publisher: Publisher, principal: str) -> bool:
    if publisher.service.startswith(":"):
        return publisher.service in principal
    return principal.startswith(publisher.service)


def _limits(references: References, key: Located, statement: Mapping[str, Any]) -> Iterator[tuple[str, list[str]]]:
    """Yield the condition keys of a statement with the values that they may have."""
    for operator, names in statement.get("Condition", {}).items():
        if "Not" not in operator and not operator.endswith("IfExists"):
            for name, values in names.items():
                yield name.lower(), [references.text(key.template, value) for value in as_list(values)]


def _includes(limits: Iterable[tuple[str, list[str]]], about: Iterable[str], name: str) -> bool:
    """Whether none of the conditions that are about a resource excludes the one of this name."""
    return not name or all(
        any(_matches(name, pattern) for pattern in patterns) for key, patterns in limits if key in about
    )


def _matches(name: str, arn: str) -> bool:
    """Whether the ARN of a name may match a pattern: what only the deployment knows may be anything."""
    try:
        resource = arn_parts(arn)[5]
    except ConfigurationError:  # not an ARN, or known to the deployment alone
        return True
    pattern = _UNKNOWN.sub("*", _BEFORE_NAME.sub("", resource, count=1)).removesuffix(":*")
    return "${" in name or fnmatchcase(name.replace("*", _RANDOM), pattern)
