"""Whether two patterns have a text in common, against every short text."""

from fnmatch import fnmatchcase
from itertools import product

from constructs_lib.guardrails.common_matches import may_both_match


def test_two_patterns_meet_exactly_where_a_text_matches_both() -> None:
    patterns = ["".join(each) for length in range(4) for each in product("ab*?", repeat=length)]
    texts = ["".join(each) for length in range(7) for each in product("ab", repeat=length)]
    matched = {pattern: {text for text in texts if fnmatchcase(text, pattern)} for pattern in patterns}

    wrong = [
        (first, second)
        for first in patterns
        for second in patterns
        if may_both_match(first, second) is matched[first].isdisjoint(matched[second])
    ]

    assert wrong == []


def test_a_long_pattern_is_no_matter() -> None:
    assert may_both_match("a*" * 600, "a" * 600)
    assert not may_both_match("a*" * 100 + "b", "a*" * 100 + "c")
