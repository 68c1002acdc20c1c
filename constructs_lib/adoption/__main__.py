"""Compare a key's policy of today with the one in a template: `python -m constructs_lib.adoption --template ...`.

It reads `aws kms get-key-policy --key-id KEY --policy-name default --query Policy --output text` from its standard
input. Like `diff` it ends with 0 if both say the same, with 1 if not, and with 2 if it cannot tell.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from constructs_lib.adoption.diff_text import diff_text
from constructs_lib.adoption.template_key import Deployment, find_key, read_physical_names
from constructs_lib.adoption.written_policy import parse_policy, read_statements
from constructs_lib.errors import ConfigurationError

_SAME, _DIFFERENT, _CANNOT_TELL = 0, 1, 2


def main(arguments: Sequence[str] | None = None, *, today: TextIO = sys.stdin, output: TextIO = sys.stdout) -> int:
    """Print what changes.

    Args:
        arguments: The command line without the program's name.
        today: Where the policy of today comes from.
        output: Where the differences go.

    Returns:
        The exit code.
    """
    chosen = _parser().parse_args(arguments)
    try:
        different = _different(chosen, today.read())
    except ConfigurationError as error:
        sys.stderr.write(f"{error}\n")
        return _CANNOT_TELL
    output.write(different or "Both policies say the same.\n")
    return _DIFFERENT if different else _SAME


def _different(chosen: argparse.Namespace, today: str) -> str:
    names = {} if chosen.resources is None else read_physical_names(_text(chosen.resources))
    deployment = Deployment(
        account=chosen.account, region=chosen.region, partition=chosen.partition, physical_names=names
    )
    key = find_key(chosen.template, chosen.key, deployment)
    before, after = (
        read_statements(policy, actions=key.actions, partition=chosen.partition)
        for policy in (parse_policy(today), key.policy)
    )
    found = diff_text(before, after, use=key.use)
    return f"{key.logical_id}: its key policy today (-) and in {chosen.template.name} (+)\n\n{found}" if found else ""


def _text(path: Path) -> str:
    try:
        return path.read_text()
    except OSError as error:
        raise ConfigurationError(f"resources must be a file, got {path}: {error.strerror}") from error


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m constructs_lib.adoption",
        description="Compare the policy that a key has today, on standard input, with the one in a template.",
    )
    parser.add_argument("--template", type=Path, required=True, help="such as cdk.out/Orders.template.json")
    parser.add_argument("--key", help="logical id, construct path or alias; the only key unless told otherwise")
    parser.add_argument("--account", default="", help="where the stack's environment leaves it open")
    parser.add_argument("--region", default="", help="likewise")
    parser.add_argument("--partition", default="aws", help="aws unless told otherwise")
    parser.add_argument(
        "--resources", type=Path, help="what 'aws cloudformation list-stack-resources --stack-name STACK' printed"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
