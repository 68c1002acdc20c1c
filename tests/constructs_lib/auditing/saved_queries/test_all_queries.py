"""Every query is one SELECT of Athena's, over columns that the table has, and reads some days only."""

import re

import pytest
import sqlglot
from sqlglot import exp
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import traverse_scope

from constructs_lib.auditing.saved_queries.all_queries import all_queries
from constructs_lib.auditing.saved_query import SavedQuery
from constructs_lib.auditing.trail_table import COLUMNS, PARTITIONS, TABLE

DATABASE = "audit_trail"
NAMED = "arn:aws:kms:eu-west-1:111122223333:key/x\"; DROP TABLE t; --'"
QUERIES = all_queries(DATABASE, key_arns=[NAMED], unused_days=90, seen_days=365)
TABLES: dict[str, object] = {DATABASE: {TABLE: {**COLUMNS, **PARTITIONS}}}
# https://docs.aws.amazon.com/athena/latest/ug/reserved-words.html, those of SELECT
RESERVED = {
    "alter", "and", "as", "between", "by", "case", "cast", "constraint", "create", "cross", "cube",
    "current_catalog", "current_date", "current_path", "current_schema", "current_time", "current_timestamp",
    "current_user", "deallocate", "delete", "describe", "distinct", "drop", "else", "end", "escape", "except",
    "exec", "execute", "exists", "extract", "false", "first", "for", "from", "full", "group", "grouping", "having",
    "in", "inner", "insert", "intersect", "into", "is", "join", "json_array", "json_exists", "json_object",
    "json_query", "json_table", "json_value", "last", "left", "like", "listagg", "localtime", "localtimestamp",
    "natural", "normalize", "not", "null", "of", "on", "or", "order", "outer", "prepare", "recursive", "right",
    "rollup", "select", "skip", "table", "then", "trim", "true", "uescape", "union", "unnest", "using", "values",
    "when", "where", "with",
}  # fmt: skip

each_query = pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.name)


def parsed(query: SavedQuery) -> exp.Select:
    (statement,) = sqlglot.parse(query.sql, read="athena")
    assert isinstance(statement, exp.Select)
    return statement


@each_query
def test_it_is_one_select_whose_columns_exist_in_the_table(query: SavedQuery) -> None:
    qualified = qualify(
        parsed(query), schema=TABLES, dialect="athena", validate_qualify_columns=True, quote_identifiers=False
    )

    read = {
        (source.db, source.name)
        for scope in traverse_scope(qualified)
        for source in scope.sources.values()
        if isinstance(source, exp.Table)
    }
    assert read == {(DATABASE, TABLE)}


def test_a_column_that_the_table_has_not_would_be_found() -> None:
    wrong = parsed(QUERIES[0]).sql("athena").replace("eventsource", "eventsauce")

    with pytest.raises(sqlglot.errors.OptimizeError, match="eventsauce"):
        qualify(sqlglot.parse_one(wrong, read="athena"), schema=TABLES, dialect="athena")


@each_query
def test_it_answers_in_the_columns_that_it_promises(query: SavedQuery) -> None:
    assert tuple(parsed(query).named_selects) == query.columns


@each_query
def test_it_asks_for_what_it_says(query: SavedQuery) -> None:
    assert len(list(parsed(query).find_all(exp.Placeholder))) == len(query.asks_for)
    assert query.description.startswith(query.question)
    assert all(each in query.description for each in query.asks_for)
    assert len(query.description) <= 1024


@each_query
def test_it_reads_the_files_of_some_days_only(query: SavedQuery) -> None:
    readers = [
        select
        for select in parsed(query).find_all(exp.Select)
        if isinstance(select.args["from_"].this, exp.Table) and select.args["from_"].this.db == DATABASE
    ]

    assert readers
    for select in readers:
        tested = [each for each in select.args["where"].this.flatten() if isinstance(each, (exp.Between, exp.GTE))]
        assert [each.this.name for each in tested] == ["day"]


@each_query
def test_no_name_is_one_that_athena_keeps_for_itself(query: SavedQuery) -> None:
    names = {each.name.lower() for each in parsed(query).find_all(exp.Identifier) if not each.quoted}

    assert names
    assert not names & RESERVED


@each_query
def test_athena_takes_it_by_name_and_by_length(query: SavedQuery) -> None:
    assert re.fullmatch(r"[a-z][a-z_]*", query.name)
    assert len(query.sql) < 262_144


def test_names_are_different() -> None:
    assert len({each.name for each in QUERIES}) == len(QUERIES) == 6


def test_what_the_app_names_is_a_text_and_never_sql() -> None:
    (unused,) = (each for each in QUERIES if each.name == "keys_not_used")

    texts = {each.name for each in parsed(unused).find_all(exp.Literal)}

    assert NAMED in texts
