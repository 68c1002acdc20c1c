"""The page on adopting keys: its command runs as it is printed, and what it says of logical ids is so."""

import json
import re
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_kms as kms

from constructs_lib import EncryptionKey
from tests.support.child_process import run_python

_ROOT = Path(__file__).resolve().parents[2]
_PAGE = (_ROOT / "docs" / "adopting-keys.md").read_text()
_RUN = "import runpy, sys; sys.argv[0] = 'adoption'; runpy.run_module('constructs_lib.adoption', run_name='__main__')"


def _commands() -> list[str]:
    return [line for block in re.findall(r"```sh\n(.*?)```", _PAGE, re.DOTALL) for line in block.splitlines()]


def _resources(app: cdk.App) -> dict[str, Any]:
    return dict(app.synth().get_stack_by_name("Orders").template["Resources"])


def test_the_command_runs_as_it_is_printed(
    make_app: Callable[..., cdk.App], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    app = make_app(outdir=tmp_path / "cdk.out")
    EncryptionKey(cdk.Stack(app, "Orders"), "Key", alias="orders")
    resources = _resources(app)
    (tmp_path / "resources.json").write_text('{"StackResourceSummaries": []}')
    policy = next(each["Properties"]["KeyPolicy"] for each in resources.values() if each["Type"] == "AWS::KMS::Key")
    (printed,) = [line for line in _commands() if line.startswith("python -m constructs_lib.adoption ")]
    words = shlex.split(printed)
    assert words[-2:] == ["<", "today.json"]

    # What a shell redirects is handed over here; as it holds functions of CloudFormation it is not what KMS prints.
    program = f"import io, sys; sys.stdin = io.StringIO({json.dumps(json.dumps(policy))}); {_RUN}"
    ran = run_python(program, *words[3:-2], cwd=tmp_path, environment={"PYTHONPATH": str(_ROOT)})

    assert (ran.returncode, ran.stderr) == (1, "")
    assert ran.stdout.startswith("Key961B73FD: its key policy today (-) and in Orders.template.json (+)\n")


def test_the_key_keeps_its_logical_id_and_the_alias_has_the_old_one_of_the_page(
    make_app: Callable[..., cdk.App], tmp_path: Path
) -> None:
    old, new = make_app(outdir=tmp_path / "old"), make_app(outdir=tmp_path / "new")
    kms.Key(cdk.Stack(old, "Orders"), "Key", alias="orders")
    names: dict[str, Any] = {"EncryptionKey": EncryptionKey, "stack": cdk.Stack(new, "Orders")}
    exec(re.findall(r"```python\n(.*?)```", _PAGE, re.DOTALL)[0], names)  # noqa: S102  # as it stands on the page

    before, after = _resources(old), _resources(new)

    assert {name: each["Type"] for name, each in before.items()} == {name: each["Type"] for name, each in after.items()}


def test_the_alias_of_a_plain_key_stays_after_what_the_page_says(make_app: Callable[..., cdk.App]) -> None:
    app = make_app()
    key = kms.Key(cdk.Stack(app, "Orders"), "Key", alias="orders")
    exec(re.findall(r"```python\n(.*?)```", re.sub(r"(?m)^ {3}", "", _PAGE), re.DOTALL)[1], {"key": key, "cdk": cdk})  # noqa: S102

    assert {each["Type"]: each["DeletionPolicy"] for each in _resources(app).values()} == {
        "AWS::KMS::Key": "Retain",
        "AWS::KMS::Alias": "Retain",
    }


def test_the_mapping_names_the_resources_of_such_a_key(make_app: Callable[..., cdk.App]) -> None:
    app = make_app()
    EncryptionKey(cdk.Stack(app, "Orders"), "Key", alias="orders")
    (block,) = re.findall(r"```json\n(.*?)```", _PAGE, re.DOTALL)

    said = {logical_id: list(identifier) for logical_id, identifier in json.loads(block).items()}

    identifiers = {"AWS::KMS::Key": ["KeyId"], "AWS::KMS::Alias": ["AliasName"]}
    assert said == {logical_id: identifiers[each["Type"]] for logical_id, each in _resources(app).items()}


def test_each_link_leads_to_a_file() -> None:
    links = re.findall(r"\]\(([^)#]+)\)", _PAGE)

    assert links
    assert not [link for link in links if not (_ROOT / "docs" / link).exists()]
