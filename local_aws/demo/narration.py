"""What the demonstration says, and whether everything it showed held."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from time import monotonic

from rich.console import Console
from rich.markup import escape
from rich.table import Table

_WIDTH_WHEN_PIPED = 140


class Narration:
    """Prints the steps of the demonstration and counts what held: in colour on a terminal, plain when piped."""

    def __init__(self) -> None:
        """Write to standard output."""
        self._console = Console(highlight=False, emoji=False)
        if not self._console.is_terminal:
            self._console = Console(highlight=False, emoji=False, width=_WIDTH_WHEN_PIPED)
        self._held = 0
        self._failed: list[str] = []

    def heading(self, text: str) -> None:
        """Begin a chapter."""
        self._console.print(f"\n[bold]{text}[/bold]")

    def say(self, text: str) -> None:
        """Tell something that is neither right nor wrong."""
        self._console.print(f"  [dim]{text}[/dim]")

    @contextmanager
    def timed(self, text: str) -> Iterator[None]:
        """Tell what takes a while, and how long it took."""
        start = monotonic()
        with self._console.status(text) if self._console.is_terminal else _nothing():
            yield
        self._console.print(f"  {text} [dim]{monotonic() - start:.1f} s[/dim]")

    def check(self, claim: str, seen: object, expected: object, detail: str = "") -> None:
        """Show a claim as held if what was seen is what was expected, and remember it.

        Args:
            claim: What is shown, as a sentence.
            seen: What happened.
            expected: What had to happen.
            detail: What to show beside it.
        """
        if seen == expected:
            self._held += 1
            mark = "[green]held[/green]  "
        else:
            self._failed.append(claim)
            mark = "[bold red]FAILED[/bold red]"
        self._console.print(f"  {mark} {escape(claim)}" + (f" [dim]{escape(detail)}[/dim]" if detail else ""))

    def table(self, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        """Show rows under columns."""
        table = Table(*columns, show_lines=False, pad_edge=False, box=None, header_style="bold")
        for row in rows:
            table.add_row(*row)
        self._console.print(table)

    def conclusion(self) -> int:
        """Say what held and return the exit code: 0 only if everything did."""
        self.heading(f"{self._held} of {self._held + len(self._failed)} claims held")
        for claim in self._failed:
            self._console.print(f"  [bold red]FAILED[/bold red] {escape(claim)}")
        return 1 if self._failed else 0


@contextmanager
def _nothing() -> Iterator[None]:
    yield
