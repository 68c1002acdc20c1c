import base64
import itertools
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local_aws import LocalAws
from tests.support.iam_statement import allow

pytestmark = pytest.mark.deploy

OBJECTS = allow("s3:PutObject", "s3:GetObject", "s3:AbortMultipartUpload")
_number = itertools.count(1)


@pytest.fixture
def make_bucket(aws: LocalAws, make_key: Callable[..., str], delegated: dict[str, Any]) -> Callable[..., str]:
    """Make a bucket under a key of its own, with an object in it, and return its name."""

    def make(*, bucket_key: bool = False) -> str:
        name = f"at-rest-{next(_number)}"
        s3: Any = aws.session().client("s3")
        s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": aws.region})
        default: dict[str, Any] = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": make_key(delegated)}
        rules = [{"ApplyServerSideEncryptionByDefault": default, "BucketKeyEnabled": bucket_key}]
        s3.put_bucket_encryption(Bucket=name, ServerSideEncryptionConfiguration={"Rules": rules})
        s3.put_object(Bucket=name, Key="there", Body=b"data")
        return name

    return make


def test_an_object_is_written_and_read_by_who_may_use_the_key(
    make_bucket: Callable[..., str], make_client: Callable[..., Any]
) -> None:
    name, s3 = make_bucket(), make_client("s3", OBJECTS, allow("kms:Decrypt", "kms:GenerateDataKey"))

    s3.put_object(Bucket=name, Key="new", Body=b"data")

    assert s3.get_object(Bucket=name, Key="new")["Body"].read() == b"data"


@pytest.mark.parametrize(
    ("bucket_key", "context"),
    [(False, "arn:aws:s3:::{}/there"), (True, "arn:aws:s3:::{}")],
    ids=["each object", "a bucket key"],
)
def test_the_key_learns_through_which_service_and_for_which_object(
    make_bucket: Callable[..., str], make_client: Callable[..., Any], *, bucket_key: bool, context: str
) -> None:
    name = make_bucket(bucket_key=bucket_key)
    bound = {
        "kms:ViaService": "s3.eu-central-1.amazonaws.com",
        "kms:EncryptionContext:aws:s3:arn": context.format(name),
    }
    s3 = make_client("s3", OBJECTS, allow("kms:Decrypt", **bound))

    assert s3.get_object(Bucket=name, Key="there")["Body"].read() == b"data"


def test_a_writer_adds_to_the_encryption_context_and_a_reader_needs_it(
    make_bucket: Callable[..., str], make_client: Callable[..., Any]
) -> None:
    bound = {"kms:EncryptionContext:tenant": "a"}
    name, s3 = make_bucket(), make_client("s3", OBJECTS, allow("kms:Decrypt", "kms:GenerateDataKey", **bound))
    added = {
        "ServerSideEncryption": "aws:kms",
        "SSEKMSEncryptionContext": base64.b64encode(b'{"tenant": "a"}').decode(),
    }
    key = s3.head_object(Bucket=name, Key="there")["SSEKMSKeyId"]

    s3.put_object(Bucket=name, Key="added", Body=b"data", SSEKMSKeyId=key, **added)

    assert s3.get_object(Bucket=name, Key="added")["Body"].read() == b"data"
    with pytest.raises(ClientError, match=r"AccessDenied.*kms:Decrypt"):
        s3.get_object(Bucket=name, Key="there")


def test_a_bucket_key_knows_the_bucket_and_not_what_a_writer_adds(
    make_bucket: Callable[..., str], make_client: Callable[..., Any]
) -> None:
    name = make_bucket(bucket_key=True)
    bound = {"kms:EncryptionContext:aws:s3:arn": f"arn:aws:s3:::{name}"}
    by_bucket = make_client("s3", OBJECTS, allow("kms:Decrypt", "kms:GenerateDataKey", **bound))
    by_addition = make_client("s3", OBJECTS, allow("kms:Decrypt", **{"kms:EncryptionContext:tenant": "a"}))
    added = {
        "ServerSideEncryption": "aws:kms",
        "SSEKMSEncryptionContext": base64.b64encode(b'{"tenant": "a"}').decode(),
    }
    key = by_bucket.head_object(Bucket=name, Key="there")["SSEKMSKeyId"]

    by_bucket.put_object(Bucket=name, Key="added", Body=b"data", SSEKMSKeyId=key, **added)

    assert by_bucket.get_object(Bucket=name, Key="added")["Body"].read() == b"data"
    with pytest.raises(ClientError, match=r"AccessDenied.*kms:Decrypt"):
        by_addition.get_object(Bucket=name, Key="added")


@pytest.mark.parametrize(
    ("permission", "operation", "needed"),
    [
        (allow("kms:Decrypt"), "put_object", "kms:GenerateDataKey"),
        (allow("kms:Decrypt"), "create_multipart_upload", "kms:GenerateDataKey"),
        (allow("kms:GenerateDataKey"), "get_object", "kms:Decrypt"),
        (allow("kms:Decrypt", **{"kms:ViaService": "sqs.eu-central-1.amazonaws.com"}), "get_object", "kms:Decrypt"),
    ],
    ids=["to write", "to write in parts", "to read", "through another service"],
)
def test_refuses_who_may_not_use_the_key(
    make_bucket: Callable[..., str], make_client: Callable[..., Any], permission: Any, operation: str, needed: str
) -> None:
    s3 = make_client("s3", OBJECTS, permission)

    with pytest.raises(ClientError, match=rf"AccessDenied.*not authorized to perform: {needed}"):
        getattr(s3, operation)(Bucket=make_bucket(), Key="there")


def test_refuses_a_part_from_who_may_not_decrypt(
    make_bucket: Callable[..., str], make_client: Callable[..., Any]
) -> None:
    name, s3 = make_bucket(), make_client("s3", OBJECTS, allow("kms:GenerateDataKey"))
    upload = s3.create_multipart_upload(Bucket=name, Key="parts")["UploadId"]

    with pytest.raises(ClientError, match=r"AccessDenied.*kms:Decrypt"):
        s3.upload_part(Bucket=name, Key="parts", UploadId=upload, PartNumber=1, Body=b"part")
