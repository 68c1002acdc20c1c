"""Write the vectors of this folder anew: `PYTHONPATH=.:lambda_src python -m tests.vectors.generate`."""

import base64
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from envelope import message
from envelope.format.context import EncryptionContext
from envelope.format.suites import COMMITTING_SIGNED
from envelope.keys.materials import FreshDataKeys
from tests.support.case import CONTEXT, Case
from tests.support.good_messages import good_cases
from tests.support.known_random import known_random
from tests.support.one_defect import defects
from tests.support.one_defect_by_suite import defects_by_suite
from tests.support.raw_keyring import RawKeyring
from tests.support.sdk import ALGORITHMS, raw_provider, sdk_encrypt
from tests.support.suite_facts import FACTS

FOLDER = Path(__file__).parent
BY_SDK = FOLDER / "written-by-aws-encryption-sdk.json"
BY_ENVELOPE = FOLDER / "written-by-envelope.json"
SIGNED_BY_ENVELOPE = FOLDER / "signed-by-envelope.json"
BUILT = FOLDER / "built-field-by-field.json"

UNICODE = {"Straße": "Zürich", "日本": "東京", "🔑": "🗝", "a": ""}
_LARGE = {"k" * 100: "v" * 1000, "purpose": "test"}
_CONTEXTS: tuple[dict[str, str], ...] = ({}, CONTEXT, UNICODE)
_LENGTHS = (0, 1, 127, 128, 129, 256, 300)
_SDK_SHAPES: tuple[tuple[int, int, dict[str, str]], ...] = (
    # bytes, frame length (0: one block), context
    (0, 128, CONTEXT),
    (1, 128, CONTEXT),
    (128, 128, CONTEXT),
    (300, 128, {}),
    (300, 256, UNICODE),
    (200, 4096, CONTEXT),
    (200, 0, UNICODE),
    (0, 0, {}),
)
_FRAME_LENGTH = 128


def plaintext_of(length: int) -> bytes:
    """Plaintext that looks like nothing else in a message."""
    return known_random("plaintext")(length)


def by_sdk() -> Iterator[Case]:
    """Messages of the SDK in every suite, with new random bytes every time."""
    for suite_id in ALGORITHMS:
        for length, frame_length, context in _SDK_SHAPES:
            yield _sdk_case(suite_id, length, frame_length, context, "")
        yield _sdk_case(suite_id, 10, 128, CONTEXT, ", two data keys", "another-name")
    yield _sdk_case(0x0478, 10, 128, _LARGE, ", a large context")
    yield _sdk_case(0x0578, 10, 128, _LARGE, ", a large context")


def _sdk_case(suite_id: int, length: int, frame_length: int, context: dict[str, str], remark: str, *names: str) -> Case:
    sealed = sdk_encrypt(
        plaintext_of(length),
        provider=raw_provider(*names),
        context=context,
        frame_length=frame_length,
        algorithm=ALGORITHMS[suite_id],
    )
    shape = f"frames of {frame_length}" if frame_length else "one block"
    name = f"suite {FACTS[suite_id].name}: {length} bytes, {shape}, {len(context)} pairs{remark}"
    return Case(name, "success", sealed, plaintext=plaintext_of(length), context=context, suite_id=suite_id)


def by_envelope() -> Iterator[Case]:
    """Our own messages, the same every time."""
    for number, context in enumerate(_CONTEXTS):
        for length in _LENGTHS:
            draw = known_random(f"{number} {length}")
            sealed = message.encrypt(
                plaintext_of(length),
                keys=FreshDataKeys(RawKeyring(random=draw)),
                context=EncryptionContext.of(context),
                frame_length=_FRAME_LENGTH,
                unsafe_random=draw,
            )
            name = f"{length} bytes, {len(context)} pairs"
            yield Case(name, "success", bytes(sealed), plaintext=plaintext_of(length), context=context)


def signed_by_envelope() -> Iterator[Case]:
    """Our own signed messages; each has a signing key of its own, so that no two runs agree."""
    for length in _LENGTHS:
        sealed = message.encrypt(
            plaintext_of(length),
            keys=FreshDataKeys(RawKeyring()),
            context=EncryptionContext.of(CONTEXT),
            suite=COMMITTING_SIGNED,
            frame_length=_FRAME_LENGTH,
        )
        plaintext = plaintext_of(length)
        yield Case(f"{length} bytes, signed", "success", bytes(sealed), plaintext=plaintext, suite_id=0x0578)


def built() -> Iterator[Case]:
    """Messages built field by field: the good ones, then those with one thing wrong."""
    yield from good_cases()
    yield from defects()
    yield from defects_by_suite()


def as_json(cases: Iterable[Case]) -> str:
    """Write cases down."""
    return json.dumps({"vectors": [_plain(case) for case in cases]}, indent=1, ensure_ascii=False) + "\n"


def _plain(case: Case) -> dict[str, Any]:
    plain = {
        "name": case.name,
        "expect": case.expect,
        "policy": case.policy.name,
        "encryption_context": CONTEXT if case.context is None else case.context,
        "message": base64.b64encode(case.message).decode(),
    }
    if case.expect == "success":
        return {**plain, "plaintext": base64.b64encode(case.plaintext).decode()}
    return {**plain, "stage": case.stage}


if __name__ == "__main__":
    BY_SDK.write_text(as_json(by_sdk()))
    BY_ENVELOPE.write_text(as_json(by_envelope()))
    SIGNED_BY_ENVELOPE.write_text(as_json(signed_by_envelope()))
    BUILT.write_text(as_json(built()))
