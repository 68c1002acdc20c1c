import pytest
from click.testing import CliRunner

from kms_envelope.exit_code import ExitCode
from kms_envelope.program import program
from tests.support.kms_envelope_command import CONTEXT, KEY, FakeAws, run_command


@pytest.mark.parametrize("arguments", [["--help"], ["-h"], ["encrypt", "-h"], ["decrypt", "--help"], ["inspect", "-h"]])
@pytest.mark.parametrize("width", [40, 80, 200])
def test_help_fits_the_terminal_and_shows_examples(arguments: list[str], width: int) -> None:
    result = CliRunner().invoke(program, arguments, terminal_width=min(width, 100))

    assert result.exit_code == 0
    assert "Examples:" in result.output or arguments[0].startswith("-")
    assert "\b" not in result.output
    assert "Raises" not in result.output


def test_the_version_is_the_one_of_the_library() -> None:
    assert run_command("--version").output.startswith("kms-envelope, version 0.")


def test_every_command_says_what_it_does() -> None:
    helped = run_command("--help").output

    assert {name for name in program.commands if f"  {name}  " in helped} == {"encrypt", "decrypt", "inspect"}


@pytest.mark.parametrize("arguments", [["--bogus"], ["encrpt"], ["encrypt", "--bogus"], ["inspect"]])
def test_a_wrong_command_line_is_one_line(arguments: list[str]) -> None:
    result = run_command(*arguments)

    assert (result.exit_code, result.stdout) == (ExitCode.USAGE, "")
    assert result.stderr.startswith("kms-envelope")
    assert result.stderr.endswith(" --help tells more)\n")
    assert result.stderr.count("\n") == 1


def test_nothing_at_all_is_answered_with_help() -> None:
    result = run_command()

    assert result.exit_code == ExitCode.USAGE
    assert "Exit codes:" in result.output


def test_a_defect_is_not_hidden() -> None:
    class Defect(FakeAws):
        def kms(self, region: str) -> object:  # type: ignore[override]
            raise KeyError(region)

    result = CliRunner().invoke(program, ["encrypt", *KEY, *CONTEXT, "-", "-"], obj=Defect())

    assert isinstance(result.exception, KeyError)


def test_text_of_others_is_made_printable_and_stays_in_one_line() -> None:
    result = run_command("inspect", "no\nsuch\x1bfile")

    assert result.exit_code == ExitCode.FILE
    assert result.stderr == r"kms-envelope: No such file or directory: no\nsuch\x1bfile" + "\n"
