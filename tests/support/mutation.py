"""Which mutants of a scene's policies some row of its table detects."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from tests.support.intent import ACTIONS, ON_ANOTHER_KEY, Decision
from tests.support.policy_judge import Caller, KmsKey
from tests.support.policy_mutants import Mutant, mutants_of_iam_policy, mutants_of_key_policy
from tests.support.policy_normal_form import needs_iam, normal_form
from tests.support.scene import PlayedScene


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


def detect(scene: PlayedScene) -> Detection:
    """Try every mutant of the key policy, and of the IAM policies of its people."""
    found = Detection()
    search = _Search(scene)
    original = normal_form(scene.key.policy)
    for mutant in mutants_of_key_policy(scene.key.policy):
        equivalent = normal_form(mutant.policy) == original
        key = KmsKey(scene.key.arn, mutant.policy, scene.key.aliases)
        turned = search.turned(_to_try(mutant, equivalent=equivalent), key=key)
        found.note(mutant.change, turned=turned, equivalent=equivalent)
    for person, caller, mutant in _iam_mutants(scene):
        equivalent = _says_nothing(scene, caller, mutant)
        turned = search.turned(_to_try(mutant, equivalent=equivalent), caller=caller, person=person)
        found.note(f"IAM of {person}: {mutant.change}", turned=turned, equivalent=equivalent)
    return found


def _to_try(mutant: Mutant, *, equivalent: bool) -> list[str]:
    """Actions whose decisions are looked at: of an equivalent mutant, which turns none, one of each group."""
    if not equivalent:
        return sorted(mutant.actions)
    return [next(iter(touched)) for group in ACTIONS.values() if (touched := sorted(mutant.actions.intersection(group)))]


def _says_nothing(scene: PlayedScene, caller: Caller, mutant: Mutant) -> bool:
    """Whether a change of an IAM policy can turn no decision: it allows or forgets what IAM has no say in."""
    about_other_keys = any(statement["Resource"] != scene.key.arn for statement in mutant.policy["Statement"])
    denies = any(statement["Effect"] == "Deny" for statement in mutant.policy["Statement"])
    return not (about_other_keys or denies) and not any(
        needs_iam(scene.key.policy, caller, action, owner=scene.key.account) for action in mutant.actions
    )


def _iam_mutants(scene: PlayedScene) -> Iterator[tuple[str, Caller, Mutant]]:
    people = {each.asker.person: each.asker.caller for each in scene.decisions if each.asker.person}
    for person, caller in people.items():
        for number, policy in enumerate(caller.policies):
            for mutant in mutants_of_iam_policy(policy, another_key_arn=scene.others[ON_ANOTHER_KEY].arn):
                policies = (*caller.policies[:number], mutant.policy, *caller.policies[number + 1 :])
                yield person, replace(caller, policies=policies), mutant


class _Search:
    """Looks for a decision that a mutant turns, first where the mutants before it were found."""

    def __init__(self, scene: PlayedScene) -> None:
        self._scene = scene
        self._found: dict[str, dict[tuple[str, str], Decision]] = {}
        for decision in scene.decisions:
            self._found.setdefault(decision.action, {})[decision.who, decision.how] = decision
        self._lucky: list[tuple[str, str]] = []

    def turned(
        self, actions: Iterable[str], *, key: KmsKey | None = None, caller: Caller | None = None, person: str = ""
    ) -> Decision | None:
        """Return a decision about one of these actions that is no longer what is meant."""
        for decision in self._candidates(list(actions), person):
            if decision.judged(key or self._scene.key, self._scene.others, caller) != decision.allowed:
                place = (decision.who, decision.how)
                if place in self._lucky:
                    self._lucky.remove(place)
                self._lucky.insert(0, place)
                return decision
        return None

    def _candidates(self, actions: list[str], person: str) -> Iterator[Decision]:
        places = dict.fromkeys(self._lucky)
        for action in actions:
            for place in self._lucky:
                if not person or self._found[action][place].asker.person == person:
                    yield self._found[action][place]
        for action in actions:
            for place, decision in self._found[action].items():
                if place not in places and (not person or decision.asker.person == person):
                    yield decision
