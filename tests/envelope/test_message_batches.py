from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from envelope import message
from envelope.errors import (
    EnvelopeError,
    InvalidRequest,
    KeyAccessDenied,
    LimitExceeded,
    MalformedMessage,
    NotAuthentic,
)
from envelope.format.context import EncryptionContext
from envelope.format.expected_context import AtLeast
from envelope.format.header import UnverifiedHeader
from envelope.format.suites import COMMITTING, COMMITTING_SIGNED, AlgorithmSuite
from envelope.keys.cache_limits import CacheCounts, CacheLimits
from envelope.keys.data_key_cache import CachedDataKeys
from envelope.keys.kms_keyring import KmsKeyring
from envelope.keys.materials import FreshDataKeys
from envelope.message_batches import decrypt_many, encrypt_many
from tests.support.fake_kms import KEY_ARN, FakeKms, client_error
from tests.support.raw_keyring import RawKeyring
from tests.support.sdk import raw_provider, sdk_decrypt

CONTEXT = EncryptionContext.of({"tenant": "42"})
OTHER_CONTEXT = EncryptionContext.of({"tenant": "43"})
PLAINTEXTS = [b"%d" % number * number for number in range(10)]


def cached(kms: FakeKms, **limits: Any) -> CachedDataKeys:
    return CachedDataKeys(KmsKeyring(kms, key_arn=KEY_ARN), limits=CacheLimits(**limits))


def fresh(kms: FakeKms) -> FreshDataKeys:
    return FreshDataKeys(KmsKeyring(kms, key_arn=KEY_ARN))


def good(results: Sequence[bytearray | EnvelopeError]) -> list[bytes]:
    """What was made, when nothing failed."""
    assert [each for each in results if isinstance(each, EnvelopeError)] == []
    return [bytes(each) for each in results if not isinstance(each, EnvelopeError)]


def kinds(results: list[Any]) -> list[object]:
    """What came back: plaintext, or the class of an error."""
    return [type(each) if isinstance(each, Exception) else bytes(each) for each in results]


@pytest.mark.parametrize("suite", [COMMITTING, COMMITTING_SIGNED], ids=lambda suite: suite.name)
def test_a_batch_costs_one_call_each_way(suite: AlgorithmSuite) -> None:
    kms = FakeKms()
    keys = cached(kms)
    sealed = good(encrypt_many(PLAINTEXTS, keys=keys, context=CONTEXT, suite=suite, frame_length=8))

    assert kinds(decrypt_many(sealed, keys=keys, context=CONTEXT)) == PLAINTEXTS
    assert [call.operation for call in kms.calls] == ["GenerateDataKey", "Decrypt"]
    assert len({UnverifiedHeader.parse(each).message_id for each in sealed}) == len(PLAINTEXTS)
    assert keys.counts.misses == 2


@given(st.lists(st.binary(max_size=40), max_size=12), st.integers(1, 50))
def test_others_read_each_message_and_we_read_the_messages_of_others(
    plaintexts: list[bytes], frame_length: int
) -> None:
    keys = CachedDataKeys(RawKeyring())
    sealed = good(encrypt_many(plaintexts, keys=keys, context=CONTEXT, frame_length=frame_length))
    singly = [message.encrypt(each, keys=keys, context=CONTEXT) for each in plaintexts]

    for plaintext, each in zip(plaintexts, sealed, strict=True):
        assert message.decrypt(each, keys=keys, context=CONTEXT) == plaintext
    for plaintext, each in list(zip(plaintexts, sealed, strict=True))[:1]:
        assert sdk_decrypt(each, provider=raw_provider())[0] == plaintext
    assert good(decrypt_many(singly, keys=keys, context=AtLeast(CONTEXT))) == plaintexts


