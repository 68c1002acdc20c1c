"""Bytecode for another Python than this one, the same on every machine. No jsii.

A function cannot write bytecode into its own folder, so each cold start would compile all it imports. Bytecode
fits one minor version of Python and differs a little between its patch releases; what is in an asset must not
depend on who synthesised it. So the compiler is pinned like a wheel: CPython of the wanted version, as
WebAssembly, in the npm package `pyodide`, run by the Node.js that the CDK needs anyway.
"""

import atexit
import base64
import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from constructs_lib.errors import BundlingError


@dataclass(frozen=True, slots=True)
class Compiler:
    """One release of the npm package `pyodide`.

    Attributes:
        release: The package's version.
        sha512: Digest of the package's archive, in base64 as npm writes it.
    """

    release: str
    sha512: str


COMPILERS = {
    "3.11": Compiler(
        "0.25.1", "y0nJ/fLA3bxD2iZRzvVTbP2O+wp4Ewm2wThfV4HF0BytQ6hsoqTJFLNY4usLOcCVBrK8TTWqFqrmsVPzHe4rsw=="
    ),
    "3.12": Compiler(
        "0.27.7", "RUSVJlhQdfWfgO9hVHCiXoG+nVZQRS5D9FzgpLJ/VcgGBLSAKoPL8kTiOikxbHQm1kRISeWUBdulEgO26qpSRA=="
    ),
    "3.13": Compiler(
        "0.29.5", "TkYrUv9m8QmfImADKRmpwZulL48E0uUaBSO+dvRQKyAJc0qh9gu7jn8btyHPh3NZm1r2IH2YrJhIr7Q2B9urAw=="
    ),
    "3.14": Compiler(
        "314.0.7", "0YvXxEhfEdpLfb/XkM2BFAeMROq0iMUX2bzzH9pOttyMcWkwq+HbE5uyuGD82LN7y2q+SNvi/6V5JEsOlD2R1A=="
    ),
}
"""Python's minor version to the compiler of its bytecode."""

# Lambda unpacks an asset into /var/task; the import system corrects the paths of code that lies elsewhere.
# Unchecked: neither the time stamps of a zip archive nor a second read of the source decide about it.
# https://docs.python.org/3/reference/import.html#cached-bytecode-invalidation
_COMPILE = """
import py_compile
from pathlib import Path
root = Path("/asset")
mode = py_compile.PycInvalidationMode.UNCHECKED_HASH
for source in sorted(root.rglob("*.py")):
    inside = source.relative_to(root).as_posix()
    py_compile.compile(str(source), dfile="/var/task/" + inside, doraise=True, invalidation_mode=mode)
"""
_RUN = """
import { pathToFileURL } from "node:url";
import path from "node:path";
const [compiler, asset, program] = process.argv.slice(-3);
const { loadPyodide } = await import(pathToFileURL(path.join(compiler, "pyodide.mjs")));
try {
  const python = await loadPyodide({ indexURL: compiler + path.sep, env: { PYTHONHASHSEED: "0" } });
  python.FS.mkdir("/asset");
  python.FS.mount(python.FS.filesystems.NODEFS, { root: asset }, "/asset");
  python.runPython(program);
} catch (failure) {
  // Uncaught, it would be printed below a line of the compiler's own source, which is hundreds of kilobytes long.
  console.error(failure.message);
  process.exit(1);
}
"""
_LENGTH_OF_A_CAUSE = 1000


def compile_folder(folder: Path, *, python_version: str, npm: str | None = None) -> None:
    """Write the bytecode of every Python source below a folder beside it, into `__pycache__`.

    Args:
        folder: The unpacked asset.
        python_version: Whose bytecode: a key of `COMPILERS`.
        npm: The npm program. Default: the one beside the running Python, or on the PATH.

    Raises:
        BundlingError: If the compiler cannot be fetched or is not the pinned one, or a source does not compile.
    """
    compiler = _fetched(COMPILERS[python_version], npm or _program("npm"))
    node = os.environ.get("JSII_NODE") or _program("node")
    arguments = ["--input-type=module", "--eval", _RUN, "--", str(compiler), str(folder), _COMPILE]
    ran = subprocess.run([node, *arguments], capture_output=True, text=True, check=False)  # noqa: S603  # no shell
    if ran.returncode:
        raise BundlingError(
            f"the sources could not be compiled for Python {python_version}: {ran.stderr[-_LENGTH_OF_A_CAUSE:]}"
        )


@cache
def _fetched(compiler: Compiler, npm: str) -> Path:
    # For all bundles of one synthesis; the folder goes with the process.
    scratch = Path(tempfile.mkdtemp(prefix="bytecode-"))
    atexit.register(shutil.rmtree, scratch, ignore_errors=True)
    return _fetch(compiler, scratch, npm)


def _fetch(compiler: Compiler, scratch: Path, npm: str) -> Path:
    # From the current folder, so that the project's own registry settings hold; npm keeps what it fetched.
    package = f"pyodide@{compiler.release}"
    options = ["--pack-destination", str(scratch), "--prefer-offline", "--ignore-scripts", "--silent"]
    ran = subprocess.run([npm, "pack", package, *options], capture_output=True, text=True, check=False)  # noqa: S603
    archive = scratch / f"pyodide-{compiler.release}.tgz"
    if ran.returncode or not archive.exists():
        raise BundlingError(
            f"the bytecode compiler {package} could not be fetched with npm: "
            f"{(ran.stderr or ran.stdout).strip()[-_LENGTH_OF_A_CAUSE:] or 'no network and not in its cache'}\n"
            "The npm registry must be reachable once; the package is cached afterwards"
        )
    found = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    if found != compiler.sha512:
        raise BundlingError(
            f"the bytecode compiler {package} must have the digest sha512-{compiler.sha512}, got sha512-{found}\n"
            "What npm served is not what was pinned: check the registry that npm uses"
        )
    with tarfile.open(archive) as packed:
        # Python before 3.11.4 has no filters; the digest above has settled what is inside.
        filters = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}
        packed.extractall(scratch, **filters)  # type: ignore[arg-type]  # noqa: S202  # one keyword or none
    return scratch / "package"


def _program(name: str) -> str:
    found = shutil.which(name, path=str(Path(sys.executable).parent)) or shutil.which(name)
    if found is None:
        raise BundlingError(f"{name} is not there to compile the function's bytecode; install Node.js 22 or newer")
    return found
