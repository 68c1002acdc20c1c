"""What of somebody's folder is shipped, and what cannot be."""

import platform
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from constructs_lib.bundling.added_folder import AddedFolder
from constructs_lib.bundling.lambda_bundle import LambdaBundle, function_source
from constructs_lib.bundling.lambda_target import LambdaTarget
from constructs_lib.errors import BundlingError, ConfigurationError
from tests.support.child_process import run_alone

HERE = LambdaTarget(
    architecture="arm64" if platform.machine() in {"aarch64", "arm64"} else "x86_64",
    python_version=f"{sys.version_info.major}.{sys.version_info.minor}",
)
ARM = LambdaTarget(architecture="arm64", python_version="3.13")
SHIPPED = ["warehouse.py", "warehouse_parts/__init__.py", "warehouse_parts/api.py", "warehouse_parts/py.typed"]
LEFT = [
    ".env", ".git/hook.py", "tests/test_warehouse.py", "test_warehouse.py", "warehouse_test.py", "conftest.py",
    "warehouse_parts/test/parts.py", "__pycache__/warehouse.cpython-313.pyc", "venv/lib/thing.py", "key.pem",
    "node_modules/thing/tool.py", "lib/python3.13/site-packages/thing.py", "requirements.in", "notes.txt",
]  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in (*SHIPPED, *LEFT):
        path = tmp_path / "step" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")
    (tmp_path / "step" / "warehouse.py").write_text(
        "import json\nfrom warehouse_parts.api import Remote, connect\n\n\nclass Warehouse:\n    pass\n"
    )
    return tmp_path / "step"


@pytest.fixture
def source(tmp_path: Path) -> Path:
    (tmp_path / "rotating").mkdir()
    (tmp_path / "rotating" / "__init__.py").write_text("A = 1\n")
    (tmp_path / "rotating" / "requirements.txt").write_text("# nothing\n")
    return tmp_path / "rotating"


def added(folder: Path) -> AddedFolder:
    return AddedFolder(folder, argument="folder")


def test_modules_are_shipped_and_nothing_else(folder: Path) -> None:
    assert [path.relative_to(folder).as_posix() for path in added(folder).shipped()] == SHIPPED
    added(folder).check(beside="rotating")


@pytest.mark.parametrize("entry", ["warehouse:Warehouse", "warehouse:Remote"])
def test_a_class_may_be_of_the_module_or_imported_by_it(entry: str, folder: Path) -> None:
    added(folder).check_entry(entry)


def test_a_module_may_be_deep_inside(folder: Path) -> None:
    (folder / "warehouse_parts" / "api.py").write_text("class Inner: ...\n")

    added(folder).check_entry("warehouse_parts.api:Inner")


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("warehouse", "be module:Class, such as warehouse_api:Warehouse, got 'warehouse'"),
        ("ware-house:Warehouse", "be module:Class, such as warehouse_api:Warehouse, got 'ware-house:Warehouse'"),
        (None, "be module:Class, such as warehouse_api:Warehouse, got None"),
        ("warehouse:Werehouse", "name a class of warehouse.py: Remote, Warehouse, got Werehouse"),
        ("warehouse:connect", "name a class of warehouse.py: Remote, Warehouse, got connect"),
        ("warehouse_parts.api:Api", "name a class of api.py: it has none, got Api"),
        ("test_warehouse:Warehouse", f"name a module of {', '.join(SHIPPED[:3])}, got test_warehouse"),
        ("warehouse_parts.gone:Api", f"name a module of {', '.join(SHIPPED[:3])}, got warehouse_parts.gone"),
    ],
)
def test_refuses_a_class_that_is_not_there(entry: str, message: str, folder: Path) -> None:
    with pytest.raises(ConfigurationError) as refused:
        added(folder).check_entry(entry)
    assert str(refused.value) == f"entry must {message}"


def test_refuses_a_module_that_is_no_python(folder: Path) -> None:
    (folder / "warehouse.py").write_text("\nclass Warehouse\n")

    with pytest.raises(ConfigurationError, match=r"^warehouse\.py must be Python, got expected ':' in line 2$"):
        added(folder).check_entry("warehouse:Warehouse")


def write(folder: Path, name: str, text: str = "") -> None:
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text(text)


