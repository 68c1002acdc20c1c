"""Good messages of every suite and shape, built field by field."""

from collections.abc import Iterator
from dataclasses import replace

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tests.support.case import CONTEXT, PLAINTEXT, Case
from tests.support.message_builder import DATA_KEY, Frame, MessageBuilder
from tests.support.plain_header import WrappedKey, encoded
from tests.support.raw_keyring import KEY_NAME, PROVIDER_ID, WRAPPING_KEY
from tests.support.suite_facts import FACTS


def good_builder(
    context: dict[str, str] | None = None, *, suite_id: int = 0x0478, required: dict[str, str] | None = None
) -> MessageBuilder:
    """A message of three frames under the published wrapping key."""
    builder = MessageBuilder(
        plaintext=PLAINTEXT,
        suite_id=suite_id,
        context_pairs=_pairs(CONTEXT if context is None else context),
        required_pairs=_pairs(required or {}),
    )
    return builder.but(encrypted_data_keys=(wrapped(builder),))


def wrapped(builder: MessageBuilder) -> WrappedKey:
    """The data key of a message under the published wrapping key, bound to the whole context."""
    nonce = DATA_KEY[:12]
    info = KEY_NAME.encode() + (128).to_bytes(4) + (12).to_bytes(4) + nonce
    secret = AESGCM(WRAPPING_KEY).encrypt(nonce, builder.own_data_key, encoded(builder.bound_pairs))
    return PROVIDER_ID.encode(), info, secret


def good_cases() -> Iterator[Case]:
    """Every shape of one suite, and the main shapes of all."""
    yield from _shapes()
    for suite_id in FACTS:
        yield from _of_suite(suite_id)


def _shapes() -> Iterator[Case]:
    good = good_builder()
    five, four = Frame(b"attac", 1, final=False), Frame(b"", 1, final=True)
    yield Case("three frames", "success", good.build())
    yield Case("one frame", "success", good.but(frame_length=4096).build())
    yield Case("frames of 64 MiB", "success", good.but(frame_length=2**26).build())
    yield Case("frames of one byte", "success", good.but(frame_length=1).build())
    yield Case("a full final frame", "success", good.but(frame_length=7).build())
    even = good.but(plaintext=b"attac", frames=(five, replace(four, sequence=2)))
    yield Case("an empty final frame behind a full one", "success", even.build(), plaintext=b"attac")
    short = (Frame(b"attack", 1, final=False), Frame(b"", 2, final=True))
    yield Case(
        "frames of six bytes, the last empty",
        "success",
        good.but(plaintext=b"attack", frame_length=6, frames=short).build(),
        plaintext=b"attack",
    )
    yield Case("empty plaintext", "success", good.but(plaintext=b"").build(), plaintext=b"")
    yield Case("empty context", "success", good_builder({}).build(), context={})
    yield Case("one block without frames", "success", good.but(content_type=1).build())
    nothing = good.but(content_type=1, plaintext=b"").build()
    yield Case("one empty block without frames", "success", nothing, plaintext=b"")
    odd = tuple(replace(frame, nonce=b"\xff" * 8 + frame.sequence.to_bytes(4)) for frame in good.good_frames())
    yield Case("nonces that are not zero before the number", "success", good.but(frames=odd).build())
    foreign = (b"aws-kms", b"arn:aws:kms:eu-central-1:111122223333:key/other", b"for somebody else")
    both = good.but(encrypted_data_keys=(foreign, *good.encrypted_data_keys))
    yield Case("a data key for somebody else too", "success", both.build())
    five_keys = good.but(encrypted_data_keys=(*[foreign] * 4, *good.encrypted_data_keys))
    yield Case("five encrypted data keys", "success", five_keys.build())


def _of_suite(suite_id: int) -> Iterator[Case]:
    good, name = good_builder(suite_id=suite_id), FACTS[suite_id].name
    yield Case(f"suite {name}: three frames", "success", good.build(), suite_id=suite_id)
    yield Case(f"suite {name}: one block", "success", good.but(content_type=1).build(), suite_id=suite_id)
    kept_back = {"tenant": "42", "stage": "test"}
    partly = good_builder(suite_id=suite_id, required=kept_back).build()
    known = {**CONTEXT, **kept_back}
    yield Case(f"suite {name}: context partly kept back", "success", partly, suite_id=suite_id, context=known)


def _pairs(values: dict[str, str]) -> tuple[tuple[bytes, bytes], ...]:
    return tuple((key.encode(), value.encode()) for key, value in values.items())
