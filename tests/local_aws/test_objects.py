"""Objects through the functions' own rooms, on the embedded AWS: its S3 over TLS, its KMS, its events."""

import itertools
import json
from collections.abc import Iterator
from typing import Any

import pytest

from envelope.errors import NotAuthentic, StorageUnavailable
from envelope.format.context import EncryptionContext
from envelope.format.suites import COMMITTING, COMMITTING_SIGNED, AlgorithmSuite, CommitmentPolicy
from envelope.keys.kms_keyring import KmsKeyring
from envelope.keys.materials import FreshDataKeys
from envelope.objects.arrivals import ArrivalEncryption
from envelope.objects.object_ranges import decrypt_object_range
from envelope.objects.object_reencryption import reencrypt_object
from envelope.objects.object_request import ObjectName, ObjectRequest, SourceObject
from envelope.objects.transfer import decrypt_object, encrypt_object
from local_aws import LocalAws

pytestmark = pytest.mark.deploy

CONTEXT = EncryptionContext.of({"tenant": "42"})
POLICY = CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT
CONTENT = bytes(range(256)) * (9 * 4096)  # nine mebibytes: two parts
_number = itertools.count(1)


class Scene:
    """A bucket with versions and two keys."""

    def __init__(self, aws: LocalAws) -> None:
        session = aws.session()
        self.s3: Any = session.client("s3")  # botocore makes its methods when it runs
        self.bucket = f"objects-{next(_number)}"
        location: Any = {"LocationConstraint": aws.region}
        self.s3.create_bucket(Bucket=self.bucket, CreateBucketConfiguration=location)
        self.s3.put_bucket_versioning(Bucket=self.bucket, VersioningConfiguration={"Status": "Enabled"})
        kms = session.client("kms")
        self.key_arns = [kms.create_key()["KeyMetadata"]["Arn"] for _ in range(2)]
        client: Any = kms
        self.keys, self.new_keys = (FreshDataKeys(KmsKeyring(lambda _: client, key_arn=arn)) for arn in self.key_arns)

    def request(self, source: str, destination: str) -> ObjectRequest:
        return ObjectRequest(SourceObject(ObjectName(self.bucket, source)), ObjectName(self.bucket, destination))

    def encrypt(self, source: str, destination: str, suite: AlgorithmSuite = COMMITTING) -> dict[str, object]:
        return encrypt_object(
            self.s3,
            self.request(source, destination),
            keys=self.keys,
            key_arn=self.key_arns[0],
            context=CONTEXT,
            suite=suite,
            remaining_seconds=lambda: 60.0,
        )

    def decrypt(self, source: str, destination: str, keys: FreshDataKeys | None = None) -> bytes:
        decrypt_object(
            self.s3,
            self.request(source, destination),
            keys=keys or self.keys,
            context=CONTEXT,
            policy=POLICY,
            remaining_seconds=lambda: 60.0,
        )
        return self.content(destination)

    def content(self, key: str) -> bytes:
        content: bytes = self.s3.get_object(Bucket=self.bucket, Key=key)["Body"].read()
        return content

    def uploads(self) -> list[Any]:
        return list(self.s3.list_multipart_uploads(Bucket=self.bucket).get("Uploads", []))


@pytest.fixture(scope="module")
def scene(aws: LocalAws) -> Iterator[Scene]:
    made = Scene(aws)
    made.s3.put_object(
        Bucket=made.bucket, Key="plain", Body=CONTENT, ContentType="text/csv", Metadata={"owner": "somebody"}
    )
    yield made
    assert made.uploads() == []


@pytest.mark.parametrize("suite", [COMMITTING, COMMITTING_SIGNED])
def test_an_object_goes_there_and_back(scene: Scene, suite: AlgorithmSuite) -> None:
    facts = scene.encrypt("plain", "sealed", suite)
    sealed = scene.s3.head_object(Bucket=scene.bucket, Key="sealed")
    assert sealed["VersionId"] == facts["destination_version_id"]
    assert sealed["ContentLength"] == facts["message_bytes"]
    assert sealed["ContentType"] == "text/csv"
    assert sealed["Metadata"] == {
        "owner": "somebody",
        "envelope-key": scene.key_arns[0],
        "envelope-format": "aws-encryption-sdk/2",
    }
    assert scene.decrypt("sealed", "opened") == CONTENT


