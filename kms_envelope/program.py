"""The command and its subcommands: what went wrong is said in one line, and the exit code says what to do."""

import os
import sys
from contextlib import suppress
from typing import Any, NoReturn

import click

from kms_envelope.aws_clients import BotoClients
from kms_envelope.decrypting import decrypt
from kms_envelope.encrypting import encrypt
from kms_envelope.exit_code import BROKEN_PIPE, exit_code_of
from kms_envelope.failure_text import failure_text
from kms_envelope.inspecting import inspect
from kms_envelope.rejected_credentials import as_rejected_credentials

_EXIT_CODES = """\b
Exit codes:
   0  done
   2  the command line or the encryption context is wrong
   3  the input is no message, or none that the commitment policy admits
   4  the message is forged or corrupted, or key or encryption context are others
   5  KMS or S3 refuses, or no valid credentials: log in, or ask for access
   6  KMS or S3 does not answer: try again later
   7  something is larger than allowed
   8  OUTPUT exists, and there is no --overwrite
   9  the extra "envelope" is not installed
  10  a file or an object is not there, or cannot be read or written
 130  interrupted (other signals likewise: 128 and their number)
 141  the program behind the pipe stopped reading
"""


class _ByRemedy(click.Group):
    """A group whose commands end with the exit code of what was raised."""

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401  # click's
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            # Nobody is there to read more, and nobody wants to hear of it. What Python still holds goes nowhere.
            with suppress(OSError, ValueError):
                os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            ctx.exit(BROKEN_PIPE)
        except (click.ClickException, click.exceptions.Exit):
            raise
        except Exception as error:
            told = as_rejected_credentials(error) or error
            code = exit_code_of(told)
            if code is None:
                raise
            click.echo(failure_text(told), err=True)
            ctx.exit(code)

    def main(self, *arguments: Any, **settings: Any) -> NoReturn:  # noqa: ANN401  # click's
        try:
            code = super().main(*arguments, **{**settings, "standalone_mode": False})
        except click.exceptions.NoArgsIsHelpError as error:
            error.show()
            sys.exit(error.exit_code)
        except click.ClickException as error:
            # click would print how the command is used as well, and so hide the line that says what is wrong.
            click.echo(failure_text(error), err=True)
            sys.exit(error.exit_code)
        sys.exit(code or 0)


@click.group(
    "kms-envelope",
    cls=_ByRemedy,
    epilog=_EXIT_CODES,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100, "obj": BotoClients},
)
@click.version_option(package_name="cdk-key-management", prog_name="kms-envelope")
def program() -> None:
    """Envelope encryption with AWS KMS, in messages that every AWS Encryption SDK reads."""


for _command in (encrypt, decrypt, inspect):
    program.add_command(_command)
