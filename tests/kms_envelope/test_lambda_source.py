import sys
from pathlib import Path

import pytest

import envelope
from kms_envelope.lambda_source import make_importable
from tests.support.child_process import run_alone

ROOT = Path(__file__).resolve().parents[2]


def installed(site: Path) -> Path:
    """Lay a wheel out, with another `envelope` beside it as the Python Package Index has one."""
    for folder in ("kms_envelope", "constructs_lib/_lambda_src/envelope", "envelope"):
        (site / folder).mkdir(parents=True)
        (site / folder / "__init__.py").write_text(f"WHOSE = {folder!r}\n")
    source = (ROOT / "kms_envelope" / "lambda_source.py").read_text()
    (site / "kms_envelope" / "lambda_source.py").write_text(source)
    return site


def test_a_checkout_has_it_beside_the_command() -> None:
    before = list(sys.path)
    try:
        assert make_importable() == ROOT / "lambda_src"
        assert sys.path[0] == str(ROOT / "lambda_src")
        assert Path(envelope.__file__).parent == ROOT / "lambda_src" / "envelope"
    finally:
        sys.path[:] = before


def test_in_a_wheel_ours_comes_before_the_one_of_the_package_index(tmp_path: Path) -> None:
    program = (
        "import sys; sys.path.append(sys.argv[1])\n"
        "from kms_envelope.lambda_source import make_importable; make_importable(); make_importable()\n"
        "import envelope; print(envelope.WHOSE, len([p for p in sys.path if '_lambda_src' in p]))"
    )

    ran = run_alone(program, installed(tmp_path))

    assert ran.stdout.strip() == "constructs_lib/_lambda_src/envelope 1", ran.stderr


def test_refuses_another_envelope_that_is_loaded_already(tmp_path: Path) -> None:
    program = (
        "import sys; sys.path.append(sys.argv[1]); import envelope\n"
        "from kms_envelope.lambda_source import make_importable; make_importable()"
    )

    ran = run_alone(program, installed(tmp_path))

    assert ran.returncode == 1
    assert "ImportError: envelope must be the package in" in ran.stderr


def test_refuses_an_installation_that_lacks_it(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="install it again"):
        make_importable(package=tmp_path / "kms_envelope")
