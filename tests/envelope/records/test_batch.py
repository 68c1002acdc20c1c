from math import inf

from envelope.errors import InvalidRequest, KeyUnavailable, NotAuthentic, NotReached
from envelope.format.context import EncryptionContext
from envelope.format.header import UnverifiedHeader
from envelope.format.suites import COMMITTING, COMMITTING_SIGNED, CommitmentPolicy
from envelope.keys.data_key_cache import CachedDataKeys
from envelope.keys.keyring import DataKey
from envelope.keys.kms_keyring import KmsKeyring
from envelope.keys.materials import DataKeys, FreshDataKeys
from envelope.records.batch import Outcome, RecordContent, contexts_of, opened, sealed
from tests.support.fake_kms import KEY_ARN, FakeKms, client_error

ONE, OTHER = EncryptionContext.of({"tenant": "1"}), EncryptionContext.of({"tenant": "2"})
STRICT = CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT


def keys_of(kms: FakeKms) -> DataKeys:
    return FreshDataKeys(KmsKeyring(kms, key_arn=KEY_ARN))


def always() -> float:
    return inf


def kinds(outcomes: list[Outcome]) -> list[str]:
    return [type(outcome).__name__ for outcome in outcomes]


def test_each_record_becomes_a_message_of_its_own_and_comes_back() -> None:
    kms = FakeKms()
    contents = [RecordContent(b"a", ONE), RecordContent(b"", OTHER), RecordContent(b"a", ONE)]
    for suite in (COMMITTING, COMMITTING_SIGNED):
        messages = sealed(contents, keys=keys_of(kms), suite=suite, remaining_seconds=always)
        sent = [
            RecordContent(message, content.context)
            for message, content in zip(messages, contents, strict=True)
            if isinstance(message, bytearray)
        ]

        assert len({bytes(content.data) for content in sent}) == 3
        assert opened(sent, keys=keys_of(kms), policy=STRICT, remaining_seconds=always) == [b"a", b"", b"a"]


def test_records_that_failed_before_keep_their_place() -> None:
    failure = InvalidRequest("no record")

    outcomes = sealed(
        [failure, RecordContent(b"a", ONE)], keys=keys_of(FakeKms()), suite=COMMITTING, remaining_seconds=always
    )

    assert outcomes[0] is failure
    assert isinstance(outcomes[1], bytearray)


def test_a_message_under_another_context_fails_alone() -> None:
    kms = FakeKms()
    (message,) = sealed([RecordContent(b"a", ONE)], keys=keys_of(kms), suite=COMMITTING, remaining_seconds=always)
    assert isinstance(message, bytearray)

    outcomes = opened(
        [RecordContent(message, OTHER), RecordContent(message, ONE)],
        keys=keys_of(kms),
        policy=STRICT,
        remaining_seconds=always,
    )

    assert isinstance(outcomes[0], NotAuthentic)
    assert outcomes[1] == b"a"


def test_kms_is_not_asked_again_for_a_context_for_which_it_had_no_data_key() -> None:
    kms = FakeKms(failures=[client_error("ThrottlingException")])
    contents = [RecordContent(b"", ONE), RecordContent(b"", OTHER), RecordContent(b"", ONE)]

    outcomes = sealed(contents, keys=keys_of(kms), suite=COMMITTING, remaining_seconds=always)

    assert kinds(outcomes) == ["KeyUnavailable", "bytearray", "KeyUnavailable"]
    assert isinstance(outcomes[0], KeyUnavailable)
    assert len(kms.calls) == 2


def test_an_unexpected_failure_is_that_of_its_record_alone() -> None:
    message = sealed([RecordContent(b"a", ONE)], keys=keys_of(FakeKms()), suite=COMMITTING, remaining_seconds=always)[0]
    assert isinstance(message, bytearray)
    foreign = bytes(message)

    class Wrong(FreshDataKeys):
        def to_open(self, claimed: UnverifiedHeader, context: EncryptionContext) -> DataKey:
            if claimed.message_id == foreign[3:35]:
                raise KeyError("x")
            return super().to_open(claimed, context)

    kms = FakeKms()
    others = sealed([RecordContent(b"b", ONE)] * 2, keys=keys_of(kms), suite=COMMITTING, remaining_seconds=always)
    contents = [RecordContent(each, ONE) for each in (others[0], message, others[1]) if isinstance(each, bytearray)]

    outcomes = opened(contents, keys=Wrong(KmsKeyring(kms, key_arn=KEY_ARN)), policy=STRICT, remaining_seconds=always)

    assert kinds(outcomes) == ["bytearray", "KeyError", "bytearray"]


def test_once_the_time_is_over_no_further_record_is_begun() -> None:
    kms, looks = FakeKms(), iter([60.0, 2.0])
    contents: list[RecordContent | Exception] = [RecordContent(b"", context) for context in (ONE, OTHER, OTHER)]
    contents.insert(2, InvalidRequest("x"))

    outcomes = sealed(contents, keys=keys_of(kms), suite=COMMITTING, remaining_seconds=lambda: next(looks))

    assert kinds(outcomes) == ["bytearray", "NotReached", "InvalidRequest", "NotReached"]
    assert isinstance(outcomes[1], NotReached)
    assert len(kms.calls) == 1


def test_the_clock_is_looked_at_within_many_records_of_one_context_too() -> None:
    looks = iter([60.0, 2.1, 2.0])

    outcomes = sealed(
        [RecordContent(b"", ONE)] * 500,
        keys=CachedDataKeys(KmsKeyring(FakeKms(), key_arn=KEY_ARN)),
        suite=COMMITTING,
        remaining_seconds=lambda: next(looks),
    )

    assert kinds(outcomes) == ["bytearray"] * 200 + ["NotReached"] * 300


def test_contexts_are_counted_among_records_that_have_one() -> None:
    assert contexts_of([RecordContent(b"", ONE), InvalidRequest("x"), RecordContent(b"", OTHER)] * 2) == 2
