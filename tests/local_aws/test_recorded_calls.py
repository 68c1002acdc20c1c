import json
from collections.abc import Callable

import pytest
from botocore.exceptions import ClientError

from local_aws import LocalAws

pytestmark = pytest.mark.deploy


def test_who_used_a_key_and_who_was_refused_is_recorded(aws: LocalAws, make_role: Callable[..., str]) -> None:
    reader = make_role({"Effect": "Allow", "Action": "kms:GenerateDataKey", "Resource": "*"}, path="/team/")
    key = aws.session().client("kms").create_key()["KeyMetadata"]
    kms = aws.session(aws.assume(reader)).client("kms")
    wrapped = kms.generate_data_key(KeyId=key["KeyId"], KeySpec="AES_256", EncryptionContext={"tenant": "a"})
    with pytest.raises(ClientError):
        kms.decrypt(KeyId=key["Arn"], CiphertextBlob=wrapped["CiphertextBlob"], EncryptionContext={"tenant": "a"})

    rows = [row for row in aws.recorded_calls() if row.principal == reader]

    assert [(row.operation, row.resource, dict(row.encryption_context), row.error) for row in rows] == [
        ("GenerateDataKey", key["Arn"], {"tenant": "a"}, ""),
        ("Decrypt", key["Arn"], {"tenant": "a"}, "AccessDenied"),
    ]


def test_more_calls_than_fit_a_page_are_read_oldest_first(aws: LocalAws) -> None:
    kms = aws.session().client("kms")
    for _ in range(120):
        kms.list_keys()

    times = [row.time for row in aws.recorded_calls() if row.operation == "ListKeys"]

    assert len(times) >= 120
    assert times == sorted(times)


def test_no_plaintext_is_recorded(aws: LocalAws) -> None:
    kms = aws.session().client("kms")
    secrets = aws.session().client("secretsmanager")
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    kms.encrypt(KeyId=key, Plaintext=b"the plaintext of a call")
    secrets.create_secret(Name="recorded", SecretString="the string of a secret")

    events = aws.session().client("cloudtrail").get_paginator("lookup_events").paginate()
    text = json.dumps([event["CloudTrailEvent"] for page in events for event in page["Events"]])

    assert "CreateSecret" in text
    assert "dGhlIHBsYWludGV4dC" not in text  # base64 of what was encrypted
    assert "the string of a secret" not in text


def test_what_a_service_asks_of_a_key_is_recorded_beside_who_called_the_service(
    aws: LocalAws, make_role: Callable[..., str]
) -> None:
    sender = make_role({"Effect": "Allow", "Action": ["sqs:*", "kms:GenerateDataKey"], "Resource": "*"})
    key = aws.session().client("kms").create_key()["KeyMetadata"]["Arn"]
    queue = aws.session().client("sqs").create_queue(QueueName="recorded", Attributes={"KmsMasterKeyId": key})
    sqs = aws.session(aws.assume(sender)).client("sqs")
    for _ in range(2):
        with pytest.raises(ClientError):
            sqs.send_message(QueueUrl=queue["QueueUrl"], MessageBody="text")

    rows = [row for row in aws.recorded_calls() if row.principal == sender]

    # Of the data key it needs one, which it keeps for a while; each refusal is a call of its own.
    assert [(row.operation, row.resource, row.invoked_by, row.error) for row in rows] == [
        ("GenerateDataKey", key, "sqs.amazonaws.com", ""),
        ("Decrypt", key, "sqs.amazonaws.com", "AccessDenied"),
        ("Decrypt", key, "sqs.amazonaws.com", "AccessDenied"),
    ]
    assert dict(rows[0].encryption_context) == {"aws:sqs:arn": f"arn:aws:sqs:{aws.region}:{aws.account}:recorded"}
