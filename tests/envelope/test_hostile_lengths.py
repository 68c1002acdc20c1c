"""Lengths that a message only claims: refused, or read, in little memory whatever they say."""

import tracemalloc
from collections.abc import Callable, Iterator

import pytest

from envelope.errors import EnvelopeError
from tests.support.good_messages import good_builder
from tests.support.keyrings.known_beginning import KnownBeginning
from tests.support.message_builder import DATA_KEY
from tests.support.opening import DOORS

KEYRING = KnownBeginning(DATA_KEY)
MOST = 2 * 1024 * 1024
"""A stream works on a quarter of a mebibyte at a time, sealed and opened."""


def hostile() -> Iterator[tuple[str, bytes]]:
    """Every length field of the format, with its largest value; header tag and frame tags are right."""
    good = good_builder()
    (key,) = good.encrypted_data_keys
    front, behind = good.header_body()[:35], good.header_body()[35:]
    yield "encryption context", front + b"\xff\xff" + behind[2:]
    yield "encryption context count", good.but(context_bytes=b"\xff\xff" + bytes(6_000)).build()
    yield "context key", good.but(context_bytes=b"\x00\x01\xff\xff").build()
    yield "encrypted data keys", good.but(encrypted_data_key_count=2**16 - 1).build()
    yield "many encrypted data keys", good.but(encrypted_data_keys=(key,) * 500).build()
    yield "encrypted data key", good.build().replace(b"\x00\x30" + key[2], b"\xff\xff" + key[2])
    yield "frame length", good.but(written_frame_length=2**32 - 1).build()
    first, *_, last = good.good_frames()
    long_ago = good.but(frame_length=2**31 - 1, frames=(first,))
    yield "frame length of a regular frame", long_ago.build()
    yield (
        "content length of the final frame",
        good.but(frame_length=2**32 - 1, frames=(type(last)(b"x", 1, final=True, written_length=2**32 - 1),)).build(),
    )
    for length in (2**64 - 1, 2**36 - 32, 2**31):
        yield f"content length {length}", good.but(content_type=1, unframed_length=length).build()
    for suite_id in (0x0578, 0x0214):
        yield f"signature of {suite_id:04x}", good_builder(suite_id=suite_id).but(footer=b"\xff\xff").build()
        enormous = b"\xff\xff" + bytes(2**16 - 1)
        yield f"long signature of {suite_id:04x}", good_builder(suite_id=suite_id).but(footer=enormous).build()


@pytest.mark.parametrize(("name", "sealed"), list(hostile()), ids=[name for name, _ in hostile()])
@pytest.mark.parametrize("door", DOORS)
def test_refuses_what_is_only_claimed_without_memory_for_it(
    name: str, sealed: bytes, door: Callable[..., bytes]
) -> None:
    with pytest.raises(EnvelopeError):
        door(sealed, KEYRING)
    tracemalloc.start()
    try:
        with pytest.raises(EnvelopeError):
            door(sealed, KEYRING)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert peak < MOST, name
