"""An object under another key or context, in another place or in its own."""

import os
from typing import Any

import pytest

from envelope import message
from envelope.errors import InvalidRequest, NotAuthentic, StorageUnavailable
from envelope.format.context import EncryptionContext
from envelope.format.header import UnverifiedHeader
from envelope.format.suites import COMMITTING, COMMITTING_SIGNED, CommitmentPolicy
from envelope.keys.materials import FreshDataKeys
from envelope.objects.object_reencryption import reencrypt_object
from envelope.objects.signature_choice import SignatureChoice
from envelope.objects.source_binding import SourceBinding
from envelope.objects.transfer import Facts
from tests.support.object_scene import CONTEXT, KEY_ARN, KEYS, LARGE, decrypt, encrypt, failure_of, request
from tests.support.raw_keyring import RawKeyring
from tests.support.s3_stand_in import Request, S3StandIn

NEW_KEYS = FreshDataKeys(RawKeyring(random=os.urandom))
NEW_KEY_ARN = KEY_ARN.replace("1234abcd", "abcd1234")
NEW_CONTEXT = EncryptionContext.of({"tenant": "43"})
THERE = request("plain/key", "sealed/key")
AGAIN = request("sealed/key", "again/key")
IN_PLACE = request("sealed/key", "sealed/key")


def reencrypt(s3: Any, asked: Any, **changes: Any) -> Facts:
    options: dict[str, Any] = {
        "old_keys": KEYS,
        "context": CONTEXT,
        "policy": CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT,
        "keys": NEW_KEYS,
        "key_arn": NEW_KEY_ARN,
        "new_context": None,
        "suite": COMMITTING,
        "remaining_seconds": lambda: 60.0,
    }
    return reencrypt_object(s3, asked, **{**options, **changes})


def sealed(s3: Any, storage: S3StandIn, content: bytes, **changes: Any) -> bytes:
    storage.put("plain/key", content, content_type="text/csv", x_amz_meta_owner="somebody")
    encrypt(s3, THERE, **changes)
    return storage.current("sealed/key").body


@pytest.mark.parametrize("suite", [COMMITTING, COMMITTING_SIGNED])
@pytest.mark.parametrize("content", [b"", b"small", LARGE])
def test_the_content_is_under_the_new_key(s3: Any, storage: S3StandIn, content: bytes, suite: Any) -> None:
    old = UnverifiedHeader.parse(sealed(s3, storage, content, suite=suite))
    facts = reencrypt(s3, AGAIN, signature=SignatureChoice.UNSAFE_DROP)
    new = storage.current("again/key")
    header = UnverifiedHeader.parse(new.body)
    assert header.message_id != old.message_id
    assert header.encrypted_data_keys != old.encrypted_data_keys
    assert header.context.to_dict() == {"tenant": "42", "object-id": "s3://again/key"}
    assert new.metadata == {
        "owner": "somebody",
        "envelope-key": NEW_KEY_ARN,
        "envelope-format": "aws-encryption-sdk/2",
    }
    assert new.headers["content-type"] == "text/csv"
    assert facts["message_bytes"] == len(new.body)
    assert (facts["old_suite"], facts["suite"]) == (suite.name, "0478")
    decrypt(s3, request("again/key", "opened/key"), keys=NEW_KEYS)
    assert storage.current("opened/key").body == content


def test_the_content_is_bound_to_the_new_context(s3: Any, storage: S3StandIn) -> None:
    sealed(s3, storage, b"small")
    reencrypt(s3, AGAIN, new_context=NEW_CONTEXT)
    decrypt(s3, request("again/key", "opened/key"), context=NEW_CONTEXT)
    assert storage.current("opened/key").body == b"small"


def test_an_object_can_be_replaced_in_its_place(s3: Any, storage: S3StandIn) -> None:
    sealed(s3, storage, LARGE)
    reencrypt(s3, IN_PLACE)
    decrypt(s3, request("sealed/key", "opened/key"))
    assert storage.current("opened/key").body == LARGE
    assert [stored.metadata["envelope-key"] for stored in storage.versions["sealed/key"]] == [KEY_ARN, NEW_KEY_ARN]


def test_refuses_to_replace_what_was_changed_meanwhile(s3: Any, storage: S3StandIn) -> None:
    sealed(s3, storage, b"small")

    def change(_: Request) -> None:
        storage.put("sealed/key", b"newer")

    storage.before["PutObject"] = change
    with pytest.raises(StorageUnavailable):
        reencrypt(s3, IN_PLACE)
    assert storage.current("sealed/key").body == b"newer"


@pytest.mark.parametrize("content", [b"small", LARGE])
def test_refuses_to_seal_anew_what_is_forged_at_its_end(s3: Any, storage: S3StandIn, content: bytes) -> None:
    changed = bytearray(sealed(s3, storage, content, suite=COMMITTING_SIGNED))
    changed[-1] ^= 1
    storage.put("sealed/key", bytes(changed))
    for asked in (AGAIN, IN_PLACE):
        assert type(failure_of(storage, reencrypt, s3, asked, suite=COMMITTING_SIGNED)) is NotAuthentic


@pytest.mark.parametrize("asked", [AGAIN, IN_PLACE])
def test_refuses_to_lose_a_signature_unless_that_is_said(s3: Any, storage: S3StandIn, asked: Any) -> None:
    sealed(s3, storage, b"small", suite=COMMITTING_SIGNED)
    assert type(failure_of(storage, reencrypt, s3, asked)) is InvalidRequest
    reencrypt(s3, AGAIN, suite=COMMITTING_SIGNED)
    assert UnverifiedHeader.parse(storage.current("again/key").body).suite is COMMITTING_SIGNED


def test_objects_of_other_writers_can_be_migrated_if_that_is_said(s3: Any, storage: S3StandIn) -> None:
    storage.put("sealed/key", bytes(message.encrypt(b"foreign", keys=KEYS, context=CONTEXT)))
    assert type(failure_of(storage, reencrypt, s3, AGAIN)) is NotAuthentic
    reencrypt(s3, AGAIN, source_binding=SourceBinding.UNSAFE_NONE)
    decrypt(s3, request("again/key", "opened/key"))
    assert storage.current("opened/key").body == b"foreign"


def test_what_arrivals_look_at_goes_along(s3: Any, storage: S3StandIn) -> None:
    sealed(s3, storage, b"small", sequencer="0A")
    reencrypt(s3, AGAIN)
    metadata = storage.current("again/key").metadata
    assert (metadata["envelope-source-sequencer"], metadata["envelope-source-bucket"]) == ("0A", "plain")
