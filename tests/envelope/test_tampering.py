"""Every bit, every cut, every byte more, in every suite: refused in memory, as a stream and by the handler.

`make vectors` damages every bit of every message in every way; otherwise the long ways take one bit of each byte.
"""

import os
from collections.abc import Callable, Iterable

import pytest

from envelope import message
from envelope.errors import EnvelopeError, LimitExceeded, MalformedMessage, NotAuthentic
from envelope.format.context import EncryptionContext
from envelope.handler import decrypt
from envelope.keys.kms_keyring import KmsKeyring
from envelope.keys.materials import FreshDataKeys
from envelope.streams.decryptor import Release
from envelope.streams.ranges import decrypt_range
from tests.support.case import CONTEXT, PLAINTEXT
from tests.support.damage import (
    a_bit_of_every_byte,
    every_bit,
    every_cut,
    frames_in,
    half_signed,
    other_data_keys,
    other_frames,
    something_behind,
)
from tests.support.fake_kms import KEY_ARN, FakeKms
from tests.support.good_messages import good_builder
from tests.support.keyrings.raw_aes import RawAes
from tests.support.message_builder import MessageBuilder
from tests.support.opening import fetch_from, released, whole
from tests.support.published import Record
from tests.support.raw_keyring import KEY_NAME, PROVIDER_ID, WRAPPING_KEY
from tests.support.requests import CONTEXT as HANDLER_CONTEXT
from tests.support.requests import deployment_over, to_base64
from tests.support.suite_facts import FACTS

IN_FULL = os.environ.get("EVERY_VECTOR") == "1"
REFUSALS = (MalformedMessage, NotAuthentic, LimitExceeded)
KEYRING = RawAes(namespace=PROVIDER_ID, name=KEY_NAME, key=WRAPPING_KEY)
EXPECTED = EncryptionContext.of(CONTEXT)
SUITES = pytest.mark.parametrize("suite_id", FACTS, ids=lambda suite_id: FACTS[suite_id].name)
CONTENT = pytest.mark.parametrize("content_type", [2, 1], ids=["frames", "one block"])
Damage = Callable[[bytes], Iterable[bytes]]


def structural(builder: MessageBuilder) -> Iterable[bytes]:
    """What somebody does who knows the format and has no key."""
    sealed = builder.build()
    yield from something_behind(sealed)
    yield from other_data_keys(sealed)
    yield from other_frames(sealed)
    yield from half_signed(builder)


def refused_in_memory(damaged: bytes) -> None:
    try:
        opened = whole(damaged, KEYRING, EXPECTED)
    except REFUSALS:
        return
    raise AssertionError(f"{len(opened)} bytes of plaintext from a damaged message")


def refused_as_a_stream(damaged: bytes, builder: MessageBuilder) -> None:
    """What came out before the refusal is what the writer put there, and never all of it."""
    found = released(damaged, KEYRING, EXPECTED)
    assert isinstance(found.refusal, REFUSALS)
    assert PLAINTEXT.startswith(found.plaintext)
    assert len(found.plaintext) < len(PLAINTEXT)
    assert not found.plaintext or (builder.content_type == 2 and builder.facts.curve is None)


@SUITES
@CONTENT
def test_a_message_that_nobody_damaged_is_read(suite_id: int, content_type: int) -> None:
    sealed = good_builder(suite_id=suite_id).but(content_type=content_type).build()

    assert whole(sealed, KEYRING, EXPECTED) == PLAINTEXT
    assert released(sealed, KEYRING, EXPECTED).plaintext == PLAINTEXT


@SUITES
@CONTENT
def test_refuses_damage_in_memory_and_as_a_stream(suite_id: int, content_type: int, record_property: Record) -> None:
    builder = good_builder(suite_id=suite_id).but(content_type=content_type)
    sealed, flips = builder.build(), every_bit if IN_FULL else a_bit_of_every_byte
    ways = [*flips(sealed), *every_cut(sealed), *structural(builder)]

    assert sealed not in ways
    for damaged in ways:
        refused_in_memory(damaged)
        refused_as_a_stream(damaged, builder)
    record_property("damaged messages refused", 2 * len(ways))


@pytest.mark.parametrize("suite_id", [0x0478, 0x0578], ids=["0478", "0578"])
def test_refuses_every_single_bit_that_is_changed(suite_id: int, record_property: Record) -> None:
    sealed = good_builder(suite_id=suite_id).build()

    for damaged in every_bit(sealed):
        refused_in_memory(damaged)
    record_property("damaged messages refused", 8 * len(sealed))


@pytest.mark.parametrize("suite_id", [0x0578, 0x0378, 0x0214, 0x0078], ids=lambda suite_id: FACTS[suite_id].name)
def test_refuses_at_the_end_what_a_destination_holds_back(suite_id: int, record_property: Record) -> None:
    content_type = 2 if FACTS[suite_id].curve is not None else 1
    builder = good_builder(suite_id=suite_id).but(content_type=content_type)
    ways = [*a_bit_of_every_byte(builder.build()), *every_cut(builder.build()), *structural(builder)]

    for damaged in ways:
        found = released(damaged, KEYRING, EXPECTED, release=Release.HELD_BY_DESTINATION, longest=50)
        assert isinstance(found.refusal, REFUSALS)
    record_property("damaged messages refused", len(ways))


def test_a_range_of_a_damaged_message_is_refused_or_is_what_the_writer_put_there(record_property: Record) -> None:
    builder = good_builder()
    sealed = builder.build()
    ways = [*every_bit(sealed), *every_cut(sealed), *structural(builder)]
    refused = 0

    for damaged in ways:
        try:
            part = decrypt_range(
                fetch_from(damaged),
                message_bytes=len(damaged),
                first=6,
                last=9,
                keys=FreshDataKeys(KEYRING),
                context=EXPECTED,
            )
        except REFUSALS:
            refused += 1
        else:
            # The damage is in a frame that was not fetched.
            assert part == PLAINTEXT[6:10]
    assert len(ways) - refused < 8 * (len(sealed) - frames_in(sealed)[0].content_at)
    record_property("damaged messages refused", refused)


def test_refuses_damage_through_the_handler_too(record_property: Record) -> None:
    kms = FakeKms()
    keys, context = FreshDataKeys(KmsKeyring(kms, key_arn=KEY_ARN)), EncryptionContext.of(HANDLER_CONTEXT)
    sealed = bytes(message.encrypt(b"thirteen bytes", keys=keys, context=context, frame_length=5))
    deployment = deployment_over(kms)
    ways = [*a_bit_of_every_byte(sealed), *every_cut(sealed), *something_behind(sealed)]

    for damaged in ways:
        event = {"message": to_base64(damaged), "encryption_context": HANDLER_CONTEXT}
        with pytest.raises(EnvelopeError) as refusal:
            decrypt(event, None, deployment=deployment)
        assert type(refusal.value) in {MalformedMessage, NotAuthentic, LimitExceeded}
    record_property("damaged messages refused", len(ways))