def test_without_a_cache_every_message_has_a_data_key_of_its_own() -> None:
    kms = FakeKms()
    sealed = good(encrypt_many(PLAINTEXTS, keys=fresh(kms), context=CONTEXT))

    assert len(kms.calls) == len({UnverifiedHeader.parse(each).key_section for each in sealed}) == len(PLAINTEXTS)
    assert kinds(decrypt_many(sealed, keys=fresh(kms), context=CONTEXT)) == PLAINTEXTS


def test_messages_that_follow_one_another_and_share_a_data_key_ask_once_even_without_a_cache() -> None:
    kms = FakeKms()
    keys = cached(kms)
    first = good(encrypt_many([b"1", b"2"], keys=keys, context=CONTEXT))
    keys.clear()
    second = good(encrypt_many([b"3", b"4"], keys=keys, context=CONTEXT))
    kms.calls.clear()

    assert kinds(decrypt_many([*first, *second, *first], keys=fresh(kms), context=CONTEXT)) == [
        b"1",
        b"2",
        b"3",
        b"4",
        b"1",
        b"2",
    ]
    assert len(kms.calls) == 3


def test_one_bad_message_fails_alone() -> None:
    keys = cached(FakeKms())
    sealed = good(encrypt_many([b"a", b"b", b"c"], keys=keys, context=CONTEXT))
    other = bytes(message.encrypt(b"other", keys=keys, context=OTHER_CONTEXT))
    changed = sealed[1][:-1] + bytes([sealed[1][-1] ^ 1])

    results = decrypt_many(
        [sealed[0], changed, sealed[1], b"no message", other, sealed[1][:-1], sealed[1] + b"x", sealed[2]],
        keys=keys,
        context=CONTEXT,
    )

    assert kinds(results) == [
        b"a",
        NotAuthentic,
        b"b",
        MalformedMessage,
        NotAuthentic,
        MalformedMessage,
        MalformedMessage,
        b"c",
    ]


def test_every_bit_of_a_message_in_a_batch_counts() -> None:
    keys = cached(FakeKms())
    sealed = bytes(message.encrypt(b"text", keys=keys, context=CONTEXT))
    changed = [
        sealed[:position] + bytes([sealed[position] ^ 1 << bit]) + sealed[position + 1 :]
        for position in range(len(sealed))
        for bit in (0, 7)
    ]
    between = [each for pair in zip([sealed] * len(changed), changed, strict=True) for each in pair]

    results = decrypt_many(between, keys=keys, context=CONTEXT)

    assert set(kinds(results[::2])) == {b"text"}
    assert set(kinds(results[1::2])) <= {NotAuthentic, MalformedMessage, LimitExceeded}


def test_when_there_is_no_data_key_nobody_is_asked_again_for_each_message() -> None:
    kms = FakeKms(failures=[None, client_error("AccessDeniedException")])
    keys = cached(kms, max_messages=4)

    results = encrypt_many(PLAINTEXTS, keys=keys, context=CONTEXT)

    assert [type(each) for each in results] == [bytearray] * 4 + [KeyAccessDenied] * 6
    assert len(kms.calls) == 2


def test_when_a_data_key_is_refused_kms_is_not_asked_again_for_the_messages_that_share_it() -> None:
    sealed = good(encrypt_many(PLAINTEXTS, keys=cached(FakeKms()), context=CONTEXT))
    kms = FakeKms(failure=client_error("AccessDeniedException"))

    assert kinds(decrypt_many(sealed, keys=cached(kms), context=CONTEXT)) == [KeyAccessDenied] * 10
    assert len(kms.calls) == 1


def test_limits_count_every_message_of_a_batch() -> None:
    kms = FakeKms()
    keys = cached(kms, max_messages=3, max_bytes=100)
    encrypt_many([b"1"] * 7, keys=keys, context=CONTEXT)
    assert len(kms.calls) == 3
    assert keys.counts == CacheCounts(hits=4, misses=3)

    encrypt_many([bytes(60)] * 2 + [bytes(101)] + [bytes(10)] * 2, keys=keys, context=CONTEXT)
    assert keys.counts.bypasses == 1
    assert len(kms.calls) == 5  # the second 60 bytes are too many for the third data key; 101 are for any


