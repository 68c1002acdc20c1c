"""The commands of an operator's page, run as they stand there: `aws` through boto3, `python` for real."""

import base64
import json
import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jmespath

from tests.support.aws_command import AwsCommand

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient

_BLOCK = re.compile(r"^ *```(sh|python)\n(.*?)^ *```", re.DOTALL | re.MULTILINE)
_ASSIGNMENT = re.compile(r"(\w+)=\$\((.*)\)")

Clients = Callable[[str, str], Any]
"""Makes a client of a service, in a Region; in one's own if that is empty."""


class OperatorCommands:
    """Somebody who follows a page."""

    def __init__(
        self, kms: "KMSClient | None", folder: Path, *, clients: Clients | None = None, **variables: str
    ) -> None:
        """Start in a folder.

        Args:
            kms: What `aws kms` speaks to, if clients of other services are not needed.
            folder: Where files are.
            clients: What `aws` speaks to, for a page with more services than KMS.
            variables: What the page leaves to the operator.
        """
        self._clients = clients or (lambda service, _region: kms if service == "kms" else None)
        self._folder = folder
        self.variables = dict(variables)
        self.before_each: Callable[[AwsCommand], bool] = lambda _command: True
        """Is told of each command of AWS, and says whether to run it; otherwise nothing is printed or written."""

    def follow(self, page: Path, *sections: str) -> list[str]:
        """Do what some sections of a page say, in their order, and return what was printed.

        Raises:
            ValueError: If the page has no such section with commands, or a command is not one that is known here.
        """
        return [printed for section in sections for printed in self._section(page.read_text(), section)]

    def _section(self, page: str, section: str) -> Iterator[str]:
        found = re.search(rf"^## {section}$(.*?)(?=^## |\Z)", page, re.DOTALL | re.MULTILINE)
        blocks = _BLOCK.findall(found[1]) if found else []
        if not blocks:
            raise ValueError(f"section must be one of the page and have commands, got {section!r}")
        for language, indented in blocks:
            yield from self.run(language, re.sub(r"^ {3}", "", indented, flags=re.MULTILINE))

    def run(self, language: str, text: str) -> Iterator[str]:
        """Do what one block says: commands, or a program that is written under the name in its first line."""
        if language == "python":
            (self._folder / text.split()[1]).write_text(text)  # its first line is a comment with its name
            return
        for line in text.replace("\\\n", " ").splitlines():
            printed = self._line(line)
            if printed:
                yield printed

    def _line(self, line: str) -> str:
        assigned = _ASSIGNMENT.fullmatch(line)
        command, redirected, file = (assigned[2], "", "") if assigned else line.partition(" > ")
        printed = self._command(command)
        if printed is None:
            return ""
        if assigned:
            self.variables[assigned[1]] = printed
            return ""
        if redirected:
            (self._folder / file.strip()).write_text(printed)
            return ""
        return printed

    def _command(self, text: str) -> str | None:
        words = shlex.split(re.sub(r"\$(\w+)", lambda found: self.variables[found[1]], text))
        if words[0] == "python":
            ran = subprocess.run(  # noqa: S603  # what the page says
                [sys.executable, *words[1:]], cwd=self._folder, capture_output=True, text=True, check=True
            )
            return ran.stdout
        if words[0] != "aws":
            raise ValueError(f"a command must be one of python or aws, got {text!r}")
        return self._aws(AwsCommand.parse(words[1:], lambda name: (self._folder / name).read_bytes()))

    def _aws(self, command: AwsCommand) -> str | None:
        if not self.before_each(command):
            return None
        client = self._clients(command.service, command.region)
        if client is None:
            raise ValueError(f"a command must be one of python or aws kms, got aws {command.service}")
        answer = _answer(client, command)
        if not answer:
            return ""
        found = jmespath.search(command.query, json.loads(json.dumps(answer, default=_as_text)))
        return _as_words(found) if command.output == "text" else json.dumps(found)


def _answer(client: Any, command: AwsCommand) -> Mapping[str, Any]:
    """Ask, and ask on as the CLI does until everything is there."""
    if client.can_paginate(command.method):
        pages = client.get_paginator(command.method).paginate(**command.parameters)
        return dict(pages.build_full_result())
    answer = getattr(client, command.method)(**command.parameters)
    return {name: value for name, value in answer.items() if name != "ResponseMetadata"}


def _as_words(found: Any) -> str:
    return "\t".join(map(str, found)) if isinstance(found, list) else str(found)


def _as_text(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else base64.b64encode(value).decode()
