"""Messages of the default suite with exactly one thing wrong, each with the stage that must refuse it."""

import base64
from collections.abc import Iterator
from dataclasses import replace

from tests.support.case import PLAINTEXT, Case
from tests.support.good_messages import good_builder
from tests.support.message_builder import DATA_KEY, Frame

MALFORMED, FORGED, TOO_MUCH = "malformed", "not-authentic", "limit-exceeded"


def defects() -> Iterator[Case]:
    """Every defect, from the first byte to the last."""
    yield from _bad_versions()
    yield from _bad_contexts()
    yield from _bad_data_keys()
    yield from _bad_headers()
    yield from _bad_frames()
    yield from _bad_ends()
    yield from _bad_blocks()


def _bad_versions() -> Iterator[Case]:
    good = good_builder()
    yield Case("nothing", MALFORMED, b"", "parse")
    yield Case("one byte", MALFORMED, b"\x02", "parse")
    yield Case("base64 text", MALFORMED, base64.b64encode(good.build()), "parse")
    yield Case("message format 3", MALFORMED, good.but(message_format=3).build(), "parse")
    yield Case("message format 1 before a suite of format 2", MALFORMED, b"\x01\x80" + good.build()[1:], "parse")
    yield Case("suite of format 1 behind message format 2", MALFORMED, b"\x02\x01\x78" + good.build()[3:], "parse")
    yield Case("unknown suite", MALFORMED, good.but(suite_id=0x0479).build(), "parse")


def _bad_contexts() -> Iterator[Case]:
    good = good_builder()
    pair = b"\x00\x07purpose\x00\x04test"

    def context(name: str, data: bytes) -> Case:
        return Case(name, MALFORMED, good.but(context_bytes=data).build(), "parse")

    yield context("context with a count of none", b"\x00\x00")
    yield context("context with fewer pairs than counted", b"\x00\x02" + pair)
    yield context("context with more pairs than counted", b"\x00\x01" + pair + pair)
    yield context("context key twice", b"\x00\x02" + pair + pair)
    yield context("context keys out of order", b"\x00\x02" + pair + b"\x00\x01a\x00\x011")
    yield context("reserved context key", b"\x00\x01" + b"\x00\x0caws-crypto-x" + b"\x00\x01A")
    yield context("context that is not UTF-8", b"\x00\x01\x00\x01\xff\x00\x01b")
    yield context("context value longer than the context", b"\x00\x01\x00\x01a\xff\xffb")
    public_key = b"\x00\x01" + b"\x00\x15aws-crypto-public-key" + b"\x00\x01A"
    yield context("context with a verification key and no signature", public_key)
    longest = good.build()[:35] + b"\xff\xff" + good.build()[37:]
    yield Case("context longer than the message", MALFORMED, longest, "parse")
    built = good.build()
    yield Case("context that the caller did not expect", FORGED, built, "context", context={"purpose": "war"})
    more = {"purpose": "test", "tenant": "42"}
    yield Case("context with one entry less than the caller expects", FORGED, built, "data key", context=more)
    yield Case("context with one entry more than the caller expects", FORGED, built, "context", context={})
    other = good.but(context_pairs=((b"purpose", b"tent"),)).build()
    yield Case("context that the data key is not bound to", FORGED, other, "data key", context={"purpose": "tent"})


def _bad_data_keys() -> Iterator[Case]:
    good = good_builder()
    (provider, info, secret) = good.encrypted_data_keys[0]
    yield Case("no encrypted data key", MALFORMED, good.but(encrypted_data_keys=()).build(), "parse")
    six = good.but(encrypted_data_keys=good.encrypted_data_keys * 6).build()
    yield Case("six encrypted data keys", TOO_MUCH, six, "parse")
    fewer = good.but(encrypted_data_key_count=2).build()
    yield Case("fewer encrypted data keys than counted", MALFORMED, fewer, "parse")
    stranger = good.but(encrypted_data_keys=((b"stranger", info, secret),)).build()
    yield Case("no encrypted data key for us", FORGED, stranger, "data key")
    torn = good.but(encrypted_data_keys=((provider, info, secret[:-1] + bytes([secret[-1] ^ 1])),)).build()
    yield Case("encrypted data key with a bit changed", FORGED, torn, "data key")
    another = good.but(data_key=DATA_KEY[::-1]).build()
    yield Case("written with another data key than it carries", FORGED, another, "commitment")


