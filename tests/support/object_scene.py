"""Objects to encrypt and decrypt on a stand-in for S3, and what must be so after a failure."""

from typing import Any, Final

from envelope.errors import EnvelopeError
from envelope.format.context import EncryptionContext
from envelope.format.suites import COMMITTING, CommitmentPolicy
from envelope.keys.materials import FreshDataKeys
from envelope.objects.object_request import ObjectName, ObjectRequest, SourceObject
from envelope.objects.transfer import Facts, decrypt_object, encrypt_object
from tests.support.raw_keyring import RawKeyring
from tests.support.s3_stand_in import S3StandIn

KEYS: Final = FreshDataKeys(RawKeyring())
KEY_ARN: Final = "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
CONTEXT: Final = EncryptionContext.of({"tenant": "42"})
MEBIBYTE: Final = 1024 * 1024
LARGE: Final = bytes(range(256)) * (9 * 4096)
"""Nine mebibytes: two parts."""


def request(source: str, destination: str, **options: Any) -> ObjectRequest:
    """Ask for one object to become another one, both as bucket/key."""
    version_id, object_id = options.get("version_id"), options.get("object_id")
    return ObjectRequest(SourceObject(_name(source), version_id=version_id), _name(destination), object_id)


def encrypt(s3: Any, asked: ObjectRequest, **changes: Any) -> Facts:
    """Encrypt an object as most tests do."""
    options: dict[str, Any] = {
        "keys": KEYS,
        "key_arn": KEY_ARN,
        "context": CONTEXT,
        "suite": COMMITTING,
        "remaining_seconds": lambda: 60.0,
    }
    return encrypt_object(s3, asked, **{**options, **changes})


def decrypt(s3: Any, asked: ObjectRequest, **changes: Any) -> Facts:
    """Decrypt an object as most tests do."""
    options: dict[str, Any] = {
        "keys": KEYS,
        "context": CONTEXT,
        "policy": CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT,
        "remaining_seconds": lambda: 60.0,
    }
    return decrypt_object(s3, asked, **{**options, **changes})


def failure_of(storage: S3StandIn, work: Any, *arguments: Any, **options: Any) -> EnvelopeError:
    """Let something fail, and make sure that it left everything as it was."""
    before = {name: list(versions) for name, versions in storage.versions.items()}
    try:
        work(*arguments, **options)
    except EnvelopeError as error:
        assert storage.versions == before
        assert storage.uploads == {}
        return error
    raise AssertionError("nothing failed")


def _name(name: str) -> ObjectName:
    bucket, _, key = name.partition("/")
    return ObjectName(bucket, key)
