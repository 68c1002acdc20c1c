"""Which mutants of a scene's policies some row of its table detects."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice
from typing import Any, Self

from tests.support.action_words import Words
from tests.support.intent import ON_ANOTHER_KEY, Decision
from tests.support.policy_judge import Caller, Document, KmsKey
from tests.support.policy_mutants import Mutant, is_bound, mutants_of_iam_policy, mutants_of_key_policy
from tests.support.policy_normal_form import may_be, needs_iam, normal_form
from tests.support.scene import PlayedScene


@dataclass(frozen=True)
class _Said:
    """A statement about one action; what it says to whom and under which conditions, written down."""

    effect: str
    principal: str
    conditions: str
    statement: Mapping[str, Any]

    @classmethod
    def read(cls, statement: Mapping[str, Any]) -> Self:
        principal, conditions = json.dumps(statement["Principal"]), json.dumps(statement.get("Condition", {}))
        return cls(statement["Effect"], principal, conditions, statement)

    @property
    def known_by(self) -> tuple[str, str, str]:
        return (self.effect, self.principal, self.conditions)


@dataclass
class Detection:
    """What became of the mutants.

    Attributes:
        detected: Changes that turn a decision of the table.
        equivalent: Changes that cannot turn any decision of KMS.
        undetected: Changes that the table misses.
        wrongly_excused: Changes that the argument calls equivalent though a decision turned.
    """

    detected: list[str] = field(default_factory=list)
    equivalent: list[str] = field(default_factory=list)
    undetected: list[str] = field(default_factory=list)
    wrongly_excused: list[str] = field(default_factory=list)

    def note(self, change: str, *, turned: Decision | None, equivalent: bool) -> None:
        """Sort one mutant in."""
        if turned is not None and equivalent:
            self.wrongly_excused.append(f"{change}: turned {turned.who} {turned.how} {turned.action}")
        elif turned is not None:
            self.detected.append(change)
        else:
            (self.equivalent if equivalent else self.undetected).append(change)


def detect(scene: PlayedScene, *, step: int = 1) -> Detection:
    """Try every mutant of the key policy, or one in `step`, and every one of the IAM policies of its people."""
    found = Detection()
    search = _Search(scene)
    words = scene.words
    original = {action: normal_form(scene.key.policy, action) for action in words.every_action}
    for mutant in islice(mutants_of_key_policy(scene.key.policy, words.every_action), 0, None, step):
        equivalent = all(normal_form(mutant.policy, action) == original[action] for action in mutant.actions)
        key = KmsKey(scene.key.arn, mutant.policy, scene.key.aliases)
        turned = search.turned_by_key(_to_try(mutant, words, equivalent=equivalent), key)
        found.note(mutant.change, turned=turned, equivalent=equivalent)
    for person, caller, mutant, before in _iam_mutants(scene):
        equivalent = _says_nothing(scene, caller, mutant, before) or _is_demanded_by_the_key(scene, caller, mutant)
        turned = search.turned_by_caller(_to_try(mutant, words, equivalent=equivalent), person, caller)
        found.note(f"IAM of {person}: {mutant.change}", turned=turned, equivalent=equivalent)
    return found


def _to_try(mutant: Mutant, words: Words, *, equivalent: bool) -> list[str]:
    """Actions whose decisions are looked at: of an equivalent mutant, which turns none, one of each group."""
    if not equivalent:
        return sorted(mutant.actions)
    return [touched[0] for group in words.meaning.values() if (touched := sorted(mutant.actions.intersection(group)))]


def _says_nothing(scene: PlayedScene, caller: Caller, mutant: Mutant, before: Document) -> bool:
    """Whether a change of an IAM policy can turn no decision: it allows or forgets what IAM has no say in."""
    # A Deny counts always. A statement that is no longer about one key may be good for others; one that was about
    # another key before says what it said.
    statements = [each for each in mutant.policy["Statement"] if each not in before["Statement"]]
    return (
        not any(statement["Effect"] == "Deny" for statement in statements)
        and all(is_bound(statement, scene.key) for statement in statements)
        and not any(needs_iam(scene.key.policy, caller, action, owner=scene.key.account) for action in mutant.actions)
    )


def _is_demanded_by_the_key(scene: PlayedScene, caller: Caller, mutant: Mutant) -> bool:
    """Whether an IAM policy only forgets or widens a context that the key policy demands of the caller all the same."""
    forgotten = next((word for word in mutant.change.split() if word.startswith("kms:EncryptionContext:")), "")
    widened = all(word not in mutant.change for word in ("emptied", "negated"))
    about = [
        atom
        for action in mutant.actions
        for atom in normal_form(scene.key.policy, action)
        if atom.effect == "Allow" and may_be(caller, atom)
    ]
    demanded = all(any(name == forgotten for _, name, _ in atom.conditions) for atom in about)
    return bool(forgotten) and widened and bool(about) and demanded


def _iam_mutants(scene: PlayedScene) -> Iterator[tuple[str, Caller, Mutant, Document]]:
    people = {each.asker.person: each.asker.caller for each in scene.decisions if each.asker.person}
    for person, caller in people.items():
        for number, policy in enumerate(caller.policies):
            another, words = scene.others[ON_ANOTHER_KEY].arn, scene.words
            for mutant in mutants_of_iam_policy(policy, scene.key, words.every_action, another_key_arn=another):
                policies = (*caller.policies[:number], mutant.policy, *caller.policies[number + 1 :])
                yield person, replace(caller, policies=policies), mutant, policy


class _Search:
    """Looks for a decision that a mutant turns, first where the mutants before it were found."""

    def __init__(self, scene: PlayedScene) -> None:
        self._scene = scene
        self._found: dict[str, dict[tuple[str, str], Decision]] = {}
        for decision in scene.decisions:
            self._found.setdefault(decision.action, {})[decision.who, decision.how] = decision
        self._lucky: list[tuple[str, str]] = []
        self._known: dict[tuple[object, ...], Decision | None] = {}
        self._named: dict[tuple[str, str], bool] = {}
        self._met: dict[tuple[str, str, str], bool] = {}
        self._judged: dict[tuple[str, str, str, frozenset[tuple[str, str]]], bool] = {}

    def turned_by_key(self, actions: Iterable[str], key: KmsKey) -> Decision | None:
        """Return a decision about one of these actions that is no longer what is meant under a changed key policy."""
        for action in actions:
            # What other statements say does not matter, so many mutants are one as far as an action is concerned.
            about = [_Said.read(each) for each in key.statements_about(action)]
            known = (action, *(each.known_by for each in about))
            if known not in self._known:
                self._known[known] = self._first(action, partial(self._is_allowed, key, about))
            if self._known[known] is not None:
                return self._known[known]
        return None

    def turned_by_caller(self, actions: Iterable[str], person: str, caller: Caller) -> Decision | None:
        """Return a decision that is no longer what is meant when a person has other IAM policies."""

        def judged(each: Decision) -> bool:
            if each.asker.person != person:
                return each.allowed
            return each.judged(self._scene.key, self._scene.others, caller)

        return next((turned for action in actions if (turned := self._first(action, judged))), None)

    def _is_allowed(self, key: KmsKey, about: Iterable[_Said], each: Decision) -> bool:
        """Whether it is allowed, judged once for each choice of the statements that apply to the request.

        Of a statement whose conditions the request meets it matters whom it names, and whether it allows or denies.
        """
        applying: frozenset[tuple[str, str]] = frozenset()
        if each.how not in self._scene.others:  # a policy says nothing about another key
            applying = frozenset((said.effect, said.principal) for said in about if self._applies(each, key, said))
        place = (each.who, each.how, each.action, applying)
        if place not in self._judged:
            self._judged[place] = each.judged(key, self._scene.others)
        return self._judged[place]

    def _applies(self, each: Decision, key: KmsKey, said: _Said) -> bool:
        caller, named = each.asker.caller, (each.who, said.principal)
        if named not in self._named:
            self._named[named] = key.is_for(said.statement, caller)
        if not self._named[named]:
            return False
        met = (each.who, each.how, said.conditions)
        if met not in self._met:
            self._met[met] = key.meets(said.statement.get("Condition", {}), caller, each.asker.ways[each.how])
        return self._met[met]

    def _first(self, action: str, judged: Callable[[Decision], bool]) -> Decision | None:
        decisions = self._found[action]
        for place in dict.fromkeys((*self._lucky, *decisions)):
            if judged(decisions[place]) != decisions[place].allowed:
                self._lucky = [place, *(other for other in self._lucky if other != place)]
                return decisions[place]
        return None
