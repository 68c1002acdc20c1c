"""Objects through the deployed functions: IAM and key policies enforced, buckets under a key of their own."""

import base64
import hashlib
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.support.deployed_envelopes import DeployedEnvelopes, read_with_the_sdk

pytestmark = pytest.mark.deploy

BLUE = {"tenant": "blue"}
MIB = 1 << 20


def test_an_object_is_encrypted_by_one_function_and_decrypted_by_the_other(envelopes: DeployedEnvelopes) -> None:
    data = _data(9 * MIB + 1)
    version = envelopes.put("Plain", "report.csv", data, ContentType="text/csv", Metadata={"author": "anna"})
    envelopes.put("Plain", "report.csv", b"a newer version, which nobody asked for")

    source = {"bucket": envelopes.place["Plain"], "key": "report.csv", "version_id": version}
    answer = _encrypt(envelopes, "report.csv", source=source)

    assert "errorType" not in answer, answer
    stored = envelopes.s3.head_object(Bucket=envelopes.place["Messages"], Key="report.csv")
    assert stored["ContentType"] == "text/csv"
    assert stored["Metadata"] == {
        "author": "anna",
        "envelope-key": envelopes.place["EnvelopeKeyArn"],
        "envelope-format": "aws-encryption-sdk/2",
    }
    message = envelopes.get("Messages", "report.csv")
    assert data[:1000] not in message
    plaintext, header = read_with_the_sdk(envelopes, message)
    assert plaintext == data
    assert header.encryption_context == BLUE | {"object-id": f"s3://{envelopes.place['Messages']}/report.csv"}

    answer = _decrypt(envelopes, "report.csv", "opened/report.csv")

    assert "errorType" not in answer, answer
    opened = envelopes.s3.get_object(Bucket=envelopes.place["Plain"], Key="opened/report.csv")
    assert opened["Body"].read() == data
    assert opened["ContentType"] == "text/csv"
    assert opened["Metadata"] == {"author": "anna"}


def test_a_large_object_goes_through_in_memory_that_does_not_grow_with_it(envelopes: DeployedEnvelopes) -> None:
    small, large = _data(MIB), _data(MIB) * 96
    used = {}
    for name, data in {"small": small, "large": large}.items():
        envelopes.put("Plain", name, data)
        encrypted, decrypted = _encrypt(envelopes, name), _decrypt(envelopes, name, f"opened/{name}")
        assert "errorType" not in encrypted | decrypted, (encrypted, decrypted)
        used[name] = envelopes.max_memory_used("Encrypt"), envelopes.max_memory_used("Decrypt")
        assert hashlib.sha256(envelopes.get("Plain", f"opened/{name}")).digest() == hashlib.sha256(data).digest()
    # The large object alone has 96 MiB: what is held are the parts that are on their way.
    assert max(used["large"]) - min(used["small"]) < 80, used

    key_calls = len(envelopes.key_calls())
    first, last = 40 * MIB + 123, 40 * MIB + 123 + 100_000
    part = envelopes.invoke(
        "Decrypt",
        source={"bucket": envelopes.place["Messages"], "key": "large"},
        range={"first": first, "last": last},
        encryption_context=BLUE,
    )
    assert base64.b64decode(part.get("plaintext", "")) == large[first : last + 1], part
    assert len(envelopes.key_calls()) == key_calls + 1


def test_a_message_is_moved_to_another_key_and_the_old_one_opens_it_no_more(
    envelopes: DeployedEnvelopes, message: bytes
) -> None:
    before = len(envelopes.aws.recorded_calls())

    answer = _reencrypt(envelopes, "true", "moved/true")

    assert "errorType" not in answer, answer
    stored = envelopes.s3.head_object(Bucket=envelopes.place["Messages"], Key="moved/true")
    assert stored["Metadata"]["envelope-key"] == envelopes.place["NewEnvelopeKeyArn"]
    assert stored["ContentLength"] == len(message) + len("moved/")  # the object id is longer
    calls = envelopes.aws.recorded_calls()[before:]
    assert [(call.operation, call.resource) for call in calls if not call.invoked_by] == [
        ("Decrypt", envelopes.place["EnvelopeKeyArn"]),
        ("GenerateDataKey", envelopes.place["NewEnvelopeKeyArn"]),
    ]
    assert _decrypt(envelopes, "moved/true", "opened/refused").get("errorType") == "NotAuthentic"


@pytest.mark.parametrize(
    ("changed", "refused"),
    [
        ({"encryption_context": {"tenant": "green"}}, "NotAuthentic"),
        ({"encryption_context": {"purpose": "none"}}, "InvalidRequest"),
        ({"object_id": "s3://another/object"}, "NotAuthentic"),
        ({"source": "passed off as another"}, "NotAuthentic"),
        ({"destination": "not opened/"}, "StorageAccessDenied"),
    ],
    ids=["another context", "a required key missing", "another object id", "another object", "elsewhere"],
)
def test_refuses_to_decrypt_what_is_not_the_object_and_leaves_nothing(
    envelopes: DeployedEnvelopes, message: bytes, changed: Any, refused: str
) -> None:
    key = changed.get("source", "true")
    if key != "true":
        envelopes.put("Messages", key, message)
    destination = changed.get("destination", "opened/refused")
    more = {name: value for name, value in changed.items() if name in {"encryption_context", "object_id"}}

    answer = _decrypt(envelopes, key, destination, **more)

    assert answer.get("errorType") == refused, answer
    assert envelopes.left_behind("Plain", destination) == ([], [])


