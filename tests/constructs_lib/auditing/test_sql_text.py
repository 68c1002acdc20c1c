import pytest
import sqlglot
from hypothesis import given
from hypothesis import strategies as st
from sqlglot import exp

from constructs_lib.auditing.sql_text import filled, name, text

ANY_TEXT = st.text(st.characters(exclude_categories=["C"]), min_size=1)


@given(ANY_TEXT)
def test_a_text_stays_one_text_whatever_is_in_it(value: str) -> None:
    (statement,) = sqlglot.parse(f"SELECT {text(value)} AS t", read="athena")

    assert isinstance(statement, exp.Select)
    literal = statement.expressions[0].this
    assert (type(literal), literal.name, literal.is_string) == (exp.Literal, value, True)


@given(ANY_TEXT)
def test_a_name_stays_one_name_whatever_is_in_it(value: str) -> None:
    (statement,) = sqlglot.parse(f"SELECT 1 FROM {name('database', value)}", read="athena")  # noqa: S608  # what is tested

    assert isinstance(statement, exp.Select)
    assert [(each.db, each.name) for each in statement.find_all(exp.Table)] == [("database", value)]


def test_parts_are_put_in_and_the_signs_of_json_and_dates_are_left() -> None:
    sql = filled("    SELECT @what, '$.keyId', '%Y/%m/%d'\n    FROM @table\n", what="1", table="t")

    assert sql == "SELECT 1, '$.keyId', '%Y/%m/%d'\nFROM t"


def test_refuses_to_leave_a_part_out() -> None:
    with pytest.raises(KeyError, match="table"):
        filled("SELECT 1 FROM @table")
