"""Both directions with aws-encryption-sdk: any size, any frame length, any context, every suite."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from envelope import message
from envelope.format.context import EncryptionContext
from envelope.format.suites import COMMITTING, COMMITTING_SIGNED, SUITES, AlgorithmSuite
from envelope.keys.materials import FreshDataKeys
from envelope.streams.encryptor import encrypt_stream
from envelope.streams.ranges import SignedRanges, decrypt_range
from tests.support.known_random import known_random
from tests.support.opening import ANYTHING, DOORS, EVERYTHING, Pieces, fetch_from
from tests.support.raw_keyring import RawKeyring
from tests.support.sdk import ALGORITHMS, raw_provider, sdk_decrypt, sdk_encrypt

LENGTHS = st.integers(0, 2000) | st.integers(0, 12).map(lambda frames: frames * 128)
SDK_FRAME_LENGTHS = st.integers(1, 8).map(lambda blocks: blocks * 128)
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
CONTEXTS = st.dictionaries(TEXT.filter(lambda key: not key.startswith("aws-crypto-")), TEXT, max_size=4)


FRAMED = (0x0478, 0x0578, 0x0378, 0x0214, 0x0178, 0x0014)


def plaintext_of(length: int) -> bytes:
    return known_random("interoperability")(length)


@pytest.mark.parametrize("suite_id", ALGORITHMS, ids=lambda suite_id: SUITES[suite_id].name)
@settings(max_examples=12)
@given(LENGTHS, SDK_FRAME_LENGTHS | st.just(0), CONTEXTS)
def test_we_read_what_the_sdk_writes(suite_id: int, length: int, frame_length: int, context: dict[str, str]) -> None:
    sealed = sdk_encrypt(
        plaintext_of(length),
        provider=raw_provider(),
        context=context,
        frame_length=frame_length,
        algorithm=ALGORITHMS[suite_id],
    )

    for door in DOORS:
        assert door(sealed, RawKeyring(), EncryptionContext.of(context)) == plaintext_of(length)


@pytest.mark.parametrize("suite", [COMMITTING, COMMITTING_SIGNED], ids=lambda suite: suite.name)
@settings(max_examples=25)
@given(LENGTHS, st.integers(1, 1024), CONTEXTS)
def test_the_sdk_reads_what_we_write(
    suite: AlgorithmSuite, length: int, frame_length: int, context: dict[str, str]
) -> None:
    keys, ours = FreshDataKeys(RawKeyring()), EncryptionContext.of(context)
    whole = message.encrypt(plaintext_of(length), keys=keys, context=ours, suite=suite, frame_length=frame_length)
    streamed = io.BytesIO()
    source = Pieces(plaintext_of(length), longest=97)
    encrypt_stream(source, streamed, keys=keys, context=ours, suite=suite, frame_length=frame_length)

    for sealed in (bytes(whole), streamed.getvalue()):
        plaintext, stated = sdk_decrypt(sealed, provider=raw_provider())
        stated.pop("aws-crypto-public-key", None)
        assert (plaintext, stated) == (plaintext_of(length), context)


@settings(max_examples=60)
@given(LENGTHS, SDK_FRAME_LENGTHS, st.integers(0, 2100), st.integers(0, 2100) | st.none(), st.sampled_from(FRAMED))
def test_a_range_of_what_the_sdk_writes_is_a_slice(
    length: int, frame_length: int, first: int, more: int | None, suite_id: int
) -> None:
    sealed = sdk_encrypt(
        plaintext_of(length),
        provider=raw_provider(),
        context={},
        frame_length=frame_length,
        algorithm=ALGORITHMS[suite_id],
    )
    last = None if more is None else first + more
    part = decrypt_range(
        fetch_from(sealed),
        message_bytes=len(sealed),
        first=first,
        last=last,
        keys=FreshDataKeys(RawKeyring()),
        context=ANYTHING,
        policy=EVERYTHING,
        signed=SignedRanges.UNSAFE_UNSIGNED,
    )

    assert part == plaintext_of(length)[first : None if last is None else last + 1]