def test_refuses_when_the_key_is_disabled_and_leaves_nothing(envelopes: DeployedEnvelopes, message: bytes) -> None:
    kms, key = envelopes.aws.session().client("kms"), envelopes.place["EnvelopeKeyArn"]
    envelopes.put("Plain", "later", b"data")
    kms.disable_key(KeyId=key)
    try:
        answers = [_encrypt(envelopes, "later"), _decrypt(envelopes, "true", "opened/later")]
    finally:
        kms.enable_key(KeyId=key)

    assert message
    assert [answer.get("errorType") for answer in answers] == ["KeyAccessDenied", "KeyAccessDenied"], answers
    assert envelopes.left_behind("Messages", "later") == ([], [])
    assert envelopes.left_behind("Plain", "opened/later") == ([], [])


def test_takes_back_what_it_uploaded_of_a_damaged_object(envelopes: DeployedEnvelopes, message: bytes) -> None:
    envelopes.put("Messages", "damaged", message[:-1] + bytes([message[-1] ^ 1]))
    before = len(envelopes.aws.recorded_calls("s3"))

    answer = _decrypt(envelopes, "damaged", "opened/damaged", object_id=f"s3://{envelopes.place['Messages']}/true")

    assert answer.get("errorType") == "NotAuthentic", answer
    operations = [call.operation for call in envelopes.aws.recorded_calls("s3")[before:]]
    assert operations.count("AbortMultipartUpload") == 1
    assert envelopes.left_behind("Plain", "opened/damaged") == ([], [])


def test_refuses_to_begin_without_the_time_to_finish(envelopes: DeployedEnvelopes, message: bytes) -> None:
    lambda_ = envelopes.aws.session().client("lambda")
    lambda_.update_function_configuration(FunctionName=envelopes.place["Reencrypt"], Timeout=5)

    answer = _reencrypt(envelopes, "true", "moved/later")

    assert message
    assert answer.get("errorType") == "LimitExceeded", answer
    assert envelopes.left_behind("Messages", "moved/later") == ([], [])


@pytest.mark.parametrize(
    ("call", "parameters"),
    [
        ("Encrypt kms decrypt", {"KeyId": "{EnvelopeKeyArn}", "CiphertextBlob": b"blob"}),
        ("Decrypt kms generate_data_key", {"KeyId": "{EnvelopeKeyArn}", "NumberOfBytes": 32}),
        ("Encrypt kms decrypt", {"KeyId": "{TransportKeyArn}", "CiphertextBlob": b"blob"}),
        ("Encrypt s3 get_object", {"Bucket": "{Messages}", "Key": "true"}),
        ("Encrypt s3 delete_object", {"Bucket": "{Messages}", "Key": "true"}),
        ("Encrypt s3 list_objects_v2", {"Bucket": "{Messages}"}),
        ("Decrypt s3 put_object", {"Bucket": "{Messages}", "Key": "true"}),
        ("Decrypt s3 get_object", {"Bucket": "{Plain}", "Key": "later"}),
    ],
)
def test_refuses_a_functions_role_what_is_not_its_work(
    envelopes: DeployedEnvelopes, message: bytes, call: str, parameters: Any
) -> None:
    function, service, operation = call.split()
    session: Any = envelopes.as_function(function)
    filled = {
        name: value.format_map(envelopes.place) if isinstance(value, str) else value
        for name, value in parameters.items()
    }

    assert message
    with pytest.raises(ClientError, match="AccessDenied"):
        getattr(session.client(service), operation)(**filled)


@pytest.fixture(scope="session")
def message(envelopes: DeployedEnvelopes) -> bytes:
    """Encrypt an object of several parts as `true`."""
    envelopes.put("Plain", "true", _data(9 * MIB))
    answer = _encrypt(envelopes, "true")
    assert "errorType" not in answer, answer
    return envelopes.get("Messages", "true")


def _encrypt(envelopes: DeployedEnvelopes, key: str, **more: Any) -> dict[str, Any]:
    source, destination = ({"bucket": envelopes.place[bucket], "key": key} for bucket in ("Plain", "Messages"))
    request = {"source": source, "destination": destination, "encryption_context": BLUE}
    return envelopes.invoke("Encrypt", **request | more)


def _decrypt(envelopes: DeployedEnvelopes, key: str, destination: str, **more: Any) -> dict[str, Any]:
    source = {"bucket": envelopes.place["Messages"], "key": key}
    opened = {"bucket": envelopes.place["Plain"], "key": destination}
    return envelopes.invoke("Decrypt", **{"source": source, "destination": opened, "encryption_context": BLUE} | more)


def _reencrypt(envelopes: DeployedEnvelopes, key: str, destination: str) -> dict[str, Any]:
    source, moved = ({"bucket": envelopes.place["Messages"], "key": name} for name in (key, destination))
    return envelopes.invoke("Reencrypt", source=source, destination=moved, encryption_context=BLUE)


def _data(length: int) -> bytes:
    return hashlib.shake_128(b"an object").digest(length)
