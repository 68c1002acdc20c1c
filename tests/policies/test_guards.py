"""What each guard refuses, to whom and at which values, by the independent engine; and that it refuses no more."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

import pytest

from constructs_lib.guard_statements import guard_statements
from constructs_lib.guards import Guard, KeepsLockoutCheck, OnlyDeletedBy, RotatesWithin, WaitsAtLeast
from constructs_lib.key_kind import SIGNING, SYMMETRIC, KeyKind
from constructs_lib.key_policy import Administration, KeyPolicy
from constructs_lib.principals import Person, Principal
from constructs_lib.statements import render_policy
from tests.support.deny_mutants import mutants_of_denials
from tests.support.policy_judge import ALLOW_EVERYTHING, Caller, KmsKey
from tests.support.some_principal import SomePrincipal

ACCOUNT = "arn:aws:iam::111122223333"
SSO = f"{ACCOUNT}:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_"
KEY = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
DEPLOYER = f"{ACCOUNT}:role/cdk-hnb659fds-cfn-exec-role-111122223333-eu-west-1"
SERVICE = "backup.amazonaws.com"

RELEASERS = (
    Person(Principal.by_arn(f"{ACCOUNT}:role/Releaser")),
    Person(Principal.by_name(f"{ACCOUNT}:role/ops/NightReleaser")),
    Person(Principal.by_name(f"{SSO}KeyAdmins_*")),
)
ALL_IAM = (ALLOW_EVERYTHING,)
CALLERS = {
    "deployer": Caller(DEPLOYER, ALL_IAM),
    "releaser by identity": Caller(f"{ACCOUNT}:role/Releaser", ALL_IAM),
    "releaser re-created": Caller(f"{ACCOUNT}:role/Releaser", ALL_IAM, life=2),
    "releaser by name": Caller(f"{ACCOUNT}:role/ops/NightReleaser", ALL_IAM),
    "releaser by permission set": Caller(f"{SSO}KeyAdmins_0123456789abcdef", ALL_IAM),
    "other permission set": Caller(f"{SSO}KeyAdminsToo_0123456789abcdef", ALL_IAM),
    "other path": Caller(f"{ACCOUNT}:role/NightReleaser", ALL_IAM),
    "other deployer": Caller(DEPLOYER.replace("eu-west-1", "us-east-1"), ALL_IAM),
    "other administrator": Caller(f"{ACCOUNT}:role/Administrator", ALL_IAM),
    "other, the root user": Caller(f"{ACCOUNT}:root"),
    "other, a service": Caller(service=SERVICE),
    "stranger": Caller(f"{ACCOUNT}:role/Stranger"),
    "stranger elsewhere": Caller(DEPLOYER.replace("111122223333", "444455556666"), ALL_IAM),
}
CONDITION_KEYS = {
    "kms:ScheduleKeyDeletion": "kms:ScheduleKeyDeletionPendingWindowInDays",
    "kms:EnableKeyRotation": "kms:RotationPeriodInDays",
    "kms:PutKeyPolicy": "kms:BypassPolicyLockoutSafetyCheck",
}
LEFT_OUT = "-"
ASKED = {
    "kms:ScheduleKeyDeletion": (LEFT_OUT, "0", "7", "13", "14", "15", "29", "30"),
    "kms:EnableKeyRotation": (LEFT_OUT, "0", "89", "90", "180", "181", "364", "365", "366", "730", "731", "2560"),
    "kms:PutKeyPolicy": (LEFT_OUT, "false", "true"),
}


@dataclass(frozen=True)
class Guarded:
    """A key with guards and what these refuse: who, action and values a line; nothing else than without guards."""

    guards: tuple[Guard, ...]
    refuses: str
    kind: KeyKind = SYMMETRIC

    @property
    def policy(self) -> dict[str, Any]:
        deployers = [Principal.by_name(DEPLOYER)]
        rendered = render_policy(
            KeyPolicy(
                kind=self.kind,
                account=f"{ACCOUNT}:root",
                region="eu-west-1",
                administration=Administration.THROUGH_IAM,
                deployers=deployers,
                services=(),
                guards=guard_statements(self.guards, kind=self.kind, people=RELEASERS, deployers=deployers),
            ).statements()
        )
        # Nobody lets a service administer; here one may, so that it shows what a Deny does to callers without a name.
        service = {"Effect": "Allow", "Principal": {"Service": SERVICE}, "Action": "kms:*", "Resource": "*"}
        return {"Statement": [*rendered["Statement"], service]}

    def decisions(self) -> "Iterator[Decision]":
        rows = [tuple(map(str.strip, line.split("|"))) for line in self.refuses.strip().splitlines()]
        used = set()
        for who in CALLERS:
            for action in sorted(self.kind.actions):
                for value in ASKED.get(action, (LEFT_OUT,)):
                    found = {
                        row
                        for row in rows
                        if any(fnmatchcase(who, name) for name in row[0].split(", "))
                        and action == f"kms:{row[1]}"
                        and value in row[2].split(" ")
                    }
                    used |= found
                    yield Decision(who, action, value, self._without_guards(who, action) and not found)
        assert used == set(rows), "a row refuses nothing that is asked for"

    def _without_guards(self, who: str, action: str) -> bool:
        return not who.startswith("stranger") and (who.endswith("service") or action in self.kind.administer)


@dataclass(frozen=True)
class Decision:
    who: str
    action: str
    value: str
    allowed: bool

    def judged(self, key: KmsKey) -> bool:
        context = {} if self.value == LEFT_OUT else {CONDITION_KEYS[self.action]: self.value}
        return key.allows(CALLERS[self.who], self.action, context)


DELETION = OnlyDeletedBy(people=[SomePrincipal()])
OF_DELETION = "other* | ScheduleKeyDeletion | - 0 7 13 14 15 29 30"
OF_LOCKOUT = "deployer, releaser*, other* | PutKeyPolicy | true"
OF_OFF = "releaser*, other* | DisableKeyRotation | -"
IMPORTED = SYMMETRIC.with_imported_material()

GUARDED = {
    "deletion": Guarded((DELETION,), OF_DELETION),
    "deletion of a signing key": Guarded((DELETION,), OF_DELETION, SIGNING),
    "deletion of imported material": Guarded(
        (DELETION,), f"{OF_DELETION}\nother* | DeleteImportedKeyMaterial | -", IMPORTED
    ),
    "waiting": Guarded((WaitsAtLeast(days=14),), "releaser*, other* | ScheduleKeyDeletion | 0 7 13"),
    "longest waiting": Guarded((WaitsAtLeast(days=30),), "releaser*, other* | ScheduleKeyDeletion | 0 7 13 14 15 29"),
    "lock-out check": Guarded((KeepsLockoutCheck(),), OF_LOCKOUT),
    "rotation, half a year": Guarded(
        (RotatesWithin(days=180),),
        f"releaser*, other* | EnableKeyRotation | - 0 89 181 364 365 366 730 731 2560\n{OF_OFF}",
    ),
    "rotation, a day less than a year": Guarded(
        (RotatesWithin(days=364),), f"releaser*, other* | EnableKeyRotation | - 0 89 365 366 730 731 2560\n{OF_OFF}"
    ),
    "rotation, a year": Guarded(
        (RotatesWithin(days=365),), f"releaser*, other* | EnableKeyRotation | 366 730 731 2560\n{OF_OFF}"
    ),
    "rotation, two years": Guarded(
        (RotatesWithin(days=730),), f"releaser*, other* | EnableKeyRotation | 731 2560\n{OF_OFF}"
    ),
    "all": Guarded(
        (RotatesWithin(days=365), KeepsLockoutCheck(), DELETION, WaitsAtLeast(days=14)),
        f"{OF_DELETION}\nreleaser* | ScheduleKeyDeletion | 0 7 13\n{OF_LOCKOUT}\n"
        f"releaser*, other* | EnableKeyRotation | 366 730 731 2560\n{OF_OFF}",
    ),
}

# Turning rotation off is denied to the same people, and so is leaving the period out.
DENIED_TWICE = {
    "GuardRotationPeriod: with kms:DisableKeyRotation",
    "GuardRotationPeriodLeftOut: NumericLessThan kms:RotationPeriodInDays NumericLessThanIfExists",
}


@pytest.mark.parametrize("guarded", GUARDED.values(), ids=list(GUARDED))
def test_a_guard_refuses_what_it_is_meant_to_and_nothing_else(
    guarded: Guarded, record_property: Callable[[str, object], None]
) -> None:
    key = KmsKey(KEY, guarded.policy)
    decisions = list(guarded.decisions())

    assert [each for each in decisions if each.judged(key) != each.allowed] == []
    record_property("decisions", len(decisions))


@pytest.mark.parametrize("name", sorted(GUARDED.keys() - {"all"}))
def test_every_mutant_of_a_guard_is_detected(name: str, record_property: Callable[[str, object], None]) -> None:
    guarded = GUARDED[name]
    decisions = list(guarded.decisions())
    mutants = list(mutants_of_denials(guarded.policy, guarded.kind.actions))
    missed = [change for change, policy in mutants if _turned(decisions, KmsKey(KEY, policy)) is None]

    assert [change for change in missed if change not in DENIED_TWICE] == []
    record_property("mutants", len(mutants))
    record_property("detected", len(mutants) - len(missed))
    record_property("equivalent", len(missed))


def _turned(decisions: Sequence[Decision], key: KmsKey) -> Decision | None:
    return next((each for each in decisions if each.judged(key) != each.allowed), None)


def test_no_guard_changes_a_call_of_the_deployer_but_for_the_lock_out_check() -> None:
    free = KmsKey(KEY, Guarded((), "").policy)
    guarded = KmsKey(KEY, GUARDED["all"].policy)
    changed = {
        (action, value)
        for action in SYMMETRIC.actions
        for value in ASKED.get(action, (LEFT_OUT,))
        for asked in [Decision("deployer", action, value, allowed=True)]
        if asked.judged(free) != asked.judged(guarded)
    }

    assert changed == {("kms:PutKeyPolicy", "true")}