def test_a_range_comes_out_of_the_middle(scene: Scene) -> None:
    scene.encrypt("plain", "for-ranges")
    part = decrypt_object_range(
        scene.s3,
        SourceObject(ObjectName(scene.bucket, "for-ranges")),
        first=5_000_000,
        last=5_100_000,
        object_id=None,
        keys=scene.keys,
        context=CONTEXT,
        policy=POLICY,
        remaining_seconds=lambda: 60.0,
    )
    assert part == CONTENT[5_000_000:5_100_001]


def test_an_object_gets_another_key_in_its_place(scene: Scene) -> None:
    scene.encrypt("plain", "migrated")
    reencrypt_object(
        scene.s3,
        scene.request("migrated", "migrated"),
        old_keys=scene.keys,
        context=CONTEXT,
        policy=POLICY,
        keys=scene.new_keys,
        key_arn=scene.key_arns[1],
        new_context=None,
        suite=COMMITTING,
        remaining_seconds=lambda: 60.0,
    )
    assert scene.decrypt("migrated", "opened", scene.new_keys) == CONTENT
    with pytest.raises(NotAuthentic):
        scene.decrypt("migrated", "never", scene.keys)


def test_refuses_a_forged_end_and_leaves_nothing(scene: Scene) -> None:
    scene.encrypt("plain", "to-forge", COMMITTING_SIGNED)
    forged = bytearray(scene.content("to-forge"))
    forged[-1] ^= 1
    scene.s3.put_object(Bucket=scene.bucket, Key="to-forge", Body=forged)
    with pytest.raises(NotAuthentic):
        scene.decrypt("to-forge", "from-forged")
    assert scene.s3.list_objects_v2(Bucket=scene.bucket, Prefix="from-forged")["KeyCount"] == 0
    assert scene.uploads() == []


@pytest.mark.parametrize("content", [b"small", CONTENT])
def test_refuses_to_replace_what_appeared_meanwhile(scene: Scene, content: bytes) -> None:
    scene.s3.put_object(Bucket=scene.bucket, Key="incoming", Body=content)
    scene.s3.put_object(Bucket=scene.bucket, Key="there", Body=b"from before")
    with pytest.raises(StorageUnavailable):
        encrypt_object(
            scene.s3,
            scene.request("incoming", "there"),
            keys=scene.keys,
            key_arn=scene.key_arns[0],
            context=CONTEXT,
            suite=COMMITTING,
            remaining_seconds=lambda: 60.0,
            condition={"IfNoneMatch": "*"},
        )
    assert scene.content("there") == b"from before"


def test_arrivals_in_any_order_leave_the_newest(aws: LocalAws, scene: Scene) -> None:
    target = Scene(aws)

    def arrived(number: int) -> dict[str, str]:
        written = scene.s3.put_object(Bucket=scene.bucket, Key="arrived", Body=f"version {number}".encode())
        created = {
            "key": "arrived",
            "size": 9,
            "etag": written["ETag"].strip('"'),
            "version-id": written["VersionId"],
            "sequencer": f"0{number}",
        }
        detail = {"bucket": {"name": scene.bucket}, "object": created}
        body = {"source": "aws.s3", "detail-type": "Object Created", "detail": detail}
        return {"messageId": str(number), "body": json.dumps(body)}

    said: list[dict[str, object]] = []
    arrivals = ArrivalEncryption(
        s3=scene.s3,
        source_bucket=scene.bucket,
        bucket=target.bucket,
        prefix="encrypted/",
        keys=scene.keys,
        key_arn=scene.key_arns[0],
        context=CONTEXT,
        suite=COMMITTING,
        log=said.append,
    )

    def encrypt(*records: dict[str, str]) -> None:
        answer = arrivals.encrypt_batch({"Records": list(records)}, remaining_seconds=lambda: 60.0)
        assert answer == {"batchItemFailures": []}

    first, second = arrived(1), arrived(2)
    encrypt(first, second, first, second)
    third = arrived(3)
    encrypt(third, second, third)
    replaced = "nothing to do: the source was replaced, which is an arrival of its own"
    done = "done before: the destination is of this arrival or of a newer one"
    assert [facts["outcome"] for facts in said] == [replaced, "encrypted", done, done, "encrypted", done, done]
    assert (
        target.s3.head_object(Bucket=target.bucket, Key="encrypted/arrived")["Metadata"]["envelope-source-sequencer"]
        == "03"
    )