@pytest.mark.parametrize(
    ("name", "taken"),
    [("json.py", "json"), ("boto3/__init__.py", "boto3"), ("rotating.py", "rotating")],
    ids=["standard library", "runtime", "package"],
)
def test_refuses_modules_in_the_place_of_others(name: str, taken: str, folder: Path) -> None:
    write(folder, name)

    with pytest.raises(ConfigurationError) as refused:
        added(folder).check(beside="rotating")
    assert str(refused.value) == (f"folder must not hold modules in the place of others of the function, got {taken}")


@pytest.mark.parametrize(
    ("lock", "option"),
    [("-r other.txt\n", "-r"), ("a==1 \\\n  --hash=sha256:0\n--index-url https://a.example\n", "--index-url")],
    ids=["other file", "other index"],
)
def test_refuses_a_lock_that_leads_elsewhere(lock: str, option: str, folder: Path) -> None:
    write(folder, "requirements.txt", lock)

    with pytest.raises(ConfigurationError) as refused:
        added(folder).check(beside="rotating")
    assert str(refused.value) == (
        f"requirements.txt of folder must hold packages with versions and hashes alone, got the option {option}"
    )


def test_refuses_a_link(folder: Path) -> None:
    (folder / "other.py").symlink_to(folder / "warehouse.py")

    with pytest.raises(ConfigurationError, match=r"^folder must not hold links, got other\.py$"):
        added(folder).check(beside="rotating")


def test_refuses_a_folder_that_is_none_or_empty(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"^folder must be a folder, got '.*gone'$"):
        added(tmp_path / "gone").check(beside="rotating")
    with pytest.raises(ConfigurationError, match=r"^folder must hold a module, got '.*' with none to ship$"):
        added(tmp_path).check(beside="rotating")


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: (folder / "warehouse.py").write_text("class Warehouse: ...\n"),
        lambda folder: (folder / "more.py").touch(),
        lambda folder: (folder / "requirements.txt").write_text("# packages\n"),
    ],
    ids=["content", "addition", "lock"],
)
def test_the_hash_of_the_asset_changes_with_the_folder(
    change: Callable[[Path], object], source: Path, folder: Path
) -> None:
    alone, before = (LambdaBundle(source, ARM, each).asset_hash for each in (None, added(folder)))

    change(folder)

    assert len({alone, before, LambdaBundle(source, ARM, added(folder)).asset_hash}) == 3


def test_the_hash_of_the_asset_is_the_same_with_other_things_left_behind(source: Path, folder: Path) -> None:
    before = LambdaBundle(source, ARM, added(folder)).asset_hash
    for name in LEFT:
        (folder / name).write_text("changed")

    assert LambdaBundle(source, ARM, added(folder)).asset_hash == before


@pytest.mark.install
def test_both_stand_side_by_side_in_the_asset_and_the_function_finds_the_class(folder: Path, tmp_path: Path) -> None:
    asset, source = tmp_path / "asset", function_source("secret_rotation")
    asset.mkdir()
    (folder / "warehouse_parts" / "api.py").write_text(
        "class Remote:\n    def apply(self, **values): ...\n    def verify(self, value, /): ...\n\ndef connect(): ...\n"
    )
    program = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from secret_rotation.guarded_step import GuardedStep\n"
        "print(type(GuardedStep.named('warehouse:Remote')._step).__module__)\n"
    )

    LambdaBundle(source, HERE, added(folder)).write(asset)

    ran = run_alone(program, asset)
    files = {path.relative_to(asset).as_posix() for path in asset.rglob("*") if path.is_file()}
    package = {f"secret_rotation/{path.name}" for path in source.glob("*.py")}
    assert (ran.stdout, ran.stderr) == ("warehouse_parts.api\n", "")
    assert {name for name in files if "__pycache__" not in name} == {"secret_rotation/py.typed", *package, *SHIPPED}
    assert {path.stat().st_mode & 0o777 for path in asset.rglob("*.py")} == {0o644}


def test_refuses_a_wheel_in_the_place_of_a_module(source: Path, folder: Path, tmp_path: Path) -> None:
    asset = tmp_path / "asset"
    (asset / "warehouse").mkdir(parents=True)

    with pytest.raises(BundlingError, match=r"^the wheels must not hold the modules warehouse, which the function has"):
        LambdaBundle(source, ARM, added(folder)).write(asset)
