import re
from pathlib import Path

import pytest

from envelope import errors
from envelope.errors import EnvelopeError, NotReached
from kms_envelope.command_line import NOT_INSTALLED
from kms_envelope.exit_code import BROKEN_PIPE, ExitCode, exit_code_of
from kms_envelope.program import program

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "command-line.md").read_text()
REMEDIES = [
    kind
    for kind in vars(errors).values()
    if isinstance(kind, type)
    and issubclass(kind, EnvelopeError)
    and kind not in {EnvelopeError, NotReached}  # of batches
]


@pytest.mark.parametrize("kind", REMEDIES)
def test_every_remedy_has_an_exit_code(kind: type[EnvelopeError]) -> None:
    assert exit_code_of(kind("text")) in set(ExitCode) - {ExitCode.DONE}


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (FileExistsError("there"), ExitCode.OUTPUT_EXISTS),
        (FileNotFoundError(2, "No such file"), ExitCode.FILE),
        (PermissionError(13, "Permission denied"), ExitCode.FILE),
        (KeyError("a defect"), None),
    ],
)
def test_files_have_exit_codes_and_defects_have_none(error: Exception, code: ExitCode | None) -> None:
    assert exit_code_of(error) is code


def test_the_page_and_the_help_tell_every_exit_code() -> None:
    codes = {*map(int, ExitCode), NOT_INSTALLED}
    told = {int(code) for code in re.findall(r"^\| (\d+) \|", PAGE, re.MULTILINE)}
    helped = {int(code) for code in re.findall(r"^ +(\d+)  ", str(program.epilog), re.MULTILINE)}

    assert told == {*codes, 130, BROKEN_PIPE}
    assert helped == {*codes, 130, BROKEN_PIPE}
