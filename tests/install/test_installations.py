"""The library as its users install it: from a wheel, from the source archive, and editable."""

import json
import shutil
import sys
import tarfile
import zipfile
from pathlib import Path

import aws_cdk as cdk
import pytest

from tests.support.child_process import run

pytestmark = pytest.mark.install

ROOT = Path(__file__).resolve().parents[2]
UV = shutil.which("uv", path=str(Path(sys.executable).parent)) or shutil.which("uv")

SYNTH = """
import json, sys
from pathlib import Path

import aws_cdk as cdk
from aws_cdk import aws_kms as kms

import constructs_lib
from constructs_lib.envelope_encryption import EnvelopeEncryption
from constructs_lib.bundling.lambda_bundle import function_source

app = cdk.App(
    outdir=sys.argv[1],
    analytics_reporting=False,
    builtin_cloud_formation_validation=False,
    context={"aws:cdk:bundling-stacks": json.loads(sys.argv[2])},
)
stack = cdk.Stack(app, "Orders")
EnvelopeEncryption(
    stack,
    "Envelope",
    encryption_key=kms.Key(stack, "Key"),
    operations_key=kms.Key(stack, "Operations"),
    required_context=["purpose"],
)
template = json.loads(Path(app.synth().directory, "Orders.template.json").read_text())
print(json.dumps({
    "library": constructs_lib.__file__,
    "source": str(function_source("envelope")),
    "template": template,
}))
"""


def output_of(*command: str | Path, cwd: Path) -> str:
    ran = run(*command, cwd=cwd)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


