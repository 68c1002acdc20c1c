"""The commands of an operator's page, run as they stand there: `aws` through boto3, `python` for real."""

import base64
import json
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jmespath

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient

_BLOCK = re.compile(r"^ *```(sh|python)\n(.*?)^ *```", re.DOTALL | re.MULTILINE)
_ASSIGNMENT = re.compile(r"(\w+)=\$\((.*)\)")


class OperatorCommands:
    """Somebody who follows a page."""

    def __init__(self, kms: "KMSClient", folder: Path, **variables: str) -> None:
        """Start in a folder.

        Args:
            kms: What `aws kms` speaks to.
            folder: Where files are.
            variables: What the page leaves to the operator.
        """
        self._kms = kms
        self._folder = folder
        self.variables = dict(variables)

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
            text = re.sub(r"^ {3}", "", indented, flags=re.MULTILINE)
            if language == "python":
                (self._folder / text.split()[1]).write_text(text)  # its first line is a comment with its name
                continue
            for line in text.replace("\\\n", " ").splitlines():
                printed = self._line(line)
                if printed:
                    yield printed

    def _line(self, line: str) -> str:
        assigned = _ASSIGNMENT.fullmatch(line)
        if assigned:
            self.variables[assigned[1]] = self._command(assigned[2])
            return ""
        command, redirected, file = line.partition(" > ")
        printed = self._command(command)
        if redirected:
            (self._folder / file.strip()).write_text(printed)
            return ""
        return printed

    def _command(self, text: str) -> str:
        words = shlex.split(re.sub(r"\$(\w+)", lambda found: self.variables[found[1]], text))
        if words[0] == "python":
            ran = subprocess.run(  # noqa: S603  # what the page says
                [sys.executable, *words[1:]], cwd=self._folder, capture_output=True, text=True, check=True
            )
            return ran.stdout
        if words[:2] != ["aws", "kms"]:
            raise ValueError(f"a command must be one of python or aws kms, got {text!r}")
        return self._aws(words[2], dict(zip(words[3::2], words[4::2], strict=True)))

    def _aws(self, operation: str, options: dict[str, str]) -> str:
        query, output = options.pop("--query", "@"), options.pop("--output", "json")
        parameters = {_in_pascal_case(name.removeprefix("--")): self._value(text) for name, text in options.items()}
        answer = getattr(self._kms, operation.replace("-", "_"))(**parameters)
        answer.pop("ResponseMetadata")
        found = jmespath.search(query, json.loads(json.dumps(answer, default=_as_text)))
        return str(found) if output == "text" else json.dumps(found)

    def _value(self, text: str) -> str | bytes:
        return (self._folder / text.removeprefix("fileb://")).read_bytes() if text.startswith("fileb://") else text


def _in_pascal_case(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("-"))


def _as_text(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else base64.b64encode(value).decode()
