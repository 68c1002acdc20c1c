"""The pages of this folder that are written by the code they tell of: `python -m docs.generate`."""

from collections.abc import Callable
from pathlib import Path

from constructs_lib.bundled_node import use_bundled_node

use_bundled_node()

from docs.certificate_page import certificate_page
from docs.costs_page import costs_page
from docs.dashboard_drawing import dashboard_drawing
from tests.support.controls_table import controls_table
from tests.support.service_table import service_table
from tests.support.who_can_do_what import who_can_do_what

DOCS = Path(__file__).resolve().parent

GENERATED: tuple[tuple[Path, Callable[[], str]], ...] = (
    (DOCS / "who-can-do-what.md", who_can_do_what),
    (DOCS / "services.md", service_table),
    (DOCS / "controls.md", controls_table),
    (DOCS / "key-dashboard.svg", dashboard_drawing),
    (DOCS / "costs.md", costs_page),
    (DOCS / "certificate-inventory.md", certificate_page),
)
"""Each page and what writes it."""


def generate() -> None:
    """Write every generated page anew."""
    for path, write in GENERATED:
        path.write_text(write())


if __name__ == "__main__":
    generate()
