"""The facts about a message, for people and for programs."""

import json
from collections.abc import Iterator, Sequence

from envelope.limits import UNFRAMED_LENGTH
from kms_envelope.algorithm_name import algorithm_name
from kms_envelope.message_facts import MessageFacts, least_policy
from kms_envelope.printable import printable


def as_table(facts: MessageFacts) -> str:
    """Lay the facts out.

    Lines are not broken: whoever marks an ARN with the mouse wants it in one piece.

    Args:
        facts: What a message says of itself.

    Returns:
        One fact a line; what has several lines stands beside its name.
    """
    rows = [*_header_rows(facts), *_body_rows(facts)]
    width = max(len(name) for name, _ in rows)
    lines = ["UNVERIFIED: only decrypting tells whether any of this is true.", ""]
    for name, values in rows:
        for place, value in enumerate(values):
            lines.append(f"{'' if place else name:<{width}}  {printable(value)}")
    return "\n".join(lines)


def as_json(facts: MessageFacts) -> str:
    """Write the facts as JSON.

    In ASCII, so that nothing that a message says can move the cursor of a terminal here either.

    Args:
        facts: What a message says of itself.

    Returns:
        One object.
    """
    return json.dumps(facts.to_dict(), indent=2)


def _header_rows(facts: MessageFacts) -> Iterator[tuple[str, Sequence[str]]]:
    header, suite = facts.header, facts.header.suite
    yield "message format", [str(suite.message_format)]
    yield "algorithm suite", [f"{suite.name} {algorithm_name(suite)}"]
    yield (
        "key commitment",
        ["yes" if suite.commits else f"no: read with --commitment-policy {least_policy(suite).name}"],
    )
    yield "signed", ["no" if suite.signature is None else "yes"]
    yield "message id", [header.message_id.hex()]
    yield "encryption context", [f"{key}={value}" for key, value in header.context.to_dict().items()] or ["none"]
    yield (
        "encrypted data keys",
        [
            f"{each['provider']} {each['key']} ({each['bytes']} bytes)"
            for each in facts.to_dict()["encrypted_data_keys"]
        ],
    )


def _body_rows(facts: MessageFacts) -> Iterator[tuple[str, Sequence[str]]]:
    header, body = facts.header, facts.body
    yield "header", [f"{header.length:,} bytes"]
    yield "message", [f"{facts.message_bytes:,} bytes"]
    if header.frame_length == UNFRAMED_LENGTH:
        yield "frames", ["none, one block: read as a whole or not at all"]
    else:
        count = f"{body.frames:,}" if body else "unknown number"
        yield "frames", [f"{count} of {header.frame_length:,} bytes"]
    yield "plaintext", [f"{body.plaintext_bytes:,} bytes" if body else "unknown: the message does not end as it should"]
