"""Keys that a constructor takes, of any kind and with any settings, as hypothesis makes them up."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from hypothesis import strategies as st

from constructs_lib import (
    Administration,
    AgreementKey,
    AgreementSpec,
    AsymmetricEncryptionKey,
    AsymmetricEncryptionSpec,
    EncryptionKey,
    KeepsLockoutCheck,
    KeyMaterial,
    KeyState,
    Lifecycle,
    MacKey,
    MacSpec,
    OnlyDeletedBy,
    RotatesWithin,
    SigningKey,
    SigningSpec,
    WaitsAtLeast,
)
from constructs_lib.service_access.known_services import KNOWN_SERVICES

_NAMES = st.from_regex(r"[A-Za-z0-9_+=,.@-]{1,64}", fullmatch=True)
_PATH = st.from_regex(r"/([a-z0-9_-]{1,12}/){0,3}", fullmatch=True)
_ACCOUNTS = st.sampled_from(("111122223333", "444455556666"))
_PRINTABLE = st.characters(exclude_categories=["C"], max_codepoint=0x2FFFF)
_IN_TAGS = st.one_of(st.characters(categories=("Lu", "Ll", "Nd"), max_codepoint=0x24F), st.sampled_from(" _.:/=+@-"))
# A name that reads like a boolean is one to cfn-lint, which then finds two of it.
_TAG_NAMES = st.text(_IN_TAGS, min_size=1, max_size=128).filter(
    lambda name: not name.lower().startswith("aws:") and name.lower() not in {"true", "false"}
)
_ALIASES = st.from_regex(r"[a-zA-Z0-9:/_-]{1,200}", fullmatch=True).filter(
    lambda alias: not alias.lower().startswith(("aws/", "alias/"))
)
_USERS: dict[Any, tuple[tuple[str, str], Any]] = {
    EncryptionKey: (("encrypters", "decrypters"), None),
    AsymmetricEncryptionKey: (("encrypters", "decrypters"), AsymmetricEncryptionSpec),
    SigningKey: (("signers", "verifiers"), SigningSpec),
    MacKey: (("generators", "verifiers"), MacSpec),
    AgreementKey: (("derivers", "peers"), AgreementSpec),
}


@dataclass(frozen=True)
class AcceptedKey:
    """A key that was made up.

    Attributes:
        make: Its class.
        settings: What the constructor is told, but for people.
        people: Arguments to the ARNs of people.
        alias: Its alias without what makes it unique; empty for none.
        deletes: ARNs of those whom a guard names.
    """

    make: Callable[..., object]
    settings: dict[str, Any]
    people: dict[str, list[str]]
    alias: str
    deletes: list[str]

    def define(self, stack: cdk.Stack, number: int) -> None:
        """Define the key in a stack."""
        people = {name: [iam.ArnPrincipal(arn) for arn in arns] for name, arns in self.people.items()}
        settings = dict(self.settings)
        if self.alias:
            settings["alias"] = f"{number}-{self.alias}"
        if self.deletes:
            settings["guards"] = [
                *settings["guards"],
                OnlyDeletedBy(people=[iam.ArnPrincipal(a) for a in self.deletes]),
            ]
        self.make(stack, f"Key{number}", **people, **settings)


def _arns() -> st.SearchStrategy[str]:
    return st.builds(
        lambda account, kind, path, name: f"arn:aws:iam::{account}:{kind}{path}{name}",
        _ACCOUNTS,
        st.sampled_from(("role", "user")),
        _PATH,
        _NAMES,
    )


@st.composite
def accepted_keys(draw: st.DrawFn) -> AcceptedKey:
    """Make up a key."""
    make = draw(st.sampled_from(list(_USERS)))
    users, specs = _USERS[make]
    people = _people(draw, users)
    settings: dict[str, Any] = {
        "description": draw(st.one_of(st.none(), st.text(_PRINTABLE, max_size=60))),
        "tags": draw(st.dictionaries(_TAG_NAMES, st.text(_IN_TAGS, max_size=256), max_size=3)),
        "lifecycle": draw(st.sampled_from(Lifecycle)),
        "state": draw(st.sampled_from(KeyState)),
        "material": draw(st.sampled_from(KeyMaterial)),
        "guards": [KeepsLockoutCheck()] if draw(st.booleans()) else [],
    }
    if settings["lifecycle"] is Lifecycle.DURABLE:
        days = draw(st.integers(7, 30))
        settings["waiting_period"] = cdk.Duration.days(days)
        settings["guards"] += [WaitsAtLeast(days=draw(st.integers(7, days)))] if draw(st.booleans()) else []
    if people["administrators"]:
        settings["administration"] = draw(st.sampled_from(Administration))
    if specs is not None:
        settings["spec"] = draw(st.sampled_from([spec for spec in specs if spec.value != "SM2"]))
    else:
        settings |= _of_symmetric_keys(draw, settings)
    alias = draw(st.one_of(st.just(""), _ALIASES))
    return AcceptedKey(make, settings, people, alias, draw(st.lists(_arns(), max_size=2, unique=True)))


def _people(draw: st.DrawFn, users: tuple[str, ...]) -> dict[str, list[str]]:
    arns = draw(st.lists(_arns(), max_size=6, unique=True))
    administrators = arns[: draw(st.integers(0, 2))]
    others = arns[len(administrators) :]
    chosen = {argument: [arn for arn in others if draw(st.booleans())] for argument in (*users, "auditors")}
    return {"administrators": administrators, **chosen}


def _of_symmetric_keys(draw: st.DrawFn, settings: dict[str, Any]) -> dict[str, Any]:
    names = st.lists(st.sampled_from(KNOWN_SERVICES), max_size=4, unique=True)
    found: dict[str, Any] = {"services": draw(st.one_of(st.none(), names))}
    if settings["material"] is KeyMaterial.GENERATED:
        days = draw(st.integers(90, 2560))
        found["rotation_period"] = cdk.Duration.days(days)
        if draw(st.booleans()):
            found["guards"] = [*settings["guards"], RotatesWithin(days=draw(st.integers(days, 2560)))]
    return found
