"""The command `encrypt`."""

import click

from envelope.format.suites import COMMITTING, COMMITTING_SIGNED, AlgorithmSuite
from envelope.limits import FRAME_BYTES_DEFAULT, READ_FRAME_BYTES_MAX
from envelope.streams.encryptor import encrypt_stream
from kms_envelope.aws_clients import AwsClients
from kms_envelope.content import Content
from kms_envelope.inputs import opened_input
from kms_envelope.new_file import IfExists
from kms_envelope.options import (
    NO_CONTEXT,
    as_entries,
    aws_options,
    chosen,
    grant_option,
    one_of,
    overwrite_option,
    stated_context,
)
from kms_envelope.outputs import opened_output
from kms_envelope.progress import watched
from kms_envelope.wrapping_keys import keys_by_arn

_EXAMPLES = """\b
Examples:
  KEY=arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-...
  kms-envelope encrypt --key $KEY --context tenant=blue orders.csv orders.enc
  set -o pipefail
  pg_dump orders | kms-envelope encrypt --key $KEY --context tenant=blue \\
      --overwrite - orders.new && mv orders.new orders.enc

A program in front of the pipe that fails looks like one that is done: what it wrote until then becomes a valid message.
Hence pipefail, and a name that the message gets only if all went well.
"""


@click.command(epilog=_EXAMPLES)
@click.option(
    "--key",
    "key_arns",
    multiple=True,
    required=True,
    metavar="ARN",
    help="The KMS key, by its ARN. Given again: a further key that decrypts the message too, say in another Region.",
)
@click.option(
    "--context",
    "entries",
    callback=as_entries,
    metavar="KEY=VALUE",
    multiple=True,
    help="An entry of the encryption context, which binds the message and is not secret. Can be given several times.",
)
@click.option(
    NO_CONTEXT,
    "context_choice",
    is_flag=True,
    callback=chosen(NO_CONTEXT, otherwise=""),
    help="Bind the message to no encryption context.",
)
@click.option(
    "--frame-length",
    type=click.IntRange(1, READ_FRAME_BYTES_MAX),
    default=FRAME_BYTES_DEFAULT,
    show_default=True,
    metavar="BYTES",
    help="Plaintext in one frame: what a reader verifies, and a range read fetches, at a time.",
)
@click.option(
    "--sign",
    "suite",
    is_flag=True,
    callback=chosen(COMMITTING_SIGNED, otherwise=COMMITTING),
    help="Sign the message too. Slower; a reader gets nothing before all of it is verified, and no ranges.",
)
@grant_option
@overwrite_option
@aws_options
@click.argument("source", metavar="INPUT")
@click.argument("output", metavar="OUTPUT")
def encrypt(
    *,
    aws: AwsClients,
    key_arns: tuple[str, ...],
    entries: tuple[tuple[str, str], ...],
    context_choice: str,
    frame_length: int,
    suite: AlgorithmSuite,
    grant_tokens: tuple[str, ...],
    if_exists: IfExists,
    source: str,
    output: str,
) -> None:
    """Encrypt INPUT into OUTPUT, an AWS Encryption SDK message.

    INPUT is a file, s3://bucket/key or - for standard input. OUTPUT is a file or - for standard output. A file is
    there when it is complete, and not before.
    """
    one_of(("--context", NO_CONTEXT), (entries, context_choice))
    context = stated_context(entries)
    keys = keys_by_arn(key_arns, aws=aws, grant_tokens=grant_tokens)
    with (
        opened_input(source, aws=aws) as plaintext,
        opened_output(output, if_exists=if_exists, content=Content.MESSAGE) as message,
        watched(plaintext, output=message, label="encrypting") as seen,
    ):
        encrypt_stream(seen, message, keys=keys, context=context, suite=suite, frame_length=frame_length)
