"""The command `inspect`: what a message says of itself, without any key."""

from collections.abc import Callable

import click

from envelope.errors import MalformedMessage
from kms_envelope.aws_clients import AwsClients
from kms_envelope.facts_text import as_json, as_table
from kms_envelope.inputs import opened_input
from kms_envelope.message_ends import MessageEnds
from kms_envelope.message_facts import MessageFacts
from kms_envelope.options import aws_options, chosen

_EXAMPLES = """\b
Examples:
  kms-envelope inspect orders.enc
  kms-envelope inspect --json s3://backups/orders.enc | jq .plaintext_bytes
"""


@click.command(epilog=_EXAMPLES)
@click.option(
    "--json", "form", is_flag=True, callback=chosen(as_json, otherwise=as_table), help="Write JSON instead of a table."
)
@aws_options
@click.argument("source", metavar="INPUT")
def inspect(*, aws: AwsClients, form: Callable[[MessageFacts], str], source: str) -> None:
    """Show what the message INPUT says of itself, without any key.

    INPUT is a file, s3://bucket/key or - for standard input. Nothing of this is verified: whoever could change the
    message could make it say anything. Only decrypting tells.
    \f

    Raises:
        MalformedMessage: If it is no message, or does not end as one does.
    """  # noqa: D301  # click ends the help at a form feed
    with opened_input(source, aws=aws) as message:
        facts = MessageFacts.of(MessageEnds.of(message))
    click.echo(form(facts))
    if facts.body is None:
        raise MalformedMessage("message must end as its header says, got one that is cut short or has more behind it")
