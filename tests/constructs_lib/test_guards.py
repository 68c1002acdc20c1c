from dataclasses import FrozenInstanceError
from typing import Any, cast

import pytest

from constructs_lib.errors import ConfigurationError
from constructs_lib.guards import (
    Guard,
    KeepsLockoutCheck,
    OnlyDeletedBy,
    RotatesWithin,
    WaitsAtLeast,
    check_guards,
    people_in,
)
from constructs_lib.key_kind import AGREEMENT, ASYMMETRIC_ENCRYPTION, MAC, SIGNING, SYMMETRIC, KeyKind
from tests.support.some_principal import SomePrincipal

ANNA, BERT = SomePrincipal("anna"), SomePrincipal("bert")
ALL: tuple[Guard, ...] = (
    OnlyDeletedBy(people=[ANNA, BERT]),
    WaitsAtLeast(days=14),
    KeepsLockoutCheck(),
    RotatesWithin(days=365),
)
DOES_NOT_ROTATE = [ASYMMETRIC_ENCRYPTION, SIGNING, MAC, AGREEMENT, SYMMETRIC.with_imported_material()]


def _check(*guards: Any, kind: KeyKind = SYMMETRIC, waiting: int = 30, rotation: int | None = 365) -> tuple[Guard, ...]:
    return check_guards(guards, kind=kind, waiting_days=waiting, rotation_days=rotation)


def test_guards_that_suit_the_key_are_returned_as_they_were_given() -> None:
    assert _check(*ALL) == ALL
    assert _check() == ()


def test_a_key_that_keeps_exactly_to_its_guards_is_accepted() -> None:
    guards = (WaitsAtLeast(days=7), RotatesWithin(days=90))

    assert _check(*guards, waiting=7, rotation=90) == guards


@pytest.mark.parametrize("kind", DOES_NOT_ROTATE, ids=lambda kind: kind.name)
def test_guards_of_deletion_and_of_the_policy_suit_every_kind(kind: KeyKind) -> None:
    assert _check(*ALL[:3], kind=kind, rotation=None) == ALL[:3]


def test_whom_guards_name_is_found() -> None:
    assert people_in(ALL) == (ANNA, BERT)
    assert people_in(ALL[1:]) == ()


def test_a_guard_cannot_be_changed_and_says_what_it_is() -> None:
    guard = WaitsAtLeast(days=14)

    assert repr(guard) == "WaitsAtLeast(days=14)"
    with pytest.raises(FrozenInstanceError):
        cast("Any", guard).days = 7


@pytest.mark.parametrize("days", [6, 31, 0, -14, 14.0, "14", True, None])
def test_refuses_a_waiting_period_that_kms_does_not_have(days: Any) -> None:
    with pytest.raises(ConfigurationError, match=rf"^days must be a whole number of 7 to 30, got {days!r}$"):
        WaitsAtLeast(days=days)


@pytest.mark.parametrize("days", [89, 2561, 0, 365.0, "365", True, None])
def test_refuses_a_rotation_period_that_kms_does_not_have(days: Any) -> None:
    with pytest.raises(ConfigurationError, match=rf"^days must be a whole number of 90 to 2560, got {days!r}$"):
        RotatesWithin(days=days)


def test_accepts_the_ends_of_both_ranges() -> None:
    assert [WaitsAtLeast(days=days).days for days in (7, 30)] == [7, 30]
    assert [RotatesWithin(days=days).days for days in (90, 2560)] == [90, 2560]


@pytest.mark.parametrize(
    ("people", "message"),
    [
        ([], "people must name who may schedule the deletion, got nobody"),
        ("anna", "people must be a sequence of IAM principals, got str"),
        (ANNA, "people must be a sequence of IAM principals, got SomePrincipal"),
    ],
)
def test_refuses_to_let_nobody_delete(people: Any, message: str) -> None:
    with pytest.raises(ConfigurationError, match=f"^{message}$"):
        OnlyDeletedBy(people=people)


@pytest.mark.parametrize(
    ("guards", "message"),
    [
        (WaitsAtLeast(days=14), "guards must be a sequence of guards, got WaitsAtLeast"),
        ("all", "guards must be a sequence of guards, got str"),
        ([14], r"guards must be guards such as WaitsAtLeast\(days=14\), got 14"),
        ([WaitsAtLeast], r"guards must be guards such as WaitsAtLeast\(days=14\), got <class .*WaitsAtLeast'>"),
    ],
)
def test_refuses_what_is_no_guard(guards: Any, message: str) -> None:
    with pytest.raises(ConfigurationError, match=f"^{message}$"):
        check_guards(guards, kind=SYMMETRIC, waiting_days=30, rotation_days=365)


@pytest.mark.parametrize("guard", ALL, ids=lambda guard: type(guard).__name__)
def test_refuses_the_same_guard_twice(guard: Guard) -> None:
    with pytest.raises(
        ConfigurationError, match=f"^guards must hold each guard once, got {type(guard).__name__} twice"
    ):
        _check(guard, guard)


def test_refuses_two_shortest_waiting_periods() -> None:
    with pytest.raises(ConfigurationError, match="got WaitsAtLeast twice"):
        _check(WaitsAtLeast(days=7), WaitsAtLeast(days=14))


def test_refuses_a_key_that_waits_less_than_its_guard() -> None:
    message = r"^guards must allow the waiting period of the key, 13 days, got WaitsAtLeast\(days=14\)$"
    with pytest.raises(ConfigurationError, match=message):
        _check(WaitsAtLeast(days=14), waiting=13)


def test_refuses_a_key_that_rotates_less_often_than_its_guard() -> None:
    message = r"^guards must allow the rotation period of the key, 366 days, got RotatesWithin\(days=365\)$"
    with pytest.raises(ConfigurationError, match=message):
        _check(RotatesWithin(days=365), rotation=366)


@pytest.mark.parametrize("kind", DOES_NOT_ROTATE, ids=lambda kind: kind.name)
def test_refuses_to_guard_a_rotation_that_there_is_not(kind: KeyKind) -> None:
    with pytest.raises(ConfigurationError, match=rf"^guards must be without RotatesWithin\(days=365\) for {kind.name}"):
        _check(RotatesWithin(days=365), kind=kind)


def test_refuses_to_guard_the_rotation_of_a_key_that_does_not_rotate() -> None:
    with pytest.raises(ConfigurationError, match=r"for .* which KMS does not rotate by itself$"):
        _check(RotatesWithin(days=365), rotation=None)
