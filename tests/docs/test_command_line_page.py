"""The commands of the page and of the README run as they are printed, one after the other."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.fake_kms import KEY_ARN, OTHER_KEY_ARN
from tests.support.kms_envelope_command import FakeAws, run_command

_ROOT = Path(__file__).resolve().parents[2]
_PAGE = (_ROOT / "docs" / "command-line.md").read_text()
_PLAINTEXT = bytes(range(256)) * 8200  # more than 2 MiB
_KEYS = {"$KEY": KEY_ARN, "$KEY_ELSEWHERE": OTHER_KEY_ARN}


def _commands(text: str) -> Iterator[list[str]]:
    for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL):
        for line in block.splitlines():
            for command in re.split(r" (?:\||&&) ", line):
                if command.startswith(("kms-envelope ", "mv ", "aws s3 cp ")):
                    yield [_KEYS.get(word, word) for word in shlex.split(command)]


def _moved(source: str, target: str, *, aws: FakeAws) -> None:
    if target.startswith("s3://"):
        aws.objects.content[target.removeprefix("s3://")] = Path(source).read_bytes()
    else:
        Path(source).replace(target)


@pytest.mark.parametrize(("name", "count"), [("docs/command-line.md", 12), ("README.md", 3)])
def test_the_commands_run_as_they_are_printed(
    name: str, count: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("orders.csv").write_bytes(_PLAINTEXT)
    commands = [*_commands((_ROOT / name).read_text())]
    assert len(commands) == count
    aws = FakeAws()
    object_id = ("--context", "tenant=blue", "--context", "object-id=s3://sealed/orders/1.csv")
    written = run_command("encrypt", "--key", KEY_ARN, *object_id, "-", "-", aws=aws, piped=_PLAINTEXT)
    aws.objects.content["sealed/orders/1.csv"] = written.stdout_bytes  # by one of the functions

    for program, *words in commands:
        if program != "kms-envelope":
            _moved(*words[-2:], aws=aws)
            continue
        if words[0] == "decrypt" and words[-1] == "orders.csv":
            Path("orders.csv").unlink()  # a reader has another folder than a writer
        ran = run_command(*words, aws=aws, piped=_PLAINTEXT)
        assert (ran.exit_code, ran.stderr) == (0, ""), words
        if Path("orders.enc").exists():
            aws.objects.content["backups/orders.enc"] = Path("orders.enc").read_bytes()

    assert Path("orders.csv").read_bytes() == _PLAINTEXT
    if "docs" in name:
        assert {*aws.objects.content} == {"backups/orders.enc", "sealed/orders/1.csv", "sealed/orders/2.csv"}
        assert [Path(each).read_bytes() for each in ("orders.sql", "1.csv")] == [_PLAINTEXT] * 2


def test_each_option_is_one_that_the_command_has() -> None:
    helped = " ".join(run_command(command, "--help").output for command in ("encrypt", "decrypt", "inspect"))

    assert not [option for option in set(re.findall(r"`(--[a-z-]+)`", _PAGE)) if f" {option} " not in f" {helped} "]


def test_each_link_leads_to_a_file() -> None:
    assert not [link for link in re.findall(r"\]\(([^)#]+)\)", _PAGE) if not (_ROOT / "docs" / link).exists()]
