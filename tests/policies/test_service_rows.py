"""What a row of the service catalogue is meant to allow is what an independent IAM engine decides, and no more."""

import importlib
import pkgutil
from collections.abc import Callable
from inspect import getmembers, isfunction

import pytest

from constructs_lib import service_access
from constructs_lib.service_access.service_use import ServiceUse
from tests.support.mutation import detect
from tests.support.service_row import IRELAND, NEIGHBOURS, PLACES, Place, ServiceRow
from tests.support.service_rows.all_rows import ROWS
from tests.support.service_rows.messaging import FOR_EVERY_TOPIC

Record = Callable[[str, object], None]

RUNNING = [row for row in ROWS if row.use.running]
DECIDED = [*RUNNING, *FOR_EVERY_TOPIC]


def name(value: object) -> str:
    return value.call if isinstance(value, ServiceRow) else ""


def wrong(row: ServiceRow, place: Place, actions: tuple[str, ...] | None = None) -> tuple[list[str], int]:
    key = row.key(place)
    decided = list(row.decisions(place, actions=actions))
    others = [
        f"{each.who} {each.how} {each.action}: {'allowed' if each.allowed else 'refused'} is meant"
        for each in decided
        if each.judged(key, {}) != each.allowed
    ]
    return others, len(decided)


@pytest.mark.parametrize("row", DECIDED, ids=name)
def test_the_right_one_may_exactly_this_and_its_neighbours_nothing(row: ServiceRow, record_property: Record) -> None:
    others, count = wrong(row, IRELAND)
    assert others == []
    record_property("decisions", count)


@pytest.mark.parametrize("row", DECIDED, ids=name)
def test_it_is_the_same_in_every_partition(row: ServiceRow, record_property: Record) -> None:
    actions = tuple(sorted({f"kms:{action}" for rule in row.rules for action in rule.may.split()}))
    total = 0
    for place in PLACES[1:]:
        others, count = wrong(row, place, actions)
        assert others == []
        total += count
    record_property("decisions", total)


@pytest.mark.parametrize("row", RUNNING, ids=name)
def test_every_mutant_of_a_row_is_detected(row: ServiceRow, record_property: Record) -> None:
    found = detect(row.played())
    assert found.undetected == []
    assert found.wrongly_excused == []
    assert found.detected
    record_property("mutants", len(found.detected) + len(found.equivalent))
    record_property("detected", len(found.detected))
    record_property("equivalent", len(found.equivalent))


@pytest.mark.parametrize("row", RUNNING, ids=name)
def test_each_row_refuses_its_neighbours_of_each_kind(row: ServiceRow) -> None:
    may = {(each.who, each.how, each.action) for each in row.decisions() if each.allowed}
    refused = {
        kind: [who for who, how, actions in places if not any((who, how, action) in may for action in actions)]
        for kind, places in row.neighbours().items()
    }

    assert [kind for kind in NEIGHBOURS if not refused[kind]] == list(row.blind_to)


def test_every_function_of_the_catalogue_has_a_row() -> None:
    modules = [
        importlib.import_module(f"{service_access.__name__}.{each.name}")
        for each in pkgutil.iter_modules(service_access.__path__)
    ]
    functions = {
        f"{module.__name__}.{name}"
        for module in modules
        for name, function in getmembers(module, isfunction)
        if function.__annotations__.get("return") is ServiceUse and not name.startswith("_")
        if function.__module__ == module.__name__
    }

    assert functions == {f"{row.function.__module__}.{row.function.__name__}" for row in ROWS}


def test_a_row_that_forgot_a_condition_would_be_noticed() -> None:
    row = next(row for row in RUNNING if row.use.title == "Kinesis: consumers of a stream")
    key = row.key()
    for statement in key.policy["Statement"]:
        del statement["Condition"]["StringEquals"]["kms:ViaService"]

    assert [each.how for each in row.decisions() if each.judged(key, {}) != each.allowed] != []
