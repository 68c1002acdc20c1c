"""Ways to damage a message, each as many times as it can be done to it."""

from collections.abc import Iterator, Sequence

from tests.support.message_builder import MessageBuilder
from tests.support.plain_header import WrappedKey, parse_header
from tests.support.plain_reader import PlainFrame, frames_of


def every_bit(sealed: bytes) -> Iterator[bytes]:
    """Flip each bit."""
    for position in range(len(sealed) * 8):
        yield flipped(sealed, position // 8, position % 8)


def a_bit_of_every_byte(sealed: bytes) -> Iterator[bytes]:
    """Flip one bit of each byte, another one in each."""
    for position in range(len(sealed)):
        yield flipped(sealed, position, position % 8)


def flipped(sealed: bytes, position: int, bit: int) -> bytes:
    """Flip one bit."""
    changed = bytearray(sealed)
    changed[position] ^= 1 << bit
    return bytes(changed)


def every_cut(sealed: bytes) -> Iterator[bytes]:
    """Cut the message off at each byte."""
    for length in range(len(sealed)):
        yield sealed[:length]


def something_behind(sealed: bytes) -> Iterator[bytes]:
    """Append bytes: zeros, the last ones again, the whole message again."""
    for behind in (b"\x00", b"\xff" * 4, bytes(40), sealed[-16:], sealed[-44:], sealed):
        yield sealed + behind


def other_data_keys(sealed: bytes) -> Iterator[bytes]:
    """Change the encrypted data keys without touching what they wrap: order, number, provider id and info."""
    keys = parse_header(sealed).encrypted_data_keys
    yield with_data_keys(sealed, (*keys, *keys))
    yield with_data_keys(sealed, (*keys, (b"aws-kms", b"somebody else's", b"x")))
    yield with_data_keys(sealed, ((b"aws-kms", b"somebody else's", b"x"), *keys))
    for number, (provider, info, wrapped) in enumerate(keys):
        for changed in ((b"aws-kms", info, wrapped), (provider, info + b"x", wrapped), (provider, b"", wrapped)):
            yield with_data_keys(sealed, (*keys[:number], changed, *keys[number + 1 :]))
    if len(keys) > 1:
        yield with_data_keys(sealed, keys[::-1])
        yield with_data_keys(sealed, keys[:1])
        yield with_data_keys(sealed, keys[1:])


def other_frames(sealed: bytes) -> Iterator[bytes]:
    """Drop, repeat and swap frames; the rest of the message stays."""
    header = parse_header(sealed)
    frames = list(frames_of(sealed, header))
    starts = [header.length, *(frame.end for frame in frames)]
    parts = [sealed[start : frame.end] for start, frame in zip(starts, frames, strict=False)]
    front, back = sealed[: header.length], sealed[frames[-1].end :]
    for number in range(len(parts)):
        yield front + b"".join([*parts[:number], *parts[number + 1 :]]) + back
        yield front + b"".join([*parts[: number + 1], *parts[number:]]) + back
    for number in range(len(parts) - 1):
        swapped = [*parts[:number], parts[number + 1], parts[number], *parts[number + 2 :]]
        yield front + b"".join(swapped) + back


def half_signed(builder: MessageBuilder) -> Iterator[bytes]:
    """Take the signature away, alone and with the verification key, and give an unsigned message the key."""
    whole = builder.but(public_key=None)
    if builder.facts.curve is not None:
        yield whole.but(footer=b"").build()
        yield whole.but(public_key=b"").build()
        yield whole.but(public_key=b"", footer=b"").build()
    else:
        yield whole.but(public_key=b"AsomeoneElse").build()


def with_data_keys(sealed: bytes, keys: Sequence[WrappedKey]) -> bytes:
    """Put other encrypted data keys into a header and leave everything else."""
    header = parse_header(sealed)
    fixed = (4 if header.facts.message_format == 1 else 3) + header.facts.message_id_bytes
    start = fixed + 2 + int.from_bytes(sealed[fixed : fixed + 2])
    end = start + len(_section(header.encrypted_data_keys))
    return sealed[:start] + _section(keys) + sealed[end:]


def _section(keys: Sequence[WrappedKey]) -> bytes:
    fields = (part for key in keys for part in key)
    return len(keys).to_bytes(2) + b"".join(len(field).to_bytes(2) + field for field in fields)


def frames_in(sealed: bytes) -> list[PlainFrame]:
    """The frames of a good message."""
    return list(frames_of(sealed, parse_header(sealed)))
