"""A scene: a key in the policy that the constructs write for it, everybody who may ask, and what is meant."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.support.action_words import SYMMETRIC_WORDS, Words
from tests.support.askers import everybody_else, other_keys, variants
from tests.support.assembled import Assembled, Template
from tests.support.intent import ON_ANOTHER_KEY, Asker, Decision, Row, decisions, through, ways_via
from tests.support.literal_templates import LiteralTemplates, Place
from tests.support.policy_judge import KmsKey

if TYPE_CHECKING:
    import aws_cdk as cdk
    from aws_cdk import cx_api


@dataclass(frozen=True)
class Built:
    """Where a scene put its key and its people.

    Attributes:
        key: The key.
        people: Names in the table to roles and users.
        services: Names in the table to services that ask for themselves.
        accounts: Stacks that are in another account than the rest.
        others: Names in the table to callers whom no template defines.
        contexts: Further ways in which everybody asks who is no service.
        on_another_key: Those of them in which another key is asked for as well, beside the first.
        via: AWS services through which people ask.
        creating: Further AWS services through which the deployer asks, and who must not be taken for the deployer.
    """

    key: Place
    people: Mapping[str, Place] = field(default_factory=dict)
    services: Mapping[str, Asker] = field(default_factory=dict)
    accounts: Mapping[str, str] = field(default_factory=dict)
    others: Mapping[str, Asker] = field(default_factory=dict)
    contexts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    on_another_key: tuple[str, ...] = ()
    via: tuple[str, ...] = ("lambda", "rds")
    creating: tuple[str, ...] = ("dynamodb", "ec2", "events", "fsx", "backup", "ecr")


@dataclass(frozen=True)
class Scene:
    """What is built, and what is meant by it.

    Attributes:
        name: A few words.
        build: Defines stacks in an app; or, where `stacks` defines them, says what of them it is about.
        rows: The table.
        words: Those of the kind of key, in which the table is written; symmetric unless told otherwise.
        executed: Patterns of callers who ask on the embedded AWS too.
        stacks: Defines stacks in an app for several scenes.
    """

    name: str
    build: "Callable[[Any], Built]"
    rows: tuple[Row, ...]
    words: Words = SYMMETRIC_WORDS
    executed: tuple[str, ...] = ("*",)
    stacks: "Callable[[cdk.App], Any] | None" = None


@dataclass(frozen=True)
class PlayedScene:
    """A scene after synthesis: policies with literal values, and every decision that the table makes.

    Attributes:
        name: The scene's name.
        key: The key with its policy.
        others: Keys for which the IAM policies of people must be good for nothing.
        decisions: The table, expanded.
        built: Where everything is.
        templates: Stacks to their templates, in the order of deployment.
        words: Those of the kind of key.
        executed: The decisions that the embedded AWS is asked for too.
    """

    name: str
    key: KmsKey
    others: Mapping[str, KmsKey]
    decisions: tuple[Decision, ...]
    built: Built
    templates: Mapping[str, Template]
    words: Words
    executed: tuple[Decision, ...]


class Stage:
    """Where scenes are played: those that share stacks find them synthesised already."""

    def __init__(self) -> None:
        """Begin with nothing on it."""
        self._standing: dict[object, tuple[Any, cx_api.CloudAssembly]] = {}
        self._played: dict[str, PlayedScene] = {}

    def play(self, scene: Scene, make_app: "Callable[[], cdk.App]") -> PlayedScene:
        """Play a scene; a second time, return what was played."""
        if scene.name not in self._played:
            self._played[scene.name] = self._play(scene, make_app)
        return self._played[scene.name]

    def _play(self, scene: Scene, make_app: "Callable[[], cdk.App]") -> PlayedScene:
        if scene.stacks is None:
            return play(scene, make_app())
        if scene.stacks not in self._standing:
            app = make_app()
            self._standing[scene.stacks] = scene.stacks(app), app.synth()
        stacks, assembly = self._standing[scene.stacks]
        return _played(scene, scene.build(stacks), assembly)


def play(scene: Scene, app: "cdk.App") -> PlayedScene:
    """Build and synthesise a scene and expand its table."""
    built = scene.build(app if scene.stacks is None else scene.stacks(app))
    return _played(scene, built, app.synth())


def _played(scene: Scene, built: Built, assembly: "cx_api.CloudAssembly") -> PlayedScene:
    templates = LiteralTemplates(Assembled.read(Path(assembly.directory)), built.accounts)
    key = templates.key(built.key)
    ways = ways_via(*built.via)
    askers = {**everybody_else(key, built.services, ways, scene.words), **built.services, **built.others}
    for name in ("deployer", "deployer without IAM", "account administrator"):
        askers[name] = replace(askers[name], ways={**askers[name].ways, **through(*built.creating)})
    for name, place in built.people.items():
        askers |= variants(name, templates.caller(place), ways)
    others = other_keys(key)
    elsewhere = {f"{ON_ANOTHER_KEY} {name}": built.contexts[name] for name in built.on_another_key}
    others |= dict.fromkeys(elsewhere, others[ON_ANOTHER_KEY])
    for name, asker in askers.items():
        if built.contexts and not asker.caller.service:
            # Of other keys people ask with a context that would be right here.
            right = next(iter(built.contexts.values()))
            ways = {how: {**said, **right} if how in others else said for how, said in asker.ways.items()}
            further = elsewhere if ON_ANOTHER_KEY in ways else {}
            askers[name] = replace(asker, ways={**ways, **built.contexts, **further})
    decided = tuple(decisions(scene.rows, askers, scene.words))
    return PlayedScene(
        name=scene.name,
        key=key,
        others=others,
        decisions=decided,
        built=built,
        templates={stack.stack_name: stack.template for stack in assembly.stacks},
        words=scene.words,
        executed=tuple(
            each for each in decided if each.executable and any(fnmatchcase(each.who, name) for name in scene.executed)
        ),
    )
