"""Where fuzzing starts: small messages of every suite and shape, and what was built with one thing wrong."""

import base64
import json
from collections.abc import Iterator

from tests.fuzz.targets import TARGETS
from tests.support.good_messages import good_builder
from tests.support.suite_facts import FACTS
from tests.vectors.generate import BUILT

_LONGEST = 1200
_CHOICES = {
    "header": [b""],
    "in_memory": [b"\x01"],
    "as_a_stream": [b"\x21", b"\x0b"],
    # From the third byte on, in the middle; past the end; from the eighth byte to the end.
    "in_part": [b"\x01\x02\x06", b"\x01\x08\x20", b"\x01\x08\xff"],
}
"""What the first bytes of an input choose."""


def messages() -> Iterator[bytes]:
    """The messages."""
    for suite_id in FACTS:
        for content_type in (2, 1):
            yield good_builder(suite_id=suite_id).but(content_type=content_type).build()
    for suite_id in (0x0478, 0x0578):
        # Longer than what a stream reads first, to find the header.
        long = good_builder(suite_id=suite_id).but(plaintext=bytes(range(250)) * 40)
        yield long.but(frame_length=1000).build()
        yield long.but(content_type=1).build()
    for vector in json.loads(BUILT.read_text())["vectors"]:
        sealed = base64.b64decode(vector["message"])
        # The shape of a frame length of 64 MiB is worth one seed, and its memory is not worth many.
        if len(sealed) <= _LONGEST and vector["name"] != "frames of 64 MiB":
            yield sealed


def inputs() -> Iterator[bytes]:
    """The messages as inputs of `targets.everything`, for each target, with their tags put right."""
    for sealed in messages():
        for number, name in enumerate(TARGETS):
            for choice in _CHOICES[name]:
                yield bytes([number]) + choice + sealed
