from typing import Any

import click
import pytest

from envelope.errors import LimitExceeded
from kms_envelope.byte_range import ByteRange
from kms_envelope.options import as_entries, as_range, as_url, chosen, one_of, stated_context

NOWHERE: Any = None


def test_entries_are_split_at_their_first_equals_sign() -> None:
    assert as_entries(NOWHERE, NOWHERE, ["a=b", "c=", "d=e=f", "g = h"]) == (
        ("a", "b"), ("c", ""), ("d", "e=f"), ("g ", " h"),
    )  # fmt: skip


@pytest.mark.parametrize("text", ["", "a", "=", "=b"])
def test_refuses_what_is_no_entry(text: str) -> None:
    with pytest.raises(click.BadParameter, match="must be KEY=VALUE"):
        as_entries(NOWHERE, NOWHERE, ["a=b", text])


def test_a_range_is_read_if_there_is_one() -> None:
    assert as_range(NOWHERE, NOWHERE, "1-2") == ByteRange(1, 2)
    assert as_range(NOWHERE, NOWHERE, None) is None
    with pytest.raises(click.BadParameter, match="range must be"):
        as_range(NOWHERE, NOWHERE, "2-1")


def test_a_url_has_a_scheme() -> None:
    assert [as_url(NOWHERE, NOWHERE, text) for text in (None, "https://a", "http://b")] == [
        None,
        "https://a",
        "http://b",
    ]
    with pytest.raises(click.BadParameter, match="must begin with"):
        as_url(NOWHERE, NOWHERE, "file:///etc/passwd")


def test_a_flag_is_a_value_with_a_name() -> None:
    callback = chosen("given", otherwise="not given")

    assert [callback(NOWHERE, NOWHERE, flag) for flag in (True, False)] == ["given", "not given"]


@pytest.mark.parametrize("given", [("", "", ""), ("x", "y", ""), ("x", "y", "z")])
def test_refuses_none_or_several_of_one(given: tuple[str, ...]) -> None:
    with pytest.raises(click.UsageError, match=r"^one of --a, --b, --c must be given, got "):
        one_of(("--a", "--b", "--c"), given)


def test_one_of_several_is_enough() -> None:
    one_of(("--a", "--b"), ("", "y"))


def test_a_context_is_stated_entry_by_entry() -> None:
    assert stated_context([("b", "2"), ("a", "1")]).to_dict() == {"a": "1", "b": "2"}
    assert stated_context([]).to_dict() == {}


def test_refuses_a_context_that_contradicts_itself() -> None:
    with pytest.raises(click.UsageError, match="got one twice"):
        stated_context([("a", "1"), ("a", "1")])


def test_refuses_a_context_that_is_too_large() -> None:
    with pytest.raises(LimitExceeded):
        stated_context([("a", "x" * 65_536)])
