"""Records of CloudTrail as Athena reads them, in DuckDB, and saved queries asked of them there.

Samples are those of AWS's documentation, each with the page that it is from. What a test changes in one is said by
`derived`: such a record is made up.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import duckdb
import sqlglot
from sqlglot import exp

from constructs_lib.auditing.saved_query import SavedQuery
from constructs_lib.auditing.sql_text import name
from constructs_lib.auditing.trail_table import COLUMNS, PARTITIONS, TABLE

Event = dict[str, Any]

DATABASE = "audit_trail"
QUALIFIED = name(DATABASE, TABLE)
TODAY = date(2026, 11, 22)
_SAMPLES = Path(__file__).resolve().parents[1] / "data" / "cloudtrail_events"
_TYPES = {column: exp.DataType.build(kind, dialect="hive") for column, kind in {**COLUMNS, **PARTITIONS}.items()}


def sample(path: str) -> Event:
    """Return an event of AWS's documentation.

    Args:
        path: Its file, without what it ends in.
    """
    event: Event = json.loads((_SAMPLES / f"{path}.json").read_text())["event"]
    return event


def derived(event: Event, changes: Mapping[str, Any]) -> Event:
    """Return a made-up event: a sample with other values.

    Args:
        event: The sample.
        changes: What is other; of objects only what they name, None for what is missing.
    """
    merged = {
        key: derived(event[key], value) if isinstance(value, dict) and isinstance(event.get(key), dict) else value
        for key, value in changes.items()
    }
    return {**event, **merged}


def row_of(event: Event) -> dict[str, Any]:
    """Return the row that Athena's SerDe makes of a record, with the partition whose file holds it.

    JSON inside of a record is text, a column is found whatever the case of its name, and what no column is for is left
    out. https://docs.aws.amazon.com/athena/latest/ug/create-cloudtrail-table-partition-projection.html

    Args:
        event: The record.
    """
    partition = {
        "account": event.get("recipientAccountId"),
        "region": event["awsRegion"],
        "day": event["eventTime"][:10].replace("-", "/"),
    }
    lowered = {key.lower(): value for key, value in {**event, **partition}.items()}
    return {column: _read(lowered.get(column), kind) for column, kind in _TYPES.items()}


def _read(value: Any, kind: exp.DataType) -> Any:
    if value is None:
        return None
    if kind.is_type(exp.DataType.Type.STRUCT):
        lowered = {key.lower(): each for key, each in value.items()}
        return {field.name: _read(lowered.get(field.name), field.args["kind"]) for field in kind.expressions}
    if kind.is_type(exp.DataType.Type.ARRAY):
        return [_read(each, kind.expressions[0]) for each in value]
    if kind.is_type(exp.DataType.Type.MAP):
        return {"key": list(value), "value": list(value.values())}
    return value if isinstance(value, str) else json.dumps(value)


@lru_cache
def _for_duckdb(sql: str, today: date) -> str:
    (parsed,) = sqlglot.parse(sql, read="athena")
    assert parsed is not None
    clock = exp.cast(exp.Literal.string(today.isoformat()), exp.DataType.Type.DATE)
    return parsed.transform(lambda node: clock if isinstance(node, exp.CurrentDate) else node).sql("duckdb")


class Records:
    """The table of a trail."""

    def __init__(self) -> None:
        """Make it, without records."""
        columns = ", ".join(f"{name(column)} {kind.sql('duckdb')}" for column, kind in _TYPES.items())
        self._connection = duckdb.connect(config={"autoinstall_known_extensions": False})
        self._connection.execute(f"CREATE SCHEMA {name(DATABASE)}")
        self._connection.execute(f"CREATE TABLE {QUALIFIED} ({columns})")

    def hold(self, events: Iterable[Event]) -> None:
        """Hold these records and no others.

        Args:
            events: The records.
        """
        self._connection.execute(f"DELETE FROM {QUALIFIED}")  # noqa: S608  # a name of ours
        places = ", ".join(f"CAST(? AS {kind.sql('duckdb')})" for kind in _TYPES.values())
        for event in events:
            self._connection.execute(
                f"INSERT INTO {QUALIFIED} VALUES ({places})",  # noqa: S608  # names of ours
                list(row_of(event).values()),
            )

    def ask(self, query: SavedQuery, *values: str, today: date = TODAY) -> list[dict[str, Any]]:
        """Return the answer to a query.

        Args:
            query: The query, for Athena.
            *values: What it asks for.
            today: The day on which it is asked.
        """
        found = self._connection.execute(_for_duckdb(query.sql, today), list(values))
        columns = [each[0] for each in found.description or ()]
        return [dict(zip(columns, row, strict=True)) for row in found.fetchall()]
