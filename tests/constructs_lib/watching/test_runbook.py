"""Where messages lead."""

from typing import Any

import pytest

from constructs_lib.errors import ConfigurationError
from constructs_lib.watching.runbook import Runbook

LONGEST = 200


@pytest.mark.parametrize(
    "address",
    [
        "https://wiki.example.com/keys",
        "https://wiki.example.com:8443/display/OPS/Keys?pageId=3&view=all",
        "docs/our-runbook.md",
        "../runbook.md",
        "x" * LONGEST,
    ],
)
def test_a_section_stands_behind_the_address(address: str) -> None:
    assert Runbook(address).section("first-look") == f"{address}#first-look"


def test_without_an_address_the_library_is_named() -> None:
    assert Runbook().section("first-look") == "docs/runbook.md#first-look of cdk-key-management"


@pytest.mark.parametrize(
    "address",
    [
        "",
        "our wiki",
        'wiki"keys',
        "wiki'keys",
        "wiki<event>",
        "wiki\\keys",
        "wiki\n",
        "wiki#keys",
        "http://wiki.example.com",
        "javascript:alert://x",
        "${Token[TOKEN.1]}",
        "x" * (LONGEST + 1),
        "m\u00fcller",
    ],
)
def test_refuses_what_would_break_a_message(address: str) -> None:
    with pytest.raises(ConfigurationError) as error:
        Runbook(address)
    assert str(error.value) == (
        "runbook must be an https URL or a path of up to 200 characters, without spaces, quotation marks and #, "
        f"got {address!r}"
    )


@pytest.mark.parametrize("given", [3, ["wiki"], b"wiki"])
def test_refuses_what_is_no_text(given: Any) -> None:
    with pytest.raises(ConfigurationError, match=r"^runbook must be an https URL or a path, got (3|a list|a bytes)$"):
        Runbook(given)
