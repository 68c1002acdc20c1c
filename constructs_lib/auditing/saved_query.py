"""SavedQuery: a question to the trail, as the SQL that answers it."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class SavedQuery:
    """A question with its query.

    Attributes:
        name: What Athena calls it, as a named query and as a prepared statement: letters, digits and underscores.
        question: What it answers.
        asks_for: What each `?` of the query stands for, in order.
        columns: What the columns of its answer are called.
        sql: One SELECT.
    """

    name: str
    question: str
    asks_for: tuple[str, ...]
    columns: tuple[str, ...]
    sql: str

    @property
    def description(self) -> str:
        """The question, and what must be said to ask it."""
        return f"{self.question} Asks for: {', '.join(self.asks_for)}." if self.asks_for else self.question
