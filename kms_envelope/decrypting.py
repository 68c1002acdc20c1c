"""The command `decrypt`."""

from typing import Final

import click

from envelope.format.expected_context import AtLeast
from envelope.format.suites import CommitmentPolicy
from envelope.streams.decryptor import Release
from envelope.streams.ranges import SignedRanges
from kms_envelope.aws_clients import AwsClients
from kms_envelope.byte_range import ByteRange
from kms_envelope.content import Content
from kms_envelope.inputs import STANDARD, opened_input
from kms_envelope.new_file import IfExists
from kms_envelope.options import (
    NO_CONTEXT,
    as_entries,
    as_range,
    aws_options,
    chosen,
    grant_option,
    one_of,
    overwrite_option,
    stated_context,
)
from kms_envelope.outputs import opened_output
from kms_envelope.reading import Reading
from kms_envelope.wrapping_keys import keys_by_arn, keys_of_accounts

_PARTITION: Final = "aws"

_EXAMPLES = """\b
Examples:
  kms-envelope decrypt --key $KEY --context tenant=blue orders.enc orders.csv
  kms-envelope decrypt --key $KEY --context tenant=blue orders.enc orders.sql \\
      && psql orders < orders.sql
  kms-envelope decrypt --key $KEY --context tenant=blue --range -1024 \\
      s3://backups/orders.enc -
  kms-envelope decrypt --discover-account 111122223333 \\
      --discover-region eu-central-1 --context-at-least tenant=blue old.enc old
"""


@click.command(epilog=_EXAMPLES)
@click.option(
    "--key",
    "key_arns",
    multiple=True,
    metavar="ARN",
    help="A KMS key, by its ARN. Can be given several times; no other key is tried.",
)
@click.option(
    "--discover-account",
    "accounts",
    multiple=True,
    metavar="ID",
    help="Instead of --key: whichever key of this account the message names. Can be given several times.",
)
@click.option(
    "--discover-partition",
    "partition",
    metavar="PARTITION",
    help="Where those accounts are; unless told otherwise aws. Others are aws-cn and aws-us-gov.",
)
@click.option(
    "--discover-region",
    "regions",
    multiple=True,
    metavar="REGION",
    help="Where those keys may be; needed with --discover-account. Can be given several times.",
)
@click.option(
    "--context",
    "entries",
    callback=as_entries,
    metavar="KEY=VALUE",
    multiple=True,
    help="An entry of the encryption context: the message must be bound to all that are given and to nothing else.",
)
@click.option(
    "--context-at-least",
    "some_entries",
    callback=as_entries,
    metavar="KEY=VALUE",
    multiple=True,
    help="Instead of --context: the message must be bound to all that are given, and may be to more.",
)
@click.option(
    NO_CONTEXT,
    "context_choice",
    is_flag=True,
    callback=chosen(NO_CONTEXT, otherwise=""),
    help="The message is bound to nothing.",
)
@click.option(
    "--commitment-policy",
    "policy_name",
    type=click.Choice([policy.name for policy in CommitmentPolicy]),
    default=CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT.name,
    metavar="POLICY",
    help="Which messages are read: those that commit to their key (REQUIRE_ENCRYPT_REQUIRE_DECRYPT, the default), "
    "older ones as well (REQUIRE_ENCRYPT_ALLOW_DECRYPT), or also those whose data key may have encrypted others "
    "(UNSAFE_ALLOW_WITHOUT_DERIVATION).",
)
@click.option(
    "--range",
    "byte_range",
    callback=as_range,
    metavar="FIRST-LAST",
    help="Only these bytes of the plaintext, from 0: FIRST-LAST, FIRST- or -COUNT. Nothing else is read or verified.",
)
@click.option(
    "--unsafe-unsigned-range",
    "signed",
    is_flag=True,
    callback=chosen(SignedRanges.UNSAFE_UNSIGNED, otherwise=SignedRanges.REFUSED),
    help="Read ranges of signed messages too, though nobody can verify a signature on a part.",
)
@grant_option
@overwrite_option
@aws_options
@click.argument("source", metavar="INPUT")
@click.argument("output", metavar="OUTPUT")
def decrypt(
    *,
    aws: AwsClients,
    key_arns: tuple[str, ...],
    accounts: tuple[str, ...],
    partition: str | None,
    regions: tuple[str, ...],
    entries: tuple[tuple[str, str], ...],
    some_entries: tuple[tuple[str, str], ...],
    context_choice: str,
    policy_name: str,
    byte_range: ByteRange | None,
    signed: SignedRanges,
    grant_tokens: tuple[str, ...],
    if_exists: IfExists,
    source: str,
    output: str,
) -> None:
    """Decrypt INPUT, an AWS Encryption SDK message, into OUTPUT.

    INPUT is a file, s3://bucket/key or - for standard input. OUTPUT is a file or - for standard output. A file is
    there when all of it is verified, and not before, and only its owner may read it. Standard output gets each frame
    as soon as that one is verified, in order; only exit code 0 says that the last one was the end. A program behind
    the pipe cannot tell: give it a file, or let it do nothing that cannot be undone.
    \f

    Raises:
        UsageError: If options contradict one another.
    """  # noqa: D301  # click ends the help at a form feed
    one_of(("--key", "--discover-account"), (key_arns, accounts))
    if key_arns and (regions or partition is not None):
        option, part = ("--discover-region", "Region") if regions else ("--discover-partition", "partition")
        raise click.UsageError(f"{option} is for --discover-account: a key that is named says its {part}")
    one_of(("--context", "--context-at-least", NO_CONTEXT), (entries, some_entries, context_choice))
    if byte_range is None and signed is not SignedRanges.REFUSED:
        raise click.UsageError("--unsafe-unsigned-range is for --range: a whole message is verified with its signature")
    if key_arns:
        keys = keys_by_arn(key_arns, aws=aws, grant_tokens=grant_tokens)
    else:
        keys = keys_of_accounts(
            accounts, partition=partition or _PARTITION, regions=regions, aws=aws, grant_tokens=grant_tokens
        )
    context = stated_context(entries or some_entries)
    reading = Reading(
        keys=keys,
        context=AtLeast(context) if some_entries else context,
        policy=CommitmentPolicy[policy_name],
    )
    with (
        opened_input(source, aws=aws) as message,
        opened_output(output, if_exists=if_exists, content=Content.PLAINTEXT) as plaintext,
    ):
        if byte_range is None:
            release = Release.AFTER_ALL if output == STANDARD else Release.HELD_BY_DESTINATION
            reading.read_whole(message, plaintext, release=release)
        else:
            reading.read_range(message, plaintext, byte_range=byte_range, signed=signed)
