"""What the app says becomes a part of SQL here, and nowhere else: as a name in quotes, or as a text in quotes."""

from string import Template
from textwrap import dedent


class _Sql(Template):
    """SQL has `$` in the paths of JSON and `%` in the formats of dates."""

    delimiter = "@"


def name(*parts: str) -> str:
    """Return a name in SQL, each part in double quotes.

    https://docs.aws.amazon.com/athena/latest/ug/reserved-words.html

    Args:
        *parts: Database and table, or a column.

    Examples:
        >>> print(name("audit", 'records "of" 2026'))
        "audit"."records ""of"" 2026"
    """
    return ".".join('"' + part.replace('"', '""') + '"' for part in parts)


def text(value: str) -> str:
    """Return a text in SQL.

    A token stays one: what CloudFormation puts there must hold no quote, which ARNs do not.

    Args:
        value: The text.

    Examples:
        >>> print(text("it's"))
        'it''s'
    """
    return "'" + value.replace("'", "''") + "'"


def filled(sql: str, **parts: str) -> str:
    """Return SQL with parts in the place of `@part`.

    Args:
        sql: The SQL, indented as the code around it.
        **parts: SQL as well: an expression, or what `name` and `text` return.

    Examples:
        >>> filled("SELECT @what FROM t", what="1")
        'SELECT 1 FROM t'
    """
    return _Sql(dedent(sql).strip()).substitute(parts)
