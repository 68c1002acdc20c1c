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
            (command,) = [part for part in line.split(" | ") if part.startswith("kms-envelope ")] or [""]
            if command:
                yield [_KEYS.get(word, word) for word in shlex.split(command)[1:]]


@pytest.mark.parametrize(("name", "count"), [("docs/command-line.md", 8), ("README.md", 3)])
def test_the_commands_run_as_they_are_printed(
    name: str, count: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("orders.csv").write_bytes(_PLAINTEXT)
    commands = [*_commands((_ROOT / name).read_text())]
    assert len(commands) == count
    aws = FakeAws()

    for words in commands:
        if words[0] == "decrypt" and words[-1] == "orders.csv":
            Path("orders.csv").unlink()  # a reader has another folder than a writer
        ran = run_command(*words, aws=aws, piped=_PLAINTEXT)
        assert (ran.exit_code, ran.stderr) == (0, ""), words
        if Path("orders.enc").exists():
            aws.objects.content["backups/orders.enc"] = Path("orders.enc").read_bytes()

    assert Path("orders.csv").read_bytes() == _PLAINTEXT


def test_each_option_is_one_that_the_command_has() -> None:
    helped = " ".join(run_command(command, "--help").output for command in ("encrypt", "decrypt", "inspect"))

    assert not [option for option in set(re.findall(r"`(--[a-z-]+)`", _PAGE)) if f" {option} " not in f" {helped} "]


def test_each_link_leads_to_a_file() -> None:
    assert not [link for link in re.findall(r"\]\(([^)#]+)\)", _PAGE) if not (_ROOT / "docs" / link).exists()]
