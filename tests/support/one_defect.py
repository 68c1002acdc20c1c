"""Good messages, and messages with exactly one thing wrong, each with what a reader must make of it."""

import base64
from collections.abc import Iterator
from dataclasses import dataclass, replace

from envelope.context import EncryptionContext
from tests.support.message_builder import DATA_KEY, Frame, MessageBuilder
from tests.support.raw_keyring import RawKeyring

CONTEXT = {"purpose": "test"}
PLAINTEXT = b"attack at dawn"


@dataclass(frozen=True)
class Case:
    """A message, and `success`, `malformed`, `not-authentic` or `unsupported`."""

    name: str
    expect: str
    message: bytes
    plaintext: bytes = PLAINTEXT
    context: dict[str, str] | None = None


def good_builder(context: dict[str, str] | None = None) -> MessageBuilder:
    """A message of three frames under the published wrapping key."""
    values = CONTEXT if context is None else context
    _, keys = RawKeyring(random=lambda length: DATA_KEY[:length]).generate_data_key(EncryptionContext.of(values))
    return MessageBuilder(
        plaintext=PLAINTEXT,
        context_pairs=tuple((key.encode(), value.encode()) for key, value in values.items()),
        encrypted_data_keys=tuple((key.provider_id, key.provider_info, key.ciphertext) for key in keys),
    )


def all_cases() -> Iterator[Case]:
    """Every case, good ones first."""
    yield from _good()
    yield from _bad_versions()
    yield from _bad_contexts()
    yield from _bad_data_keys()
    yield from _bad_headers()
    yield from _bad_frames()
    yield from _bad_ends()
    yield from _bad_blocks()


def _good() -> Iterator[Case]:
    good = good_builder()
    five, four = Frame(b"attac", 1, final=False), Frame(b"", 1, final=True)
    yield Case("three frames", "success", good.build())
    yield Case("one frame", "success", good.but(frame_length=4096).build())
    yield Case("the largest frame length of the SDKs", "success", good.but(frame_length=2**31 - 1).build())
    yield Case("frames of one byte", "success", good.but(frame_length=1).build())
    yield Case("a full final frame", "success", good.but(frame_length=7).build())
    even = good.but(plaintext=b"attac", frames=(five, replace(four, sequence=2)))
    yield Case("an empty final frame behind a full one", "success", even.build(), b"attac")
    yield Case("empty plaintext", "success", good.but(plaintext=b"").build(), b"")
    yield Case("empty context", "success", good_builder({}).build(), context={})
    yield Case("one block without frames", "success", good.but(content_type=1).build())
    odd = tuple(replace(frame, nonce=b"\xff" * 8 + frame.sequence.to_bytes(4)) for frame in good.good_frames())
    yield Case("nonces that are not zero before the number", "success", good.but(frames=odd).build())
    foreign = (b"aws-kms", b"arn:aws:kms:eu-central-1:111122223333:key/other", b"for somebody else")
    both = good.but(encrypted_data_keys=(foreign, *good.encrypted_data_keys))
    yield Case("a data key for somebody else too", "success", both.build())


def _bad_versions() -> Iterator[Case]:
    good = good_builder()
    yield Case("nothing", "malformed", b"")
    yield Case("one byte", "malformed", b"\x02")
    yield Case("base64 text", "malformed", base64.b64encode(good.build()))
    yield Case("message format 3", "malformed", good.but(message_format=3).build())
    yield Case("message format 1", "unsupported", b"\x01\x80\x01\x78" + good.build()[3:])
    yield Case("the signed suite", "unsupported", good.but(suite_id=0x0578).build())
    yield Case("a suite of message format 1", "malformed", good.but(suite_id=0x0178).build())


def _bad_contexts() -> Iterator[Case]:
    good = good_builder()

    def context(name: str, data: bytes) -> Case:
        return Case(name, "malformed", good.but(context_bytes=data).build())

    pair = b"\x00\x07purpose\x00\x04test"
    yield context("context count of zero", b"\x00\x00")
    yield context("context count cut short", b"\x00")
    yield context("context with fewer pairs than counted", b"\x00\x02" + pair)
    yield context("context with more pairs than counted", b"\x00\x01" + pair + pair)
    yield context("context key twice", b"\x00\x02" + pair + pair)
    yield context("context keys out of order", b"\x00\x02" + pair + b"\x00\x01a\x00\x01b")
    yield context("context that is not UTF-8", b"\x00\x01\x00\x01\xff\x00\x01b")
    yield context("context value longer than the context", b"\x00\x01\x00\x01a\xff\xffb")
    public_key = b"\x00\x01" + b"\x00\x15aws-crypto-public-key" + b"\x00\x01A"
    yield context("context with a verification key and no signature", public_key)
    longest = good.build()[:35] + b"\xff\xff" + good.build()[37:]
    yield Case("context longer than the message", "malformed", longest)
    other = good.but(context_pairs=((b"purpose", b"tent"),)).build()
    yield Case("context that the data key is not bound to", "not-authentic", other, context={"purpose": "tent"})
    yield Case("context that the caller did not expect", "not-authentic", good.build(), context={"purpose": "war"})


