"""Random bytes that are the same in every run, for messages that are committed or printed in the docs."""

import hashlib
from collections.abc import Callable


def known_random(seed: str) -> Callable[[int], bytes]:
    """Give a source of bytes that only `seed` decides."""
    drawn = 0

    def draw(length: int) -> bytes:
        nonlocal drawn
        drawn += 1
        return hashlib.shake_256(f"{seed} {drawn}".encode()).digest(length)

    return draw
