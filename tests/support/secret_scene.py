"""A scene: a secret in the policies that the construct writes for it, everybody who may ask, and what is meant."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.support.action_words import Words
from tests.support.assembled import Assembled
from tests.support.intent import Asker, Decision, Row, decisions
from tests.support.literal_templates import ACCOUNT, OTHER_ACCOUNT, OTHER_REGION, REGION, LiteralTemplates, Place
from tests.support.policy_judge import ALLOW_EVERYTHING, Caller, Document
from tests.support.secret_judge import OPERATIONS, JudgedSecret

if TYPE_CHECKING:
    import aws_cdk as cdk

LET_IN = "let in"
"""By one more statement in the secret's policy and in that of its key: what is refused then, the denials refuse."""
ON_ANOTHER_SECRET = "on another secret"
ON_THE_REPLICA = "on the replica"
UNDER_ANY_KEY = "under any key"

EVERYTHING: Document = {
    "Statement": [{"Effect": "Allow", "Action": ["secretsmanager:*", "kms:*"], "Resource": "*"}],
}
SECRET_WORDS = Words({
    "read": ("GetSecretValue", "GetSecretValue of the last"),
    "put": ("PutSecretValue",),
    "move": ("UpdateSecretVersionStage",),
    "describe": ("DescribeSecret",),
    "inspect": ("GetResourcePolicy", "ListSecretVersionIds"),
    "validate": ("ValidateResourcePolicy",),
    "label": ("TagResource", "UntagResource"),
    "restore": ("RestoreSecret",),
    "rotate": ("CancelRotateSecret", "RotateSecret"),
    "replicate": ("RemoveRegionsFromReplication", "ReplicateSecretToRegions"),
    "release": ("StopReplicationToReplica",),
    "regulate": ("DeleteResourcePolicy", "PutResourcePolicy"),
    "update": ("UpdateSecret", "UpdateSecret to another key"),
    "replace": ("UpdateSecret with a value",),
    "delete": ("DeleteSecret", "DeleteSecret later"),
    "destroy": ("DeleteSecret by force",),
})
"""What the tables call the operations."""


@dataclass(frozen=True)
class BuiltSecret:
    """Where a scene put its secret and its people.

    Attributes:
        secret: The secret.
        key: Its key.
        people: Names in the table to roles of the templates.
        others: Names in the table to callers whom no template defines.
        ways: Names of ways of asking to the condition keys of the requests.
        further_ways: The same for some callers alone, by their names in the table.
        under_any_key: What others say when they ask for it as if its key kept nobody out, if they do.
    """

    secret: Place
    key: Place
    people: Mapping[str, Place]
    others: Mapping[str, Caller] = field(default_factory=dict)
    ways: Mapping[str, Mapping[str, str]] = field(default_factory=lambda: {"directly": {}})
    further_ways: Mapping[str, Mapping[str, Mapping[str, str]]] = field(default_factory=dict)
    under_any_key: Mapping[str, str] | None = None


@dataclass(frozen=True)
class SecretScene:
    """What is built, and what is meant by it.

    Attributes:
        name: A few words.
        build: Defines stacks in an app.
        rows: The table.
    """

    name: str
    build: "Callable[[cdk.App], BuiltSecret]"
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class PlayedSecret:
    """A scene after synthesis: policies with literal values, and every decision that the table makes.

    Attributes:
        secret: The secret, with its policy and its key.
        decisions: The table, expanded.
    """

    secret: JudgedSecret
    decisions: tuple[Decision, ...]


def judged(decision: Decision, secret: JudgedSecret, caller: Caller | None = None) -> bool:
    """Whether a decision is to allow.

    Args:
        decision: The decision.
        secret: The secret that is asked for.
        caller: Who asks, if it is not the caller of the table but a changed one.
    """
    if decision.how == ON_ANOTHER_SECRET:
        secret = secret.another
    elif decision.how == ON_THE_REPLICA:
        secret = secret.replica
    elif decision.how == UNDER_ANY_KEY:
        secret = secret.under_any_key
    elif decision.how.endswith(LET_IN):
        secret = secret.opened
    return secret.allows(caller or decision.asker.caller, OPERATIONS[decision.action], said_in(decision))


