"""Write the vectors of this folder anew: `PYTHONPATH=.:lambda_src python -m tests.vectors.generate`."""

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from envelope import message
from envelope.context import EncryptionContext
from tests.support.known_random import known_random
from tests.support.one_defect import CONTEXT, Case, all_cases
from tests.support.raw_keyring import RawKeyring
from tests.support.sdk import COMMITTING, FORMAT_1, SIGNED, raw_provider, sdk_encrypt

FOLDER = Path(__file__).parent
BY_SDK = FOLDER / "written-by-aws-encryption-sdk.json"
BY_ENVELOPE = FOLDER / "written-by-envelope.json"
BUILT = FOLDER / "built-field-by-field.json"

_CONTEXTS: tuple[dict[str, str], ...] = ({}, CONTEXT, {"Straße": "Zürich", "日本": "東京", "🔑": "🗝", "a": ""})
_LENGTHS = (0, 1, 127, 128, 129, 256, 300)
_FRAME_LENGTH = 128


def plaintext_of(length: int) -> bytes:
    """Plaintext that looks like nothing else in a message."""
    return known_random("plaintext")(length)


def by_sdk() -> Iterator[Case]:
    """Messages of the SDK, with new random bytes every time."""
    for context in _CONTEXTS:
        for length in _LENGTHS:
            sealed = sdk_encrypt(
                plaintext_of(length), provider=raw_provider(), context=context, frame_length=_FRAME_LENGTH
            )
            yield Case(f"{length} bytes, {len(context)} pairs", "success", sealed, plaintext_of(length), context)
    for name, algorithm in (("signed", SIGNED), ("message format 1", FORMAT_1)):
        sealed = sdk_encrypt(b"text", provider=raw_provider(), context=CONTEXT, algorithm=algorithm)
        yield Case(name, "unsupported", sealed, b"text", CONTEXT)
    unframed = sdk_encrypt(b"text", provider=raw_provider(), context=CONTEXT, frame_length=0, algorithm=COMMITTING)
    yield Case("one block without frames", "success", unframed, b"text", CONTEXT)


def by_envelope() -> Iterator[Case]:
    """Our own messages, the same every time."""
    for number, context in enumerate(_CONTEXTS):
        for length in _LENGTHS:
            draw = known_random(f"{number} {length}")
            sealed = message.encrypt(
                plaintext_of(length),
                keyring=RawKeyring(random=draw),
                context=EncryptionContext.of(context),
                frame_length=_FRAME_LENGTH,
                unsafe_random=draw,
            )
            yield Case(f"{length} bytes, {len(context)} pairs", "success", bytes(sealed), plaintext_of(length), context)


def as_json(cases: Iterator[Case]) -> str:
    """Write cases down."""
    return json.dumps({"vectors": [_plain(case) for case in cases]}, indent=1, ensure_ascii=False) + "\n"


def _plain(case: Case) -> dict[str, Any]:
    plain = {
        "name": case.name,
        "expect": case.expect,
        "encryption_context": CONTEXT if case.context is None else case.context,
        "message": base64.b64encode(case.message).decode(),
    }
    if case.expect == "success":
        plain["plaintext"] = base64.b64encode(case.plaintext).decode()
    return plain


if __name__ == "__main__":
    BY_SDK.write_text(as_json(by_sdk()))
    BY_ENVELOPE.write_text(as_json(by_envelope()))
    BUILT.write_text(as_json(all_cases()))
