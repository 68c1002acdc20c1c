"""Whether there is a text that two patterns both match."""

from functools import lru_cache


@lru_cache(maxsize=4096)
def may_both_match(first: str, second: str) -> bool:
    """Whether some text matches both patterns, in which `*` stands for any text and `?` for one character.

    Args:
        first: A pattern, or a text.
        second: Another one.

    Examples:
        >>> may_both_match("Orders-*", "*-Reader"), may_both_match("Orders-*", "Reader-*")
        (True, False)
    """
    # What of the second pattern is left at each place of the first: places are reached from left to right.
    reached = _past_wildcards({0}, second)
    for letter in first:
        if letter == "*":
            reached = set(range(min(reached), len(second) + 1)) if reached else reached
            continue
        after = {place for place in reached if place < len(second) and second[place] == "*"}
        after |= {
            place + 1
            for place in reached
            if place < len(second) and second[place] != "*" and (letter in ("?", second[place]) or second[place] == "?")
        }
        reached = _past_wildcards(after, second)
    return len(second) in reached


def _past_wildcards(places: set[int], pattern: str) -> set[int]:
    """Return these places and those behind the wildcards that stand there, which may match nothing."""
    found = set(places)
    for place in sorted(places):
        end = place
        while end < len(pattern) and pattern[end] == "*":
            end += 1
            found.add(end)
    return found
