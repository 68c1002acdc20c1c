"""Encrypt on arrival, from the object that arrives to its message: rule, queues, function, roles and keys deployed."""

import json
from typing import Any

import pytest

from tests.support.deployed_envelopes import DeployedEnvelopes, read_with_the_sdk, soon

pytestmark = pytest.mark.deploy

CONTEXT = {"tenant": "blue"}


def test_an_object_that_arrives_becomes_a_message_that_the_sdk_reads(envelopes: DeployedEnvelopes) -> None:
    key = "orders/März 1.csv"

    version = envelopes.put("Arrivals", key, b"data", ContentType="text/csv")

    assert soon(lambda: _versions(envelopes, key) == 1), envelopes.aws.log
    stored = envelopes.s3.head_object(Bucket=envelopes.place["Arrived"], Key=f"encrypted/{key}")
    assert stored["ContentType"] == "text/csv"
    assert stored["Metadata"]["envelope-source-version"] == version
    plaintext, header = read_with_the_sdk(envelopes, envelopes.get("Arrived", f"encrypted/{key}"))
    assert plaintext == b"data"
    assert header.encryption_context == CONTEXT | {"object-id": f"s3://{envelopes.place['Arrived']}/encrypted/{key}"}


def test_the_same_news_twice_and_late_news_change_nothing(envelopes: DeployedEnvelopes) -> None:
    envelopes.put("Arrivals", "twice", b"first")
    assert soon(lambda: _versions(envelopes, "twice") == 1)
    envelopes.put("Arrivals", "twice", b"second")
    assert soon(lambda: _versions(envelopes, "twice") == 2)
    (late, same) = (_event(envelopes, "twice", sequencer) for sequencer in ("00", _sequencer(envelopes, "twice")))
    calls = len(envelopes.key_calls())

    for event in (late, same):
        _send(envelopes, event)
    _send(envelopes, _event(envelopes, "twice", "F" * 30))

    # What the last one did shows that the two before it were looked at.
    assert soon(lambda: _versions(envelopes, "twice") == 3)
    assert soon(lambda: envelopes.in_flight("ArrivalQueue") == 0)
    assert _versions(envelopes, "twice") == 3
    assert len(envelopes.key_calls()) == calls + 1
    assert read_with_the_sdk(envelopes, envelopes.get("Arrived", "encrypted/twice"))[0] == b"second"


def test_what_cannot_be_encrypted_ends_among_the_dead_letters(envelopes: DeployedEnvelopes) -> None:
    sqs = envelopes.aws.session().client("sqs")
    # Six times the function's timeout would be 90 minutes until the next try.
    sqs.set_queue_attributes(QueueUrl=envelopes.place["ArrivalQueue"], Attributes={"VisibilityTimeout": "1"})

    _send(envelopes, {"source": "aws.s3", "detail-type": "Object Created", "detail": {"bucket": {}}})
    envelopes.put("Arrivals", "beside", b"data")

    assert soon(lambda: _versions(envelopes, "beside") == 1)
    assert soon(lambda: envelopes.waiting("ArrivalDeadLetters") == 1)
    assert envelopes.waiting("ArrivalQueue") == 0


def _event(envelopes: DeployedEnvelopes, key: str, sequencer: str) -> dict[str, Any]:
    found = envelopes.s3.head_object(Bucket=envelopes.place["Arrivals"], Key=key)
    created = {
        "key": key,
        "size": found["ContentLength"],
        "etag": found["ETag"].strip('"'),
        "version-id": found["VersionId"],
        "sequencer": sequencer,
    }
    detail = {"version": "0", "bucket": {"name": envelopes.place["Arrivals"]}, "object": created, "reason": "PutObject"}
    return {"version": "0", "source": "aws.s3", "detail-type": "Object Created", "detail": detail}


def _sequencer(envelopes: DeployedEnvelopes, key: str) -> str:
    found = envelopes.s3.head_object(Bucket=envelopes.place["Arrived"], Key=f"encrypted/{key}")
    return str(found["Metadata"]["envelope-source-sequencer"])


def _send(envelopes: DeployedEnvelopes, event: dict[str, Any]) -> None:
    envelopes.person.client("sqs").send_message(QueueUrl=envelopes.place["ArrivalQueue"], MessageBody=json.dumps(event))


def _versions(envelopes: DeployedEnvelopes, key: str) -> int:
    """Count how often the message of an object was written; no upload may be left."""
    objects, uploads = envelopes.left_behind("Arrived", f"encrypted/{key}")
    assert uploads == []
    return len(objects)
