import pytest

from envelope.errors import NotAuthentic
from envelope.failure_facts import failure_facts

SECRET = "what a library quotes"  # stands for plaintext


def test_an_expected_failure_says_its_text() -> None:
    assert failure_facts(NotAuthentic("text")) == {"outcome": "NotAuthentic", "error": "text"}


def test_an_unexpected_failure_says_where_it_came_from_and_not_a_word_of_its_text() -> None:
    nothing: dict[str, str] = {}
    with pytest.raises(KeyError) as caught:
        nothing[SECRET]

    facts = failure_facts(caught.value)

    assert facts["outcome"] == "KeyError"
    assert facts["error"].startswith("test_failure_facts.py:")
    assert SECRET not in str(facts)


def test_an_unexpected_failure_that_was_never_raised_has_no_place() -> None:
    assert failure_facts(KeyError(SECRET)) == {
        "outcome": "KeyError",
        "error": "an unexpected exception that was not raised",
    }
