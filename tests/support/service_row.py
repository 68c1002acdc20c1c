"""A row of the service catalogue and what is meant by it: who may do what when a request says where it comes from.

Texts hold `{P}`, `{R}`, `{A}` and `{S}` for the partition, the Region, the account and the partition's DNS suffix, and
`{O}` for another Region. What is not meant is refused: each row is asked by others than it admits, and by those whom it
admits with each key of the request missing or saying something else.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from constructs_lib.principals import Principal
from constructs_lib.service_access.service_use import ServiceUse
from tests.support.action_words import SYMMETRIC_WORDS, Words
from tests.support.askers import KMS_STAR
from tests.support.intent import ON_ANOTHER_KEY, Asker, Decision
from tests.support.literal_templates import ACCOUNT, OTHER_ACCOUNT, OTHER_REGION, REGION
from tests.support.policy_judge import Caller, KmsKey
from tests.support.scene import Built, PlayedScene

CALLER = "arn:{P}:iam::{A}:role/Worker"
"""Whom a row for callers names."""

ANOTHER_ACCOUNT, ANOTHER_RESOURCE = "another account", "another resource"
ANOTHER_SERVICE, DIRECT_USE = "another service", "direct use"
NEIGHBOURS = (ANOTHER_ACCOUNT, ANOTHER_RESOURCE, ANOTHER_SERVICE, DIRECT_USE)


@dataclass(frozen=True)
class Place:
    """Where a key is."""

    partition: str
    region: str
    other_region: str
    suffix: str = "amazonaws.com"

    def fill(self, text: str) -> str:
        """Put the place into a text."""
        values = {
            "{P}": self.partition,
            "{R}": self.region,
            "{O}": self.other_region,
            "{A}": ACCOUNT,
            "{S}": self.suffix,
        }
        for name, value in values.items():
            text = text.replace(name, value)
        return text

    def literal(self, policy: Any) -> Any:
        """Return a policy as it is deployed there."""
        text = json.dumps(policy)
        for name, value in (
            ("${AWS::Partition}", self.partition),
            ("${AWS::Region}", self.region),
            ("${AWS::AccountId}", ACCOUNT),
            ("${AWS::URLSuffix}", self.suffix),
        ):
            text = text.replace(name, value)
        return json.loads(text)


IRELAND = Place("aws", REGION, OTHER_REGION)
PLACES = (
    IRELAND,
    Place("aws-cn", "cn-north-1", "cn-northwest-1", "amazonaws.com.cn"),
    Place("aws-us-gov", "us-gov-west-1", "us-gov-east-1"),
)


_WHATEVER = "~"


@dataclass(frozen=True)
class Rule:
    """What somebody may do when the request says this.

    Attributes:
        who: A service principal or a role.
        may: Actions, apart by spaces, without their prefix.
        when: Condition keys to the values that are meant; `~` in a value is whatever stands there.
    """

    who: str
    may: str
    when: Mapping[str, str | Sequence[str]] = field(default_factory=dict)

    def keys(self, place: Place) -> dict[str, str]:
        """The request that is meant first."""
        return {name: self.examples(name, place)[0] for name in self.when}

    def admits(self, keys: Mapping[str, str], place: Place) -> bool:
        """Whether a request is meant."""
        return all(name in keys and self.means(name, keys[name], place) for name in self.when)

    def means(self, name: str, value: str, place: Place) -> bool:
        """Whether a value of a key is meant."""
        return any(
            re.fullmatch(".*".join(map(re.escape, text.split(_WHATEVER))), value) for text in self._values(name, place)
        )

    def examples(self, name: str, place: Place) -> tuple[str, ...]:
        """Values of a key that are meant."""
        return tuple(text.replace(_WHATEVER, "2026") for text in self._values(name, place))

    def _values(self, name: str, place: Place) -> tuple[str, ...]:
        given = self.when[name]
        return tuple(place.fill(text) for text in ((given,) if isinstance(given, str) else given))


@dataclass(frozen=True)
class Request:
    """How somebody asks: a name, what the request says, and in which way it is not what was meant for some actions."""

    name: str
    keys: Mapping[str, str]
    neighbour: str = ""
    may: str = ""


@dataclass(frozen=True)
class ServiceRow:
    """One use of the catalogue and what is meant by it.

    Attributes:
        function: The function of the catalogue.
        arguments: Its arguments.
        rules: What is meant; everything else is refused.
        blind_to: Neighbours that AWS gives no means to tell apart, and why.
        words: Those of the kind of key.
    """

    function: Callable[..., ServiceUse]
    arguments: Mapping[str, str]
    rules: tuple[Rule, ...]
    blind_to: Mapping[str, str] = field(default_factory=dict)
    words: Words = SYMMETRIC_WORDS

    @property
    def call(self) -> str:
        """The call as a user writes it."""
        module = self.function.__module__.rpartition(".")[2]
        arguments = ", ".join(f'{name}="{value}"' for name, value in self.arguments.items())
        return f"{module}.{self.function.__name__}({arguments})"

    @cached_property
    def use(self) -> ServiceUse:
        """What the catalogue says."""
        return self.function(**self.arguments)

    def key(self, place: Place = IRELAND) -> KmsKey:
        """A key whose policy holds this row and nothing else."""
        callers = [Principal.by_arn(place.fill(CALLER))] if self.use.takes_callers else []
        statements = [statement.render() for statement in self.use.statements(callers)]
        arn = place.fill("arn:{P}:kms:{R}:{A}:key/1234")
        return KmsKey(arn, place.literal({"Version": "2012-10-17", "Statement": statements}))

    def decisions(self, place: Place = IRELAND, *, actions: tuple[str, ...] | None = None) -> Iterator[Decision]:
        """Decide every action of everybody in every way of asking."""
        for who, asker in self._askers(place).items():
            for how, keys in asker.ways.items():
                meant = [rule for rule in self.rules if place.fill(rule.who) == who and rule.admits(keys, place)]
                allowed = {action for rule in meant for action in _exact(rule.may)}
                for action in actions or self.words.every_action:
                    yield Decision(who, how, action, action in allowed, self.call, asker)

    def played(self) -> PlayedScene:
        """The row as a scene, whose policy can be mutated."""
        key = self.key()
        return PlayedScene(
            name=self.call,
            key=key,
            others={ON_ANOTHER_KEY: key},
            decisions=tuple(self.decisions()),
            built=Built(("", "")),
            templates={},
            words=self.words,
            executed=(),
        )

    def neighbours(self, place: Place = IRELAND) -> dict[str, list[tuple[str, str, frozenset[str]]]]:
        """Who in which way is a neighbour of which kind, and what it is that he must not do then."""
        found: dict[str, list[tuple[str, str, frozenset[str]]]] = {kind: [] for kind in NEIGHBOURS}
        for who, asker in self._askers(place).items():
            rules = [rule for rule in self.rules if place.fill(rule.who) == who]
            for request in self._requests(place) if rules else ():
                if request.neighbour:
                    may = request.may or " ".join(rule.may for rule in rules)
                    found[request.neighbour].append((who, request.name, _exact(may)))
            if not rules:
                kind = ANOTHER_ACCOUNT if OTHER_ACCOUNT in who else DIRECT_USE
                kind = ANOTHER_SERVICE if asker.caller.service else kind
                found[kind] += [(who, how, frozenset(self.words.every_action)) for how in asker.ways]
        return found

    def _askers(self, place: Place) -> dict[str, Asker]:
        every = {request.name: request.keys for request in self._requests(place)}
        right = {f"as meant {number}": rule.keys(place) for number, rule in enumerate(self.rules)} | {"directly": {}}
        home, away = f"arn:{place.partition}:iam::{ACCOUNT}", f"arn:{place.partition}:iam::{OTHER_ACCOUNT}"
        strangers = {
            "glue.amazonaws.com": Caller(service="glue.amazonaws.com"),
            f"{home}:root": Caller(f"{home}:root"),
            f"{home}:role/Curious": Caller(f"{home}:role/Curious", (KMS_STAR,)),
            f"{home}:role/Stranger": Caller(f"{home}:role/Stranger"),
            f"{away}:role/Curious": Caller(f"{away}:role/Curious", (KMS_STAR,)),
            f"{away}:role/Worker": Caller(f"{away}:role/Worker", (KMS_STAR,)),
        }
        askers = {name: Asker(caller, right) for name, caller in strangers.items()}
        for who in {place.fill(rule.who): None for rule in self.rules}:
            caller = Caller(who) if who.startswith("arn:") else Caller(service=who)
            askers[who] = Asker(caller, every)
        return askers

    def _requests(self, place: Place) -> Iterator[Request]:
        yield Request("directly", {}, DIRECT_USE if self._is_called_through_service else "")
        for number, rule in enumerate(self.rules):
            keys = rule.keys(place)
            yield Request(f"as meant {number}", keys)
            for name in keys:
                yield Request(f"{number} without {name}", {key: keys[key] for key in keys if key != name})
                examples = rule.examples(name, place)
                for other in examples[1:]:
                    yield Request(f"{number} {name} {other}", {**keys, name: other})
                for neighbour, other in dict.fromkeys(
                    each for one in examples for each in _neighbours(name, one, place)
                ):
                    meant = rule.means(name, other, place)
                    yield Request(
                        f"{number} {name} {other}", {**keys, name: other}, "" if meant else neighbour, rule.may
                    )

    @property
    def _is_called_through_service(self) -> bool:
        return any("kms:ViaService" in rule.when for rule in self.rules)


def _neighbours(name: str, value: str, place: Place) -> Iterator[tuple[str, str]]:
    """Give what a request could say instead, and whose it would then be."""
    if name == "kms:ViaService":
        yield ANOTHER_SERVICE, f"glue.{value.partition('.')[2]}"
        yield ANOTHER_SERVICE, value.replace(place.region, place.other_region)
        return
    if value in {"true", "false"}:
        yield DIRECT_USE, "false" if value == "true" else "true"
        return
    if ACCOUNT in value:
        yield ANOTHER_ACCOUNT, value.replace(ACCOUNT, OTHER_ACCOUNT)
    if place.region in value:
        yield ANOTHER_RESOURCE, value.replace(place.region, place.other_region)
    if value != ACCOUNT:
        *before, resource = value.split(":", 5)
        for end in re.finditer("[:/]|$", resource):
            yield ANOTHER_RESOURCE, ":".join([*before, f"{resource[: end.start()]}x{resource[end.start() :]}"])


def _exact(actions: str) -> frozenset[str]:
    return frozenset(f"kms:{action}" for action in actions.split())
