"""Rule: a service that calls KMS for itself is admitted by the key policy.

Most constructs of the CDK ask the key for it; some ask for nothing, and then the resource cannot be created, or its
messages and files are lost. The finding says which call on the key admits the service.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from constructs_lib.guardrails.cloud_templates import CloudTemplates
from constructs_lib.guardrails.names_of_resources import FOR_YOU, RULE, TOPIC, for_a_call, name_at, name_of, rule_at
from constructs_lib.guardrails.references import References
from constructs_lib.guardrails.service_publishers import KEY_OF, PUBLISHERS, Publisher, values_at
from constructs_lib.guardrails.statement_limits import StatementLimits, named_in
from constructs_lib.guardrails.template_values import Located, as_list

_ABOUT_IT = ("kms:encryptioncontext:aws:lambda:functionarn", "kms:encryptioncontext:aws:logs:arn", "aws:sourcearn")
_TOPIC_CONTEXT = "kms:encryptioncontext:aws:sns:topicarn"
_OF_ACCOUNT = re.compile(r"arn:[^:]+:[^:]+:[^:]*:(\d{12}):")


@dataclass(frozen=True)
class _Source:
    """For what a service acts: a resource by its name, the topic that it sends to, and an account."""

    name: str
    topic: str
    account: str


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
    def who(self) -> str:
        """Who uses the key."""
        return self.publisher.service.rpartition("/")[2] + "amazonaws.com"

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
                account = _account(references, place, publisher)
                if key in ours and not _admits(references, key, publisher, _Source(name, topic, account)):
                    elsewhere = "" if templates.stack(key.template).may_be_in(account, "") else account
                    call = _called(publisher.call, name, elsewhere)
                    found[place, key, call] = Unadmitted(place, key, publisher, call)
                    replaced.add((place, key, _called(publisher.replaces, name)))
    return [each for same, each in found.items() if same not in replaced]


def _called(call: str, name: str, account: str = "") -> str:
    known = for_a_call(name)
    written = call.format(name=known, literal=FOR_YOU if "*" in known else known)
    return f'{written.removesuffix(")")}, account="{account}")' if account and name else written


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


def _account(references: References, place: Located, publisher: Publisher) -> str:
    """Return the account for which the service acts: that of the resource, or of what it names by ARN."""
    stack_of, given = references.templates.stack, references.templates.properties(place).get(publisher.name)
    for target in references.meant_by(place.template, given) if given is not None else ():
        return stack_of(target.template).account
    named = _OF_ACCOUNT.match(references.text(place.template, given))
    return named[1] if named else stack_of(place.template).account


def _admits(references: References, key: Located, publisher: Publisher, source: _Source) -> bool:
    policy = references.templates.properties(key).get("KeyPolicy", {})
    allowed: set[str] = set()
    for statement in as_list(policy.get("Statement")):
        named = [references.text(key.template, each) for each in named_in(statement, ("AWS", "Service"))]
        if statement.get("Effect") != "Allow" or not any(_is(publisher, each) for each in named):
            continue
        limits = StatementLimits(references, key, statement)
        if not source.topic and any(limits.values(_TOPIC_CONTEXT)):
            continue
        about_it = limits.include(source.name, *_ABOUT_IT) and limits.include_source(source.account)
        if about_it and limits.include(source.topic, _TOPIC_CONTEXT):
            allowed |= set(as_list(statement.get("Action")))
    return set(publisher.actions) <= allowed


def _is(publisher: Publisher, principal: str) -> bool:
    if publisher.service.startswith(":"):
        return publisher.service in principal
    return principal.startswith(publisher.service)
