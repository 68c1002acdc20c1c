"""The generated pages are what the code says today."""

from collections.abc import Callable
from pathlib import Path

import pytest

from docs.generate import GENERATED


@pytest.mark.parametrize(("path", "write"), GENERATED, ids=[path.name for path, _ in GENERATED])
def test_a_generated_page_is_up_to_date(path: Path, write: Callable[[], str]) -> None:
    assert path.read_text() == write(), "run 'make docs'"