@given(st.lists(st.integers(0, 12), max_size=30), st.integers(1, 5))
def test_no_limit_is_ever_exceeded(lengths: list[int], max_messages: int) -> None:
    kms = FakeKms()
    keys = cached(kms, max_messages=max_messages, max_bytes=10)
    sealed = good(encrypt_many([bytes(length) for length in lengths], keys=keys, context=CONTEXT))

    use: dict[bytes, list[int]] = {}
    for each, length in zip(sealed, lengths, strict=True):
        use.setdefault(UnverifiedHeader.parse(each).key_section, []).append(length)
    for served in use.values():
        assert len(served) <= max_messages
        assert sum(served) <= 10 or len(served) == 1
    assert len(use) == len(kms.calls) == keys.counts.keyring_calls


def test_a_long_run_asks_for_its_data_key_again() -> None:
    clock = iter(range(10_000))
    kms = FakeKms()
    keys = CachedDataKeys(
        KmsKeyring(kms, key_arn=KEY_ARN),
        limits=CacheLimits(max_age_seconds=2),
        clocks=(lambda: float(next(clock)),),
    )
    sealed = message.encrypt(b"", keys=keys, context=CONTEXT)
    kms.calls.clear()

    assert len(decrypt_many([sealed] * 2500, keys=keys, context=CONTEXT)) == 2500
    assert 1 < len(kms.calls) <= 3


def test_nobody_keeps_the_data_key_of_a_batch() -> None:
    handed_out: list[Any] = []

    class Watched(FreshDataKeys):
        def to_open(self, *arguments: Any) -> Any:
            handed_out.append(super().to_open(*arguments))
            return handed_out[-1]

        def to_seal(self, *arguments: Any, **options: Any) -> Any:
            made = super().to_seal(*arguments, **options)
            handed_out.append(made.data_key)
            return made

    keys = Watched(KmsKeyring(FakeKms(), key_arn=KEY_ARN))
    sealed = good(encrypt_many(PLAINTEXTS, keys=keys, context=CONTEXT))
    decrypt_many([*sealed, b"x", *sealed], keys=keys, context=CONTEXT)

    assert len(handed_out) == 30
    assert {bytes(each._secret) for each in handed_out} == {bytes(32)}


def test_refuses_a_frame_length_before_anything_is_asked_for() -> None:
    kms = FakeKms()

    with pytest.raises(InvalidRequest, match="frame_length must be 1 to"):
        encrypt_many(PLAINTEXTS, keys=cached(kms), context=CONTEXT, frame_length=0)
    assert kms.calls == []


def test_a_batch_of_nothing_is_nothing() -> None:
    kms = FakeKms()

    assert encrypt_many([], keys=cached(kms), context=CONTEXT) == []
    assert decrypt_many([], keys=cached(kms), context=CONTEXT) == []
    assert kms.calls == []


def test_a_reason_holds_nothing_of_where_it_came_from() -> None:
    sealed = [bytes(message.encrypt(b"text", keys=FreshDataKeys(RawKeyring()), context=CONTEXT)) for _ in range(2)]
    broken = FakeKms(failures=[client_error("AccessDeniedException")] * 4)
    denied = FreshDataKeys(KmsKeyring(lambda _: broken, key_arn=KEY_ARN))

    reasons = [
        *decrypt_many([sealed[0][:-1], sealed[1][:-1] + b"x"], keys=FreshDataKeys(RawKeyring()), context=CONTEXT),
        *encrypt_many([b"one", b"two"], keys=denied, context=CONTEXT),
    ]

    for reason in reasons:
        assert isinstance(reason, EnvelopeError)
        chained: BaseException | None = reason
        while chained is not None:
            assert chained.__traceback__ is None
            chained = chained.__context__
