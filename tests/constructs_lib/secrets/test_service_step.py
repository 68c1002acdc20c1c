"""The class that talks to a service: found before anything is deployed."""

from pathlib import Path
from typing import Any

import pytest

from constructs_lib.errors import ConfigurationError
from constructs_lib.secrets.service_step import ServiceStep


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "warehouse_api.py").write_text("class Warehouse: ...\n")
    return tmp_path


def test_a_step_is_a_class_of_a_module_of_the_folder(folder: Path) -> None:
    step = ServiceStep(folder=folder, entry="warehouse_api:Warehouse")

    assert [path.name for path in step.added.shipped()] == ["warehouse_api.py"]


def test_refuses_a_module_in_the_place_of_the_function(folder: Path) -> None:
    (folder / "secret_rotation.py").touch()

    with pytest.raises(ConfigurationError, match=r"^folder must not hold modules .* got secret_rotation$"):
        ServiceStep(folder=folder, entry="warehouse_api:Warehouse")


@pytest.mark.parametrize(
    ("told", "message"),
    [
        ({"folder": "step"}, r"^folder must be a pathlib\.Path, got 'step'$"),
        ({"folder": Path("nowhere")}, r"^folder must be a folder, got 'nowhere'$"),
        ({"entry": "warehouse_api:Depot"}, r"^entry must name a class of warehouse_api\.py: Warehouse, got Depot$"),
    ],
    ids=["text", "nowhere", "class"],
)
def test_refuses_what_the_function_could_not_import(told: dict[str, Any], message: str, folder: Path) -> None:
    with pytest.raises(ConfigurationError, match=message):
        ServiceStep(**{"folder": folder, "entry": "warehouse_api:Warehouse", **told})
