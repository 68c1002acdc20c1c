"""A caller who asks once more for what was done already learns that, and a forger learns nothing."""

from typing import Any

import pytest

from envelope import message
from envelope.errors import InvalidRequest, NotAuthentic
from envelope.format.context import EncryptionContext
from envelope.format.expected_context import AtLeast
from envelope.format.suites import COMMITTING, CommitmentPolicy
from envelope.keys.kms_keyring import KmsKeyring
from envelope.keys.materials import FreshDataKeys
from envelope.objects.object_reencryption import reencrypt_object
from envelope.objects.source_binding import SourceBinding
from tests.support.fake_kms import KEY_ARN, OTHER_KEY_ARN, FakeKms
from tests.support.object_scene import CONTEXT, LARGE, encrypt, failure_of, request
from tests.support.s3_stand_in import Refused, Request, S3StandIn

KMS = FakeKms()
OLD, NEW = (FreshDataKeys(KmsKeyring(lambda _: KMS, key_arn=arn)) for arn in (KEY_ARN, OTHER_KEY_ARN))
NEW_CONTEXT = EncryptionContext.of({"tenant": "43"})
IN_PLACE, AGAIN = request("sealed/key", "sealed/key"), request("sealed/key", "again/key")
TEXT = (
    "source must hold a message under the old keys and encryption context, got one that names the new ones: "
    "it was re-encrypted before, or it is forged"
)


def reencrypt(s3: Any, asked: Any, **changes: Any) -> None:
    options: dict[str, Any] = {
        "old_keys": OLD,
        "context": CONTEXT,
        "policy": CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT,
        "keys": NEW,
        "key_arn": OTHER_KEY_ARN,
        "new_context": None,
        "suite": COMMITTING,
        "remaining_seconds": lambda: 60.0,
    }
    reencrypt_object(s3, asked, **{**options, **changes})


def sealed(s3: Any, storage: S3StandIn, content: bytes = b"small") -> None:
    storage.put("plain/key", content)
    encrypt(s3, request("plain/key", "sealed/key"), keys=OLD, key_arn=KEY_ARN)


@pytest.mark.parametrize("content", [b"small", LARGE])
@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"context": AtLeast(EncryptionContext.of({}))},
        {"new_context": NEW_CONTEXT},
        {"new_context": NEW_CONTEXT, "keys": OLD, "key_arn": KEY_ARN},
    ],
)
def test_a_repetition_is_told_that_it_may_be_one(
    s3: Any, storage: S3StandIn, content: bytes, changes: dict[str, Any]
) -> None:
    sealed(s3, storage, content)
    reencrypt(s3, IN_PLACE, **changes)
    error = failure_of(storage, reencrypt, s3, IN_PLACE, **changes)
    assert (type(error), str(error)) == (InvalidRequest, TEXT)


def test_a_repeated_migration_is_told_too(s3: Any, storage: S3StandIn) -> None:
    storage.put("sealed/key", bytes(message.encrypt(b"foreign", keys=OLD, context=CONTEXT)))
    reencrypt(s3, IN_PLACE, source_binding=SourceBinding.UNSAFE_NONE)
    error = failure_of(storage, reencrypt, s3, IN_PLACE, source_binding=SourceBinding.UNSAFE_NONE)
    assert str(error) == TEXT


@pytest.mark.parametrize(
    ("asked", "changes"),
    [
        (AGAIN, {}),  # what is no repetition: the first time left the source as it was
        (IN_PLACE, {"key_arn": KEY_ARN}),
        (IN_PLACE, {"new_context": NEW_CONTEXT}),
    ],
)
def test_what_cannot_be_a_repetition_is_refused_with_the_one_text(
    s3: Any, storage: S3StandIn, asked: Any, changes: dict[str, Any]
) -> None:
    sealed(s3, storage)
    reencrypt(s3, IN_PLACE)
    assert str(failure_of(storage, reencrypt, s3, asked, **changes)) == str(NotAuthentic())


def test_where_nothing_can_be_read_the_refusal_stays_what_it_was(s3: Any, storage: S3StandIn) -> None:
    def refuse_ranges(read: Request) -> None:
        if "range" in read.headers:
            raise Refused(503, "SlowDown")

    sealed(s3, storage)
    reencrypt(s3, IN_PLACE)
    storage.before["GetObject"] = refuse_ranges
    assert str(failure_of(storage, reencrypt, s3, IN_PLACE)) == str(NotAuthentic())