def said_in(decision: Decision) -> Mapping[str, str]:
    """Return the condition keys of a request.

    Args:
        decision: About the request.
    """
    # A service that asks for itself is in no organization and has no session.
    asker = decision.asker
    return {} if asker.caller.service else {"aws:userid": "AROA:session", **asker.ways[decision.how]}


def play_secret(scene: SecretScene, app: "cdk.App") -> PlayedSecret:
    """Build and synthesise a scene and expand its table."""
    built = scene.build(app)
    templates = LiteralTemplates(Assembled.read(Path(app.synth().directory)))
    secret = JudgedSecret(templates.name(built.secret), _policy_of(templates, built.secret), templates.key(built.key))
    people = {name: _caller(templates, place) for name, place in built.people.items()}
    return PlayedSecret(secret, tuple(decisions(scene.rows, askers(people, built), SECRET_WORDS)))


def askers(people: Mapping[str, Caller], built: BuiltSecret) -> dict[str, Asker]:
    """Return everybody who asks.

    Args:
        people: Names in the table to roles with the IAM policies of the templates.
        built: What the scene says beside.
    """
    ways = _and_let_in(built.ways)
    callers = dict(_everybody_else())
    for name, caller in {**people, **built.others}.items():
        callers[f"{name} without IAM"] = replace(caller, policies=())
        callers[f"{name} with everything"] = replace(caller, policies=(EVERYTHING,))
    found = {
        name: Asker(caller, {**ways, **_and_let_in(built.further_ways.get(name, {}))})
        for name, caller in callers.items()
    }
    any_key = {} if built.under_any_key is None else {UNDER_ANY_KEY: built.under_any_key}
    found |= {name: Asker(caller, {**ways, **any_key}) for name, caller in built.others.items()}
    apart: dict[str, Mapping[str, str]] = {ON_ANOTHER_SECRET: {}, ON_THE_REPLICA: {}}
    found |= {name: Asker(caller, {**ways, **apart}, person=name) for name, caller in people.items()}
    return found


def _and_let_in(ways: Mapping[str, Mapping[str, str]]) -> dict[str, Mapping[str, str]]:
    return {**ways, **{f"{name} {LET_IN}": said for name, said in ways.items()}}


def _everybody_else() -> Iterator[tuple[str, Caller]]:
    here, elsewhere = f"arn:aws:iam::{ACCOUNT}", f"arn:aws:iam::{OTHER_ACCOUNT}"
    deployer = f"{here}:role/cdk-hnb659fds-cfn-exec-role-{ACCOUNT}"
    yield "deployer", Caller(f"{deployer}-{REGION}", (ALLOW_EVERYTHING,))
    yield "deployer of another Region", Caller(f"{deployer}-{OTHER_REGION}", (ALLOW_EVERYTHING,))
    yield "account administrator", Caller(f"{here}:role/AccountAdministrator", (ALLOW_EVERYTHING,))
    yield "root user", Caller(f"{here}:root")
    yield "stranger", Caller(f"{here}:role/Stranger")
    yield "stranger with everything", Caller(f"{here}:role/Curious", (EVERYTHING,))
    yield "service-linked role", Caller(f"{here}:role/aws-service-role/rds.amazonaws.com/AWSServiceRoleForRDS")
    yield "federated user", Caller(f"arn:aws:sts::{ACCOUNT}:federated-user/somebody", (EVERYTHING,))
    yield "foreign stranger", Caller(f"{elsewhere}:role/Curious", (EVERYTHING,))
    yield "foreign root user", Caller(f"{elsewhere}:root")
    yield "stranger of a third account", Caller("arn:aws:iam::999999999999:role/Curious", (EVERYTHING,))
    yield "AWS service", Caller(service="glue.amazonaws.com")
    yield "somebody unsigned", Caller()


def _caller(templates: LiteralTemplates, place: Place) -> Caller:
    inline = templates.inline_policies(place)
    return Caller(templates.caller(place).arn, (*inline, *templates.allowing(templates.name(place), place)))


def _policy_of(templates: LiteralTemplates, secret: Place) -> Document:
    policies: Iterable[Any] = (
        templates.literal(stack, properties["ResourcePolicy"])
        for stack, _, properties in templates.assembled.resources("AWS::SecretsManager::ResourcePolicy")
        if templates.literal(stack, properties["SecretId"]) == templates.name(secret)
    )
    (policy,) = policies
    return dict(policy)