def _bad_data_keys() -> Iterator[Case]:
    good = good_builder()
    (provider, info, wrapped) = good.encrypted_data_keys[0]
    yield Case("no encrypted data key", "malformed", good.but(encrypted_data_keys=()).build())
    fewer = good.but(encrypted_data_key_count=2).build()
    yield Case("fewer encrypted data keys than counted", "malformed", fewer)
    stranger = good.but(encrypted_data_keys=((b"stranger", info, wrapped),)).build()
    yield Case("no encrypted data key for us", "not-authentic", stranger)
    torn = good.but(encrypted_data_keys=((provider, info, wrapped[:-1] + bytes([wrapped[-1] ^ 1])),)).build()
    yield Case("encrypted data key with a bit changed", "not-authentic", torn)
    another = good.but(data_key=DATA_KEY[::-1]).build()
    yield Case("written with another data key than it carries", "not-authentic", another)


def _bad_headers() -> Iterator[Case]:
    good = good_builder()
    built = good.build()
    flipped = built[:3] + bytes([built[3] ^ 1]) + built[4:]
    yield Case("message id with a bit changed", "not-authentic", flipped)
    yield Case("wrong commitment", "not-authentic", good.but(commitment=bytes(32)).build())
    yield Case("wrong header tag", "not-authentic", good.but(header_tag=bytes(16)).build())
    yield Case("zero frame length", "malformed", good.but(written_frame_length=0).build())
    unframed = good.but(content_type=1, written_frame_length=5).build()
    yield Case("frame length without frames", "malformed", unframed)
    yield Case("unknown content type", "malformed", good.but(content_type=3, written_frame_length=5).build())
    hostile = good.header()
    cut = hostile[:-52] + b"\xff\xff\xff\xff" + hostile[-48:] + good.body()
    yield Case("frame length changed to the largest", "not-authentic", cut)
    yield Case("cut inside the commitment", "malformed", hostile[:-20])
    yield Case("cut inside the header tag", "malformed", hostile[:-1])


def _bad_frames() -> Iterator[Case]:
    good = good_builder()
    first, second, last = good.good_frames()

    def frames(name: str, expect: str, *parts: Frame) -> Case:
        return Case(name, expect, good.but(frames=parts).build())

    yield frames("swapped frames", "malformed", second, first, last)
    swapped = replace(first, sequence=2, written_sequence=1), replace(second, sequence=1, written_sequence=2)
    yield frames("swapped frames with their numbers put right", "not-authentic", *swapped, last)
    yield frames("duplicated frame", "malformed", first, first, second, last)
    yield frames("missing frame", "malformed", first, last)
    yield frames("first frame numbered zero", "malformed", replace(first, written_sequence=0), second, last)
    yield frames("wrong number in the final frame", "malformed", first, second, replace(last, written_sequence=4))
    header, body = good.header(), good.body()
    yield Case("wrong number in the nonce", "not-authentic", header + body[:15] + b"\x02" + body[16:])
    other = good.but(message_id=bytes(32))
    foreign = first.build(other.cipher, other.message_id)
    rest = second.build(good.cipher, good.message_id) + last.build(good.cipher, good.message_id)
    yield Case("frame of another message", "not-authentic", good.header() + foreign + rest)
    label = b"AWSKMSEncryptionClient Final Frame"
    yield frames("regular frame sealed as a final one", "not-authentic", replace(first, label=label), second, last)


def _bad_ends() -> Iterator[Case]:
    good = good_builder()
    first, second, last = good.good_frames()

    def frames(name: str, *parts: Frame) -> Case:
        return Case(name, "malformed", good.but(frames=parts).build())

    yield frames("missing final frame", first, second)
    yield frames("no frames at all")
    yield frames("two final frames", first, replace(second, final=True), last)
    yield frames("final frame longer than its frame length", replace(last, content=PLAINTEXT, sequence=1))
    yield frames("final frame that claims to be shorter", first, second, replace(last, written_length=3))
    yield frames("final frame that claims the largest length", first, second, replace(last, written_length=2**32 - 1))
    yield Case("trailing byte", "malformed", good.but(suffix=b"\x00").build())
    yield Case("trailing second message", "malformed", good.but(suffix=good.build()).build())
    yield Case("cut before the last byte", "malformed", good.build()[:-1])


def _bad_blocks() -> Iterator[Case]:
    good = good_builder().but(content_type=1)
    built = good.build()
    yield Case("block with a wrong length", "malformed", good.but(unframed_length=15).build())
    yield Case("block that is cut", "malformed", built[:-1])
    yield Case("block with a trailing byte", "malformed", good.but(suffix=b"\x00").build())
    yield Case("block with a bit changed", "not-authentic", built[:-1] + bytes([built[-1] ^ 1]))
