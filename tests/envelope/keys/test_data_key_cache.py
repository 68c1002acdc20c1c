import base64
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from envelope import message
from envelope.errors import KeyAccessDenied, KeyUnavailable, NotAuthentic
from envelope.format.context import EncryptionContext
from envelope.format.header import UnverifiedHeader
from envelope.format.suites import COMMITTING, COMMITTING_SIGNED, SUITES, CommitmentPolicy
from envelope.keys.cache_limits import CacheCounts, CacheLimits
from envelope.keys.data_key_cache import CachedDataKeys
from envelope.keys.kms_keyring import KmsKeyring
from envelope.keys.materials import FreshDataKeys
from tests.support.fake_kms import FAR_KEY_ARN, KEY_ARN, FakeKms, FakeRegions, client_error

CONTEXT = EncryptionContext.of({"tenant": "42"})
OTHER_CONTEXT = EncryptionContext.of({"tenant": "43"})


class Clock:
    """A clock that stands still until it is set."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class Scene:
    """A cache over a KMS, and a clock."""

    def __init__(self, kms: FakeKms | None = None, **limits: Any) -> None:
        self.kms = kms or FakeKms()
        self.clock = Clock()
        self.keys = CachedDataKeys(
            KmsKeyring(self.kms, key_arn=KEY_ARN), limits=CacheLimits(**limits), clocks=(self.clock,)
        )

    def seal(self, plaintext: bytes = b"text", *, context: EncryptionContext = CONTEXT, **options: Any) -> bytes:
        return bytes(message.encrypt(plaintext, keys=self.keys, context=context, **options))

    def open(self, sealed: bytes, *, context: EncryptionContext = CONTEXT, **options: Any) -> bytes:
        return bytes(message.decrypt(sealed, keys=self.keys, context=context, **options))

    @property
    def calls(self) -> int:
        return len(self.kms.calls)


def test_messages_of_one_context_share_a_data_key_and_nothing_else() -> None:
    scene = Scene()
    sealed = [scene.seal(b"%d" % number) for number in range(10)]

    assert [call.operation for call in scene.kms.calls] == ["GenerateDataKey"]
    claims = [UnverifiedHeader.parse(each) for each in sealed]
    assert len({claimed.key_section for claimed in claims}) == 1
    assert len({claimed.message_id for claimed in claims}) == len({claimed.commitment for claimed in claims}) == 10
    assert [scene.open(each) for each in sealed] == [b"%d" % number for number in range(10)]
    assert [call.operation for call in scene.kms.calls] == ["GenerateDataKey", "Decrypt"]
    assert scene.keys.counts == CacheCounts(hits=18, misses=2)


def test_contexts_and_suites_share_nothing() -> None:
    scene = Scene()
    for context in (CONTEXT, OTHER_CONTEXT):
        for suite in (COMMITTING, COMMITTING_SIGNED):
            scene.open(scene.seal(context=context, suite=suite), context=context)

    assert scene.calls == 8
    assert scene.keys.counts == CacheCounts(misses=8)


def test_a_cached_data_key_opens_no_message_for_another_context() -> None:
    scene = Scene()
    sealed = scene.seal()
    assert scene.open(sealed) == b"text"

    with pytest.raises(NotAuthentic):
        scene.open(sealed, context=OTHER_CONTEXT)
    with pytest.raises(NotAuthentic):
        scene.open(sealed, context=EncryptionContext.of({**CONTEXT.to_dict(), "more": "1"}))


def test_a_cached_data_key_opens_no_message_that_was_changed() -> None:
    scene = Scene()
    sealed = scene.seal()
    scene.open(sealed)

    for position in range(3, len(sealed)):
        changed = bytearray(sealed)
        changed[position] ^= 1
        with pytest.raises(Exception, match="must"):
            scene.open(bytes(changed))


def test_a_data_key_is_given_up_when_it_is_too_old() -> None:
    scene = Scene(max_age_seconds=60)
    sealed = scene.seal()
    scene.open(sealed)

    scene.clock.now += 59.9
    scene.seal()
    scene.open(sealed)
    assert scene.calls == 2

    scene.clock.now += 0.1
    scene.seal()
    scene.open(sealed)
    assert [call.operation for call in scene.kms.calls[2:]] == ["GenerateDataKey", "Decrypt"]


@pytest.mark.parametrize("ahead", [0, 1])
def test_the_faster_of_two_clocks_counts(ahead: int) -> None:
    kms, clocks = FakeKms(), (Clock(), Clock())
    keys = CachedDataKeys(KmsKeyring(kms, key_arn=KEY_ARN), clocks=clocks)
    message.encrypt(b"", keys=keys, context=CONTEXT)

    clocks[ahead].now += 300
    clocks[1 - ahead].now -= 1000
    message.encrypt(b"", keys=keys, context=CONTEXT)

    assert len(kms.calls) == 2


def test_the_age_counts_from_before_the_call() -> None:
    scene = Scene()

    class SlowKms(FakeKms):
        def _record(self, *call: Any) -> None:
            super()._record(*call)
            scene.clock.now += 299

    scene = Scene(SlowKms())
    scene.seal()
    scene.clock.now += 1
    scene.seal()

    assert scene.calls == 2


def test_a_permission_that_was_taken_away_is_noticed_when_the_data_key_is_too_old() -> None:
    scene = Scene(FakeKms(failures=[None], failure=client_error("AccessDeniedException")))
    scene.seal()
    scene.seal()

    scene.clock.now += 300
    with pytest.raises(KeyAccessDenied):
        scene.seal()


def test_a_data_key_is_given_up_after_its_messages() -> None:
    scene = Scene(max_messages=3)
    sealed = [scene.seal() for _ in range(7)]

    assert scene.calls == 3
    assert len({UnverifiedHeader.parse(each).key_section for each in sealed}) == 3
    for _ in range(5):  # who reads does not count
        scene.open(sealed[0])
    assert scene.calls == 4


def test_the_message_that_is_written_counts_too() -> None:
    scene = Scene(max_messages=1, max_bytes=10)
    scene.seal(b"1")
    scene.seal(b"2")

    assert scene.calls == 2


def test_a_data_key_is_given_up_before_its_bytes_are_exceeded() -> None:
    scene = Scene(max_bytes=10)
    for plaintext in (b"12345", b"12345", b"1"):
        scene.seal(plaintext)
    assert scene.calls == 2

    scene.seal(b"123456789")
    assert scene.calls == 2
    scene.seal(b"1")
    assert scene.calls == 3


def test_a_message_larger_than_the_limit_has_a_data_key_of_its_own() -> None:
    scene = Scene(max_bytes=10)
    scene.seal(b"1")
    scene.seal(b"12345678901")
    scene.seal(b"2")

    assert scene.calls == 2
    assert scene.keys.counts == CacheCounts(hits=1, misses=1, bypasses=1)


def test_a_message_of_unknown_length_has_a_data_key_of_its_own() -> None:
    scene = Scene()
    for _ in range(2):
        with scene.keys.to_seal(CONTEXT, suite=COMMITTING, plaintext_bytes=None):
            pass

    assert scene.calls == 2
    assert scene.keys.counts == CacheCounts(bypasses=2)


def test_messages_without_key_derivation_are_not_served() -> None:
    scene, fresh = Scene(), FakeKms()
    suite = SUITES[0x0078]
    with FreshDataKeys(KmsKeyring(fresh, key_arn=KEY_ARN)).to_seal(CONTEXT, suite=COMMITTING) as materials:
        header = b"\x01\x80\x00\x78" + bytes(16) + materials.key_section
    header += b"\x02" + bytes(4) + b"\x0c" + (4096).to_bytes(4) + bytes(28)
    claimed = UnverifiedHeader.parse(header, policy=CommitmentPolicy.UNSAFE_ALLOW_WITHOUT_DERIVATION)
    assert claimed.suite is suite

    for _ in range(2):
        assert scene.keys.to_open(claimed, CONTEXT).secret == fresh.data_keys[0]
    assert scene.keys.counts == CacheCounts(bypasses=2)


def test_signed_messages_share_the_signing_key_of_their_data_key() -> None:
    scene = Scene()
    first, second = scene.seal(suite=COMMITTING_SIGNED), scene.seal(suite=COMMITTING_SIGNED)

    assert scene.calls == 1
    assert UnverifiedHeader.parse(first).context == UnverifiedHeader.parse(second).context
    assert [scene.open(each) for each in (first, second)] == [b"text"] * 2
    assert scene.calls == 2
    scene.clock.now += 300
    assert UnverifiedHeader.parse(scene.seal(suite=COMMITTING_SIGNED)).context.public_key != (
        UnverifiedHeader.parse(first).context.public_key
    )


def test_beyond_its_capacity_the_one_that_was_not_used_for_longest_goes() -> None:
    scene = Scene(capacity=2)
    contexts = [EncryptionContext.of({"n": str(number)}) for number in range(3)]
    for place in (0, 1, 0, 2):
        scene.seal(context=contexts[place])
    assert scene.calls == 3
    assert scene.keys.counts.evictions == 1

    scene.seal(context=contexts[0])
    assert scene.calls == 3
    scene.seal(context=contexts[1])
    assert scene.calls == 4


def kept(scene: Scene) -> list[bytearray]:
    secrets = []
    for entry in scene.keys._kept._kept.values():
        held = entry.secret
        secrets.append(getattr(held, "data_key", held).secret)
    return secrets


@pytest.mark.parametrize("reason", ["age", "messages", "capacity", "clear"])
def test_a_data_key_that_is_given_up_is_overwritten(reason: str) -> None:
    scene = Scene(max_messages=1, capacity=1)
    scene.seal()
    (secret,) = kept(scene)
    assert secret == scene.kms.data_keys[0]

    if reason == "clear":
        scene.keys.clear()
    else:
        scene.clock.now += 300 if reason == "age" else 0
        scene.seal(context=CONTEXT if reason == "messages" else OTHER_CONTEXT)

    assert secret == bytes(32)
    assert [bytes(each) for each in kept(scene)] == ([] if reason == "clear" else scene.kms.data_keys[1:])


def test_what_a_message_overwrites_is_its_own_copy() -> None:
    scene = Scene()
    sealed = scene.seal()
    with scene.keys.to_seal(CONTEXT, suite=COMMITTING, plaintext_bytes=1) as materials:
        assert materials.data_key.secret == scene.kms.data_keys[0]
    with scene.keys.to_open(UnverifiedHeader.parse(sealed), CONTEXT) as data_key:
        assert data_key.secret == scene.kms.data_keys[0]

    assert materials.data_key._secret == data_key._secret == bytes(32)
    assert kept(scene) == [scene.kms.data_keys[0]] * 2


def test_failures_are_not_kept() -> None:
    scene = Scene(FakeKms(failures=[client_error("ThrottlingException"), None, client_error("ThrottlingException")]))
    with pytest.raises(KeyUnavailable):
        scene.seal()
    sealed = scene.seal()
    with pytest.raises(KeyUnavailable):
        scene.open(sealed)

    assert scene.open(sealed) == b"text"
    assert len(scene.keys._kept) == 2
    assert scene.keys.counts == CacheCounts(misses=4)


def test_threads_that_miss_at_once_ask_kms_once() -> None:
    waiting = Barrier(8)
    may_answer = Event()

    class SlowKms(FakeKms):
        def _record(self, *call: Any) -> None:
            super()._record(*call)
            assert may_answer.wait(10)

    scene = Scene(SlowKms())

    def seal(_: int) -> bytes:
        if waiting.wait(10) == 0:
            may_answer.set()
        return scene.seal()

    with ThreadPoolExecutor(8) as threads:
        sealed = list(threads.map(seal, range(8)))

    assert scene.calls == 1
    assert scene.keys.counts == CacheCounts(hits=7, misses=1)
    assert {scene.open(each) for each in sealed} == {b"text"}


def test_threads_never_get_a_data_key_that_was_overwritten() -> None:
    """With room for one data key and eight contexts, nearly every message overwrites the data key of another."""
    scene = Scene(capacity=1, max_messages=2)
    contexts = [EncryptionContext.of({"n": str(number)}) for number in range(8)]

    def seal(context: EncryptionContext) -> list[bytes]:
        return [scene.seal(context=context) for _ in range(25)]

    with ThreadPoolExecutor(8) as threads:
        sealed = list(threads.map(seal, contexts))

    # Another cache reads: what was sealed with zeros would not open.
    reader = Scene(capacity=1000)
    for context, messages in zip(contexts, sealed, strict=True):
        assert {reader.open(each, context=context) for each in messages} == {b"text"}


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 6), st.integers(0, 30)), max_size=40))
def test_no_limit_is_ever_exceeded(steps: list[tuple[str, int, int]]) -> None:
    scene = Scene(max_age_seconds=50, max_messages=4, max_bytes=10, capacity=2)
    use: dict[bytes, list[tuple[float, int]]] = {}
    for tenant, length, seconds in steps:
        scene.clock.now += seconds
        sealed = scene.seal(bytes(length), context=EncryptionContext.of({"tenant": tenant}))
        use.setdefault(UnverifiedHeader.parse(sealed).key_section, []).append((scene.clock.now, length))
        assert len(scene.keys._kept) <= 2

    for messages in use.values():
        assert len(messages) <= 4
        assert sum(length for _, length in messages) <= 10
        assert messages[-1][0] - messages[0][0] < 50
    assert len(use) == scene.calls == scene.keys.counts.keyring_calls


def test_a_context_for_each_record_defeats_the_cache_and_is_seen() -> None:
    scene = Scene()
    before = scene.keys.counts
    for number in range(20):
        scene.seal(context=EncryptionContext.of({"record": str(number)}))
    assert scene.keys.counts.since(before).is_defeated

    before = scene.keys.counts
    for _ in range(20):
        scene.seal()
    assert not scene.keys.counts.since(before).is_defeated


def test_several_keys_cost_their_calls_once_too() -> None:
    regions = FakeRegions()
    keys = CachedDataKeys(KmsKeyring(regions, key_arn=KEY_ARN, further_key_arns=[FAR_KEY_ARN]))
    for _ in range(3):
        sealed = message.encrypt(b"text", keys=keys, context=CONTEXT)
        message.decrypt(sealed, keys=keys, context=CONTEXT)

    assert regions.operations == ["eu-central-1: GenerateDataKey", "eu-central-1: Decrypt", "us-west-2: Encrypt"]


def test_hides_what_it_keeps() -> None:
    scene = Scene()
    scene.open(scene.seal())
    shown = repr(scene.keys) + repr(list(scene.keys._kept._kept.values())) + repr(vars(scene.keys))

    for secret in scene.kms.data_keys:
        for form in (repr(secret)[2:-1], secret.hex(), base64.b64encode(secret).decode()):
            assert form not in shown
    assert "max_age_seconds=300" in repr(scene.keys)
