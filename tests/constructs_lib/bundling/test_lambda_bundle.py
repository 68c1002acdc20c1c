"""The asset of a function: its hash says what is in it, on every machine."""

import filecmp
import json
import platform
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import aws_cdk as cdk
import pytest
from aws_cdk import aws_lambda as lambda_

from constructs_lib.bundling.lambda_bundle import LambdaBundle, function_source
from constructs_lib.bundling.lambda_target import LambdaTarget
from tests.support.child_process import run_alone

ARM = LambdaTarget(architecture="arm64", python_version="3.13")
HERE = LambdaTarget(
    architecture="arm64" if platform.machine() in {"aarch64", "arm64"} else "x86_64",
    python_version=f"{sys.version_info.major}.{sys.version_info.minor}",
)
MakeApp = Callable[..., cdk.App]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "orders"
    (folder / "inner").mkdir(parents=True)
    (folder / "__init__.py").write_bytes(b"A = 1\nB = 2\n")
    (folder / "inner" / "seal.py").write_bytes(b"C = 3\n")
    (folder / "requirements.txt").write_bytes(b"# nothing\n")
    return folder


def asset_hash(source: Path, target: LambdaTarget = ARM) -> str:
    return LambdaBundle(source, target).asset_hash


def files_of(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def function_in(stack: cdk.Stack, construct_id: str, code: lambda_.Code) -> lambda_.Function:
    return lambda_.Function(
        stack, construct_id, code=code, handler="orders.handle", runtime=lambda_.Runtime.PYTHON_3_13
    )


def s3_keys(app: cdk.App) -> dict[str, str]:
    template = json.loads(Path(app.synth().directory, "Orders.template.json").read_text())
    return {
        logical_id: resource["Properties"]["Code"]["S3Key"]
        for logical_id, resource in template["Resources"].items()
        if resource["Type"] == "AWS::Lambda::Function"
    }


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: (folder / "__init__.py").write_bytes(b"A = 1\nB = 3\n"),
        lambda folder: (folder / "inner" / "seal.py").rename(folder / "inner" / "open.py"),
        lambda folder: (folder / "more.py").write_bytes(b""),
        lambda folder: (folder / "inner" / "seal.py").unlink(),
        lambda folder: (folder / "requirements.txt").write_bytes(b"# something\n"),
    ],
    ids=["content", "name", "addition", "removal", "lock"],
)
def test_the_hash_changes_with_the_source_and_the_lock(change: Callable[[Path], object], source: Path) -> None:
    before = asset_hash(source)

    change(source)

    assert asset_hash(source) != before


def test_the_hash_changes_with_the_target(source: Path) -> None:
    targets = [
        LambdaTarget(architecture=architecture, python_version=version)
        for architecture in ("arm64", "x86_64")
        for version in ("3.11", "3.12", "3.13", "3.14")
    ]

    assert len({asset_hash(source, target) for target in targets}) == len(targets)


@pytest.mark.parametrize("name", [".DS_Store", "handler.py.orig", "notes.txt", "requirements.in"])
def test_what_lies_about_is_not_shipped(name: str, source: Path) -> None:
    before = asset_hash(source)

    (source / name).write_text("left behind")

    assert asset_hash(source) == before


def test_the_hash_tells_where_a_file_ends(source: Path) -> None:
    before = asset_hash(source)

    (source / "__init__.py").write_bytes(b"A = 1\n")
    (source / "inner" / "seal.py").write_bytes(b"B = 2\nC = 3\n")

    assert asset_hash(source) != before