def _bad_headers() -> Iterator[Case]:
    good = good_builder()
    built, hostile = good.build(), good.header()
    flipped = built[:3] + bytes([built[3] ^ 1]) + built[4:]
    yield Case("message id with a bit changed", FORGED, flipped, "commitment")
    yield Case("wrong commitment", FORGED, good.but(commitment=bytes(32)).build(), "commitment")
    yield Case("wrong header tag", FORGED, good.but(header_tag=bytes(16)).build(), "header tag")
    yield Case("header nonce that is not zero", FORGED, good.but(header_nonce=b"\x01" * 12).build(), "header tag")
    kept_back = good_builder(required={"tenant": "42"}).but(required_pairs=()).build()
    known = {"purpose": "test", "tenant": "42"}
    yield Case("context kept back and not in the header tag", FORGED, kept_back, "header tag", context=known)
    counted = good.cipher.encrypt(bytes(12), b"", good.header_body() + b"\x00\x00")
    yield Case(
        "header tag over the length of no context, as one SDK once wrote it",
        FORGED,
        good.but(header_tag=counted).build(),
        "header tag",
    )
    yield Case("zero frame length", MALFORMED, good.but(written_frame_length=0).build(), "parse")
    unframed = good.but(content_type=1, written_frame_length=5).build()
    yield Case("frame length without frames", MALFORMED, unframed, "parse")
    unknown = good.but(content_type=3, written_frame_length=5).build()
    yield Case("unknown content type", MALFORMED, unknown, "parse")
    cut = hostile[:-52] + b"\xff\xff\xff\xff" + hostile[-48:] + good.body()
    yield Case("frame length changed to the largest", FORGED, cut, "header tag")
    yield Case("cut inside the commitment", MALFORMED, hostile[:-20], "parse")
    yield Case("cut inside the header tag", MALFORMED, hostile[:-1], "parse")


def _bad_frames() -> Iterator[Case]:
    good = good_builder()
    first, second, last = good.good_frames()

    def frames(name: str, expect: str, stage: str, *parts: Frame) -> Case:
        return Case(name, expect, good.but(frames=parts).build(), stage)

    yield frames("swapped frames", MALFORMED, "frame 1", second, first, last)
    swapped = replace(first, sequence=2, written_sequence=1), replace(second, sequence=1, written_sequence=2)
    yield frames("swapped frames with their numbers put right", FORGED, "frame 1", *swapped, last)
    yield frames("duplicated frame", MALFORMED, "frame 2", first, first, second, last)
    yield frames("missing frame", MALFORMED, "final frame", first, last)
    yield frames("missing first frame", MALFORMED, "frame 1", second, last)
    yield frames("first frame numbered zero", MALFORMED, "frame 1", replace(first, written_sequence=0), second, last)
    wrong = replace(last, written_sequence=4)
    yield frames("wrong number in the final frame", MALFORMED, "final frame", first, second, wrong)
    header, body = good.header(), good.body()
    nonce = header + body[:15] + b"\x02" + body[16:]
    yield Case("wrong number in the nonce", FORGED, nonce, "frame 1")
    other = good.but(message_id=bytes(32))
    foreign = header + body[:37] + second.build(other.cipher, other.own_id) + last.build(good.cipher, good.own_id)
    yield Case("frame of another message", FORGED, foreign, "frame 2")
    label = b"AWSKMSEncryptionClient Final Frame"
    relabelled = replace(first, label=label)
    yield frames("regular frame sealed as a final one", FORGED, "frame 1", relabelled, second, last)


def _bad_ends() -> Iterator[Case]:
    good = good_builder()
    first, second, last = good.good_frames()

    def frames(name: str, stage: str, *parts: Frame) -> Case:
        return Case(name, MALFORMED, good.but(frames=parts).build(), stage)

    yield frames("missing final frame", "frame 3", first, second)
    yield frames("no frames at all", "frame 1")
    yield frames("two final frames", "trailing", first, replace(second, final=True), last)
    longer = replace(last, content=PLAINTEXT, sequence=1)
    yield frames("final frame longer than its frame length", "final frame", longer)
    yield frames("final frame that claims to be shorter", "final frame", first, second, replace(last, written_length=3))
    largest = replace(last, written_length=2**32 - 1)
    yield frames("final frame that claims the largest length", "final frame", first, second, largest)
    yield Case("trailing byte", MALFORMED, good.but(suffix=b"\x00").build(), "trailing")
    yield Case("trailing second message", MALFORMED, good.but(suffix=good.build()).build(), "trailing")
    yield Case("cut before the last byte", MALFORMED, good.build()[:-1], "final frame")


def _bad_blocks() -> Iterator[Case]:
    good = good_builder().but(content_type=1)
    built = good.build()
    yield Case("block with a wrong length", MALFORMED, good.but(unframed_length=15).build(), "final frame")
    largest = good.but(unframed_length=2**64 - 1).build()
    yield Case("block that claims the largest length", MALFORMED, largest, "final frame")
    yield Case("block that is cut", MALFORMED, built[:-1], "final frame")
    yield Case("block with a trailing byte", MALFORMED, good.but(suffix=b"\x00").build(), "trailing")
    changed = built[:-1] + bytes([built[-1] ^ 1])
    yield Case("block with a bit changed", FORGED, changed, "final frame")