@pytest.fixture(scope="module")
def archives(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the checkout's source, as a user gets it, built into a wheel and a source archive."""
    folder = tmp_path_factory.mktemp("archives")
    checkout = folder / "checkout"
    for name in ("constructs_lib", "kms_envelope", "lambda_src"):
        shutil.copytree(ROOT / name, checkout / name)
    for name in ("pyproject.toml", "README.md", "CHANGELOG.md", "LICENSE", ".gitignore"):
        shutil.copy(ROOT / name, checkout / name)
    assert UV is not None, "uv must be beside the running Python or on the PATH"
    output_of(UV, "build", "--quiet", "--wheel", "--sdist", "--out-dir", folder, checkout, cwd=folder)
    return folder


def synthesise(python: Path, folder: Path, *, stacks: list[str]) -> dict[str, object]:
    script = folder / "synth.py"
    script.write_text(SYNTH)
    found: dict[str, object] = json.loads(
        output_of(python, script, folder / "cdk.out", json.dumps(stacks), cwd=folder).splitlines()[-1]
    )
    return found


@pytest.fixture(scope="module")
def of_the_checkout(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    folder = tmp_path_factory.mktemp("checkout")
    script = folder / "synth.py"
    script.write_text(f"import sys; sys.path.insert(0, {str(ROOT)!r})\n{SYNTH}")
    found: dict[str, object] = json.loads(output_of(sys.executable, script, folder / "cdk.out", "[]", cwd=folder))
    return found


@pytest.mark.parametrize("way", ["wheel", "source archive", "editable"])
def test_a_stack_of_an_installed_library_is_the_one_of_the_checkout(
    way: str, archives: Path, of_the_checkout: dict[str, object], tmp_path: Path
) -> None:
    assert UV is not None
    what = {
        "wheel": [str(next(archives.glob("*.whl")))],
        "source archive": [str(next(archives.glob("*.tar.gz")))],
        "editable": ["--editable", str(archives / "checkout")],
    }[way]
    environment = tmp_path / "venv"
    output_of(UV, "venv", "--quiet", "--no-config", "--python", sys.executable, environment, cwd=tmp_path)
    python = environment / "bin" / "python"
    # With all that it says it needs once. Compiling the CDK in each environment would take longer than all the rest.
    needs = [] if way == "wheel" else ["--no-deps"]
    output_of(UV, "pip", "install", "--quiet", "--no-config", "--python", python, *needs, *what, cwd=tmp_path)
    if needs:
        (site_packages,) = environment.glob("lib/python*/site-packages")
        (site_packages / "of_the_tests.pth").write_text(f"{Path(cdk.__file__).parents[1]}\n")

    found = synthesise(python, tmp_path, stacks=[])

    inside = archives / "checkout" if way == "editable" else environment
    assert Path(str(found["library"])).is_relative_to(inside)
    assert Path(str(found["source"])).is_relative_to(inside)
    assert found["template"] == of_the_checkout["template"]


def test_a_wheel_bundles_the_function_that_it_carries(archives: Path, tmp_path: Path) -> None:
    installed = tmp_path / "site-packages"
    shutil.unpack_archive(next(archives.glob("*.whl")), installed, "zip")
    (tmp_path / "work").mkdir()
    script = tmp_path / "work" / "synth.py"
    script.write_text(f"import sys; sys.path.insert(0, {str(installed)!r})\n{SYNTH}")

    output_of(sys.executable, script, tmp_path / "cdk.out", '["Orders"]', cwd=tmp_path / "work")

    (asset,) = (folder for folder in (tmp_path / "cdk.out").glob("asset.*") if folder.is_dir())
    assert (asset / "envelope" / "handler" / "__init__.py").is_file()
    assert (asset / "envelope" / "handler" / "__pycache__" / "__init__.cpython-313.pyc").is_file()
    assert list(asset.glob("*-aarch64-linux-gnu.so"))


def test_the_archives_hold_the_library_and_the_functions_and_nothing_made_by_running_them(archives: Path) -> None:
    with zipfile.ZipFile(next(archives.glob("*.whl"))) as opened:
        wheel = opened.namelist()
    with tarfile.open(next(archives.glob("*.tar.gz"))) as opened_source:
        source = [member.name.partition("/")[2] for member in opened_source.getmembers() if member.isfile()]

    sources = {
        path.relative_to(ROOT).as_posix()
        for wing in ("constructs_lib", "kms_envelope", "lambda_src")
        for path in (ROOT / wing).rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }
    in_wheel = {
        name.replace("constructs_lib/_lambda_src/", "lambda_src/") for name in wheel if ".dist-info/" not in name
    }
    assert in_wheel == sources
    assert {name for name in source if name.startswith(("constructs_lib/", "kms_envelope/", "lambda_src/"))} == sources


def test_the_command_line_comes_with_its_extra_and_needs_nothing_else(archives: Path, tmp_path: Path) -> None:
    assert UV is not None
    wheel = next(archives.glob("*.whl"))
    environment = tmp_path / "venv"
    command = environment / "bin" / "kms-envelope"
    output_of(UV, "venv", "--quiet", "--no-config", "--python", sys.executable, environment, cwd=tmp_path)
    install = (UV, "pip", "install", "--quiet", "--no-config", "--python", environment / "bin" / "python")
    output_of(*install, "--no-deps", wheel, cwd=tmp_path)
    # The Python Package Index has another package of that name.
    (other,) = environment.glob("lib/python*/site-packages")
    (other / "envelope").mkdir()
    (other / "envelope" / "__init__.py").write_text("raise RuntimeError('the other envelope')")

    without = run(command, "--help", cwd=tmp_path)
    output_of(*install, *_extra(wheel, "envelope"), cwd=tmp_path)
    helped = output_of(command, "decrypt", "--help", cwd=tmp_path)
    asked = run(command, "decrypt", "--key", "alias/orders", "--no-context", "-", "-", cwd=tmp_path)

    assert (without.returncode, without.stdout) == (9, "")
    assert without.stderr.startswith("kms-envelope: needs the extra envelope, got no boto3, click, cryptography: pip ")
    assert helped.startswith("Usage: kms-envelope decrypt ")
    assert asked.returncode == 2
    assert "must be the ARN of a KMS key" in asked.stderr


def _extra(wheel: Path, name: str) -> list[str]:
    with zipfile.ZipFile(wheel) as opened:
        (metadata,) = [each for each in opened.namelist() if each.endswith(".dist-info/METADATA")]
        lines = opened.read(metadata).decode().splitlines()
    ending = f"; extra == '{name}'"
    return [line.removeprefix("Requires-Dist: ").removesuffix(ending) for line in lines if line.endswith(ending)]
