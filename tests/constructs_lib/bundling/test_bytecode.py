"""Bytecode by a pinned compiler, for each Python that a function can run on."""

import sys
from pathlib import Path

import pytest

from constructs_lib.bundling.bytecode import COMPILERS, compile_folder
from constructs_lib.errors import BundlingError

# https://github.com/python/cpython/blob/main/Include/internal/pycore_magic_number.h: of each final release
MAGIC_NUMBERS = {"3.11": 3495, "3.12": 3531, "3.13": 3571, "3.14": 3627}
UNCHECKED_HASH = 0b01
SOURCE = "def words() -> frozenset[str]:\n    return frozenset({'seal', 'open', 'wrap', 'unwrap'})\n"


def source_folder(folder: Path) -> Path:
    (folder / "package").mkdir(parents=True)
    (folder / "package" / "__init__.py").write_text(SOURCE)
    return folder


def fake_npm(folder: Path, script: str) -> str:
    program = folder / "npm"
    program.write_text(f"#!{sys.executable}\nimport sys\n{script}\n")
    program.chmod(0o755)
    return str(program)


@pytest.mark.install
@pytest.mark.parametrize("version", COMPILERS)
def test_bytecode_of_each_python_says_that_its_source_need_not_be_read(version: str, tmp_path: Path) -> None:
    folder = source_folder(tmp_path)

    compile_folder(folder, python_version=version)

    tag = version.replace(".", "")
    header = (folder / "package" / "__pycache__" / f"__init__.cpython-{tag}.pyc").read_bytes()[:8]
    assert header == MAGIC_NUMBERS[version].to_bytes(2, "little") + b"\r\n" + UNCHECKED_HASH.to_bytes(4, "little")


@pytest.mark.install
def test_refuses_a_source_that_does_not_compile(tmp_path: Path) -> None:
    (tmp_path / "broken.py").write_text("def\n")

    with pytest.raises(BundlingError, match=r"(?s)^the sources could not be compiled for Python 3\.13: .*broken\.py"):
        compile_folder(tmp_path, python_version="3.13")


def test_refuses_to_go_on_without_the_compiler(tmp_path: Path) -> None:
    npm = fake_npm(tmp_path, "raise SystemExit('npm error code ENOTCACHED')")

    with pytest.raises(BundlingError) as refused:
        compile_folder(tmp_path, python_version="3.13", npm=npm)

    assert str(refused.value).startswith("the bytecode compiler pyodide@0.29.5 could not be fetched with npm: ")
    assert "ENOTCACHED" in str(refused.value)
    assert "The npm registry must be reachable once" in str(refused.value)


def test_refuses_a_compiler_that_is_not_the_pinned_one(tmp_path: Path) -> None:
    npm = fake_npm(
        tmp_path,
        "from pathlib import Path\n"
        "place = Path(sys.argv[sys.argv.index('--pack-destination') + 1])\n"
        "(place / 'pyodide-0.29.5.tgz').write_bytes(b'another compiler')",
    )

    with pytest.raises(BundlingError, match=r"^the bytecode compiler pyodide@0\.29\.5 must have the digest sha512-"):
        compile_folder(tmp_path, python_version="3.13", npm=npm)
