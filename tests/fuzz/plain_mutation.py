"""Fuzzing without guidance, for platforms that atheris has no wheel for."""

import random
import time
from collections.abc import Callable, Sequence

_INTERESTING = (b"\x00", b"\xff", b"\x00\x00\x00\x00", b"\xff\xff\xff\xff", b"\x00\x00\x00\x01", b"\x7f\xff\xff\xff")


def fuzz(target: Callable[[bytes], None], seeds: Sequence[bytes], *, seconds: float, seed: int = 0) -> int:
    """Mutate seeds until the time is over, and say how often.

    Args:
        target: Raises if an input shows a defect.
        seeds: Where to start.
        seconds: How long.
        seed: Where chance starts.

    Returns:
        How many inputs were tried.
    """
    chance = random.Random(seed)  # noqa: S311  # nothing secret
    end, tried = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        data = bytearray(chance.choice(seeds))
        for _ in range(chance.choice((0, 1, 1, 2, 4))):
            mutate(data, chance)
        target(bytes(data))
        tried += 1
    return tried


def mutate(data: bytearray, chance: random.Random) -> None:
    """Flip, replace, insert, remove or repeat a little."""
    place = chance.randrange(len(data) + 1)
    length = chance.choice((1, 1, 2, 4, 8, 32))
    match chance.randrange(5):
        case 0 if place < len(data):
            data[place] ^= 1 << chance.randrange(8)
        case 1:
            new = chance.choice(_INTERESTING)
            data[place : place + len(new)] = new
        case 2:
            data[place:place] = chance.randbytes(length)
        case 3:
            del data[place : place + length]
        case _:
            data[place:place] = data[place : place + length]