def test_the_hash_is_the_same_on_another_machine(source: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere" / "orders"
    shutil.copytree(source, elsewhere)
    for path in elsewhere.rglob("*.*"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    (elsewhere / "__pycache__").mkdir()
    (elsewhere / "__pycache__" / "seal.cpython-311.pyc").write_bytes(b"machine")
    (elsewhere / "requirements.in").write_text("anything")

    assert asset_hash(elsewhere) == asset_hash(source)


def test_texts_decide_the_hash(source: Path) -> None:
    told = [(), (("roots.pem", "one"),), (("roots.pem", "two"),), (("root.pem", "sone"),), (("a", "b"), ("c", "d"))]
    bundles = [LambdaBundle(source, HERE, texts=each) for each in told]

    assert len({each.asset_hash for each in bundles}) == len(bundles)
    assert bundles[0].asset_hash == asset_hash(source, HERE)


def test_a_function_is_found_in_a_checkout() -> None:
    assert function_source("envelope") == Path(__file__).resolve().parents[3] / "lambda_src" / "envelope"


def test_a_function_is_found_in_a_wheel_before_whatever_lies_beside_it(tmp_path: Path) -> None:
    package = tmp_path / "constructs_lib"
    for folder in (package / "_lambda_src" / "envelope", tmp_path / "lambda_src" / "envelope"):
        folder.mkdir(parents=True)
        (folder / "requirements.txt").touch()

    assert function_source("envelope", package=package) == package / "_lambda_src" / "envelope"


def test_refuses_an_installation_without_the_function(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"lacks the function envelope: install it again"):
        function_source("envelope", package=tmp_path)


def test_functions_of_one_bundle_share_an_asset_and_others_do_not(make_app: MakeApp) -> None:
    app = make_app()
    stack = cdk.Stack(app, "Orders")
    bundle = LambdaBundle(function_source("envelope"), ARM)
    shared = bundle.code()
    function_in(stack, "One", shared)
    function_in(stack, "Two", shared)
    function_in(stack, "Three", bundle.code())
    other = LambdaTarget(architecture="x86_64", python_version="3.13")
    function_in(stack, "Other", LambdaBundle(function_source("envelope"), other).code())

    keys = [key for _, key in sorted(s3_keys(app).items())]

    one, another, three, two = keys
    assert one == two == three
    assert another != one


def test_refuses_to_turn_to_docker_when_bundling_fails(source: Path, make_app: MakeApp) -> None:
    (source / "requirements.txt").write_text("cryptography==50.0.2\n")
    stack = cdk.Stack(make_app(bundle=True), "Orders")

    with pytest.raises(RuntimeError, match=r"the wheels of orders could not be installed for arm64 and Python 3\.13"):
        function_in(stack, "Function", LambdaBundle(source, ARM).code())


@pytest.mark.install
def test_two_bundles_are_the_same_bytes_and_bundling_does_not_change_the_template(
    make_app: MakeApp, tmp_path: Path
) -> None:
    bundle = LambdaBundle(function_source("envelope"), ARM)
    alone = tmp_path / "alone"
    alone.mkdir()
    bundle.write(alone)
    keys = []
    for app in (make_app(bundle=True), make_app()):
        function_in(cdk.Stack(app, "Orders"), "Function", bundle.code())
        keys.append(s3_keys(app))

    (staged,) = (path for path in (tmp_path / "cdk.out").glob("asset.*") if path.is_dir())
    assert files_of(alone) == files_of(staged)
    assert filecmp.cmpfiles(alone, staged, files_of(alone), shallow=False)[1:] == ([], [])
    assert keys[0] == keys[1]


@pytest.mark.install
def test_a_bundle_for_this_machine_runs_by_itself_from_its_bytecode(tmp_path: Path) -> None:
    LambdaBundle(function_source("envelope"), HERE, texts=(("roots.pem", "one"),)).write(tmp_path)
    sources, compiled = ([name for name in files_of(tmp_path) if name.endswith(end)] for end in (".py", ".pyc"))
    with (tmp_path / "envelope" / "cipher" / "seal.py").open("a") as source:
        source.write("raise SystemExit('compiled from the source')\n")
    program = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from envelope.cipher import derive, seal\n"
        "from cryptography.hazmat.primitives.ciphers.aead import AESGCM\n"
        "AESGCM(bytes(32)).encrypt(bytes(12), b'data', None)\n"
        "print(seal.__name__)\n"
    )

    ran = run_alone(program, tmp_path)

    assert (ran.stdout, ran.stderr) == ("envelope.cipher.seal\n", "")
    assert len(compiled) == len(sources)
    assert "envelope/handler/__init__.py" in sources
    assert not [name for name in files_of(tmp_path) if "requirements" in name]
    assert (tmp_path / "roots.pem").read_text() == "one"
    assert (tmp_path / "roots.pem").stat().st_mode & 0o777 == 0o644
