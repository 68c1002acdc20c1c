"""Text that somebody else wrote, for a terminal: nothing in it can move the cursor or pass for something else."""


def printable(text: str) -> str:
    r"""Show each character that a terminal would not print as its escape.

    A header says what its writer wanted it to say, before anything is verified: control sequences as well, or
    characters that turn the direction of writing around.

    Args:
        text: Any text.

    Returns:
        The same text in one line.

    Examples:
        >>> print(printable("tenant\x1b[2J\n"))
        tenant\x1b[2J\n
        >>> printable("Zürich 東京")
        'Zürich 東京'
    """
    # A backslash too, or a text could look like an escape that it does not hold.
    return "".join(
        each if each.isprintable() and each != "\\" else each.encode("unicode_escape").decode() for each in text
    )
