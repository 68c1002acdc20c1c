"""What must hold for any bytes: a second reader agrees, nothing but our errors, no plaintext that is not authentic.

Each target takes one input. Its first bytes choose, the rest is a message; so a fuzzer that knows nothing of the format
can reach everything.
"""

from collections.abc import Callable

from envelope.errors import EnvelopeError, InvalidRequest, LimitExceeded
from envelope.format.header import UnverifiedHeader
from envelope.keys.keyring import Keyring
from envelope.keys.materials import FreshDataKeys
from envelope.streams.decryptor import Release
from envelope.streams.ranges import SignedRanges, decrypt_range
from tests.support.keyrings.known_beginning import KnownBeginning
from tests.support.message_builder import DATA_KEY
from tests.support.opening import ANYTHING, EVERYTHING, Released, fetch_from, released, whole
from tests.support.plain_header import Refused, parse_header
from tests.support.plain_reader import read, read_part
from tests.support.resealing import resealed

Opener = Callable[[bytes, Keyring], bytes]
KEYRING = KnownBeginning(DATA_KEY)
_RESEAL = 1
_TO_THE_END = 255


def header(data: bytes) -> None:
    """Both readers see the same fields, or both see none."""
    try:
        plain = parse_header(data)
    except Refused:
        plain = None
    try:
        ours = UnverifiedHeader.parse(data, policy=EVERYTHING)
    except LimitExceeded:
        return
    except EnvelopeError:
        assert plain is None, "a good header was refused"
        return
    assert plain is not None, "a bad header was read"
    assert (ours.message_id, ours.frame_length, ours.commitment) == (
        plain.message_id,
        plain.frame_length,
        plain.commitment,
    )
    assert (ours.suite.suite_id, ours.length, ours.nonce) == (plain.facts.suite_id, plain.length, plain.nonce)
    assert ours.context.encoded == tuple(sorted(plain.pairs))
    keys = tuple((key.provider_id, key.provider_info, key.ciphertext) for key in ours.encrypted_data_keys)
    assert keys == plain.encrypted_data_keys


def in_memory(data: bytes, *, opener: Opener = whole) -> None:
    """Both readers make the same of a message."""
    sealed = message_of(data)
    expected, _ = _plainly(sealed)
    try:
        found: bytes | None = opener(sealed, KEYRING)
    except LimitExceeded:
        return
    except EnvelopeError:
        found = None
    assert found == expected, "one reader refuses what the other reads"


def as_a_stream(data: bytes) -> None:
    """The same, in pieces; what came out before a refusal is a beginning of what is authentic."""
    if not data:
        return
    sealed = message_of(data)
    expected, before = _plainly(sealed)
    held = bool(data[0] & 2)
    release = Release.HELD_BY_DESTINATION if held else Release.AFTER_ALL
    found = released(sealed, KEYRING, release=release, longest=1 + (data[0] >> 2) * 5)
    if isinstance(found.refusal, LimitExceeded):
        assert not found.plaintext
        return
    assert (found.refusal is None) == (expected is not None), "one reader refuses what the other reads"
    assert expected is None or found.plaintext == expected
    assert held or expected is not None or _is_authentic(sealed, found, before)


def in_part(data: bytes) -> None:
    """A range is what the frames hold that it touches, each of them authentic."""
    if len(data) < 3:
        return
    first, last = data[1], None if data[2] == _TO_THE_END else data[1] + data[2]
    sealed = message_of(data[:1] + data[3:])
    try:
        part = bytes(
            decrypt_range(
                fetch_from(sealed),
                message_bytes=len(sealed),
                first=first,
                last=last,
                keys=FreshDataKeys(KEYRING),
                context=ANYTHING,
                policy=EVERYTHING,
                signed=SignedRanges.UNSAFE_UNSIGNED,
            )
        )
    except EnvelopeError as error:
        expected, _ = _plainly(sealed)
        one_block = expected is not None and parse_header(sealed).frame_length == 0
        excused = isinstance(error, LimitExceeded) or (one_block and isinstance(error, InvalidRequest))
        assert expected is None or excused, "a range of a good message was refused"
        return
    if part:
        assert part == read_part(sealed, data_key=DATA_KEY, first=first, last=first + len(part) - 1)


def everything(data: bytes) -> None:
    """One of the targets, by the first byte."""
    if data:
        list(TARGETS.values())[data[0] % len(TARGETS)](data[1:])


def message_of(data: bytes) -> bytes:
    """The message of an input, with its tags put right if the first byte says so."""
    reseal = bool(data[:1]) and bool(data[0] & _RESEAL)
    return resealed(data[1:], data_key=DATA_KEY) if reseal else data[1:]


def _plainly(sealed: bytes) -> tuple[bytes | None, bytes]:
    try:
        plaintext = read(sealed, unwrap=lambda *_: DATA_KEY[: parse_header(sealed).facts.key_bytes])
    except Refused as refusal:
        return None, refusal.before
    return plaintext, plaintext


def _is_authentic(sealed: bytes, found: Released, before: bytes) -> bool:
    if not found.plaintext:
        return True
    claimed = parse_header(sealed)
    waits = claimed.facts.curve is not None or claimed.frame_length == 0
    return not waits and before.startswith(found.plaintext)


TARGETS: dict[str, Callable[[bytes], None]] = {
    "header": header,
    "in_memory": in_memory,
    "as_a_stream": as_a_stream,
    "in_part": in_part,
}
