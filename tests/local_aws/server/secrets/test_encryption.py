from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local_aws import LocalAws
from tests.support.iam_statement import allow

pytestmark = pytest.mark.deploy

SECRETS = allow("secretsmanager:*")
VIA = {"kms:ViaService": "secretsmanager.eu-central-1.amazonaws.com"}
WRITE = allow("kms:GenerateDataKey", "kms:Decrypt", **VIA)
Client = Callable[..., Any]
Key = Callable[..., str]


def test_who_may_use_the_key_through_secrets_manager_creates_writes_and_reads(
    make_client: Client, make_key: Key
) -> None:
    client = make_client(SECRETS, WRITE)

    arn = client.create_secret(Name="encrypted", SecretString="first", KmsKeyId=make_key())["ARN"]
    client.put_secret_value(SecretId=arn, SecretString="second")

    assert client.get_secret_value(SecretId=arn)["SecretString"] == "second"


def test_kms_is_told_of_which_secret_and_version_a_value_is(
    aws: LocalAws, make_client: Client, make_key: Key, make_secret: Callable[..., str]
) -> None:
    key = make_key()
    arn = make_secret(KmsKeyId=key, ClientRequestToken="the-token-of-the-very-first-version")
    bound = {"kms:EncryptionContext:SecretARN": arn, "kms:CallerAccount": aws.account}
    version = {"kms:EncryptionContext:SecretVersionId": "the-token-of-the-very-first-version"}

    read = make_client(SECRETS, allow("kms:Decrypt", **VIA, **bound, **version)).get_secret_value(SecretId=arn)
    assert read["SecretString"] == "first"

    calls = [call for call in aws.recorded_calls() if call.invoked_by == "secretsmanager.amazonaws.com"]
    contexts = [call.encryption_context for call in calls if arn in call.encryption_context.values()]
    assert [each["SecretVersionId"] for each in contexts] == [
        "RequestToValidateKeyAccess", "RequestToValidateKeyAccess",
        "the-token-of-the-very-first-version", "the-token-of-the-very-first-version",
    ]  # fmt: skip


@pytest.mark.parametrize("missing", ["kms:GenerateDataKey", "kms:Decrypt"])
@pytest.mark.parametrize("value", [{}, {"SecretString": "s"}], ids=["empty", "filled"])
def test_refuses_to_create_a_secret_under_a_key_that_its_creator_may_not_use(
    make_client: Client, make_key: Key, secrets: Any, missing: str, value: dict[str, str]
) -> None:
    (other,) = {"kms:GenerateDataKey", "kms:Decrypt"} - {missing}

    with pytest.raises(ClientError, match=r"AccessDeniedException.*Access to KMS is not allowed"):
        make_client(SECRETS, allow(other)).create_secret(Name="never", KmsKeyId=make_key(), **value)
    with pytest.raises(ClientError, match="can't find the specified secret"):
        secrets.describe_secret(SecretId="never")


def test_refuses_a_reader_who_may_not_use_the_key_one_by_one_and_in_a_batch(
    make_client: Client, make_key: Key, make_secret: Callable[..., str]
) -> None:
    arn = make_secret(KmsKeyId=make_key())
    client = make_client(SECRETS, allow("kms:GenerateDataKey"))

    with pytest.raises(ClientError, match="Access to KMS is not allowed"):
        client.get_secret_value(SecretId=arn)
    batch = client.batch_get_secret_value(SecretIdList=[arn])
    assert (batch["SecretValues"], batch["Errors"][0]["Message"]) == ([], "Access to KMS is not allowed")


def test_refuses_a_writer_who_may_only_decrypt_and_leaves_the_value(
    make_client: Client, make_key: Key, make_secret: Callable[..., str]
) -> None:
    arn = make_secret(KmsKeyId=make_key())
    client = make_client(SECRETS, allow("kms:Decrypt"))

    for write in (client.put_secret_value, client.update_secret):
        with pytest.raises(ClientError, match="Access to KMS is not allowed"):
            write(SecretId=arn, SecretString="second")
    assert client.get_secret_value(SecretId=arn)["SecretString"] == "first"


@pytest.mark.parametrize("state", ["disabled", "pending deletion"])
def test_refuses_under_a_key_that_cannot_be_used(
    aws: LocalAws, make_key: Key, make_secret: Callable[..., str], secrets: Any, state: str
) -> None:
    key, kms = make_key(), aws.session().client("kms")
    arn = make_secret(KmsKeyId=key)
    if state == "disabled":
        kms.disable_key(KeyId=key)
    else:
        kms.schedule_key_deletion(KeyId=key)

    with pytest.raises(ClientError, match="DecryptionFailure"):
        secrets.get_secret_value(SecretId=arn)
    with pytest.raises(ClientError, match="EncryptionFailure"):
        secrets.put_secret_value(SecretId=arn, SecretString="second")


def test_a_changed_key_encrypts_the_labelled_versions_again_for_who_may(
    make_client: Client, make_key: Key, make_secret: Callable[..., str]
) -> None:
    old, new = make_key(), make_key()
    moved, left = make_secret(KmsKeyId=old), make_secret(KmsKeyId=old)
    make_client(SECRETS, WRITE, allow("kms:Encrypt")).update_secret(SecretId=moved, KmsKeyId=new)
    make_client(SECRETS, WRITE).update_secret(SecretId=left, KmsKeyId=new)
    only_new = make_client(SECRETS, {**allow("kms:Decrypt"), "Resource": new})

    assert only_new.get_secret_value(SecretId=moved)["SecretString"] == "first"
    with pytest.raises(ClientError, match="Access to KMS is not allowed"):
        only_new.get_secret_value(SecretId=left)


def test_a_replica_needs_the_key_of_its_region(
    make_client: Client, make_key: Key, make_secret: Callable[..., str]
) -> None:
    arn = make_secret(KmsKeyId=make_key())
    there = make_key("kms:GenerateDataKey", region="eu-west-1")
    replicas = [{"Region": "eu-west-1", "KmsKeyId": there}]
    through = {"kms:ViaService": "secretsmanager.eu-west-1.amazonaws.com"}

    with pytest.raises(ClientError, match="Access to KMS is not allowed"):
        make_client(SECRETS, WRITE).replicate_secret_to_regions(SecretId=arn, AddReplicaRegions=replicas)
    client = make_client(SECRETS, WRITE, allow("kms:GenerateDataKey", **through))
    client.replicate_secret_to_regions(SecretId=arn, AddReplicaRegions=replicas)
    with pytest.raises(ClientError, match=r"still has replica regions \[eu-west-1\]"):
        client.delete_secret(SecretId=arn)
    client.remove_regions_from_replication(SecretId=arn, RemoveReplicaRegions=["eu-west-1"])
    client.delete_secret(SecretId=arn)
