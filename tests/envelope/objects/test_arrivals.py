"""Arrivals: each is encrypted once, none replaces a newer one, and one that cannot be done fails alone."""

import itertools
import json
from typing import Any

import pytest

from envelope.errors import InvalidRequest
from envelope.format.context import EncryptionContext
from envelope.format.suites import COMMITTING
from envelope.objects.arrivals import ArrivalEncryption
from tests.support.object_scene import KEY_ARN, KEYS, LARGE, decrypt, request
from tests.support.s3_stand_in import Answer, Refused, Request, S3StandIn, StoredObject

CONTEXT = EncryptionContext.of({"purpose": "arrivals"})
DONE_BEFORE = "done before: the destination is of this arrival or of a newer one"
SEALED = "sealed/encrypted/orders/1 2.csv"
BACK = request(SEALED, "opened/key")


def event(stored: StoredObject, sequencer: str, **changes: Any) -> str:
    created = {
        "key": "orders/1 2.csv",
        "size": len(stored.body),
        "etag": stored.etag.strip('"'),
        "version-id": stored.version_id,
        "sequencer": sequencer,
    }
    bucket = changes.pop("bucket", "incoming")
    detail = {"bucket": {"name": bucket}, "object": {**created, **changes}}
    return json.dumps({"source": "aws.s3", "detail-type": "Object Created", "detail": detail})


class Scene:
    def __init__(self, s3: Any, storage: S3StandIn) -> None:
        self.s3, self.storage = s3, storage
        self.said: list[dict[str, object]] = []

    def arrived(self, content: bytes) -> StoredObject:
        return self.storage.put("incoming/orders/1 2.csv", content)

    def failed(self, *bodies: str, seconds: float = 60.0, bucket: str = "sealed") -> list[str]:
        encryption = ArrivalEncryption(
            s3=self.s3,
            source_bucket="incoming",
            bucket=bucket,
            prefix="encrypted/",
            keys=KEYS,
            key_arn=KEY_ARN,
            context=CONTEXT,
            suite=COMMITTING,
            log=self.said.append,
        )
        records = [{"messageId": str(number), "body": body} for number, body in enumerate(bodies)]
        answer = encryption.encrypt_batch({"Records": records}, remaining_seconds=lambda: seconds)
        return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]

    def opened(self) -> bytes:
        decrypt(self.s3, BACK, context=CONTEXT)
        return self.storage.current("opened/key").body

    def facts_of(self, content: bytes) -> dict[str, object]:
        sealed = self.storage.current(SEALED)
        return {
            "source_version_id": sealed.metadata["envelope-source-version"],
            "destination_version_id": sealed.version_id,
            "plaintext_bytes": len(content),
            "message_bytes": len(sealed.body),
        }

    @property
    def outcomes(self) -> list[object]:
        return [facts["outcome"] for facts in self.said]


@pytest.fixture
def scene(s3: Any, storage: S3StandIn) -> Scene:
    return Scene(s3, storage)


@pytest.mark.parametrize("content", [b"", b"content", LARGE])
def test_what_arrives_is_encrypted(scene: Scene, content: bytes) -> None:
    stored = scene.arrived(content)
    assert scene.failed(event(stored, "0A")) == []
    assert scene.opened() == content
    assert scene.storage.current(SEALED).metadata == {
        "envelope-key": KEY_ARN,
        "envelope-format": "aws-encryption-sdk/2",
        "envelope-source-bucket": "incoming",
        "envelope-source-version": stored.version_id,
        "envelope-source-sequencer": "0A",
    }
    assert scene.outcomes == ["encrypted"]


REPLACED = "nothing to do: the source was replaced, which is an arrival of its own"


def test_a_late_arrival_does_not_bring_back_what_was_replaced(scene: Scene) -> None:
    first, second = scene.arrived(b"first"), scene.arrived(b"second")
    assert scene.failed(event(second, "0B"), event(first, "0A")) == []
    del scene.storage.versions[SEALED]
    assert scene.failed(event(first, "0A")) == []
    assert SEALED not in scene.storage.versions
    assert scene.outcomes[-1] == REPLACED
    assert scene.failed(event(second, "0B")) == []
    assert scene.opened() == b"second"


def test_the_version_that_is_named_is_the_one_that_was_read(scene: Scene) -> None:
    first, second = scene.arrived(b"content"), scene.arrived(b"content")
    assert scene.failed(event(first, "0A")) == []
    assert scene.storage.current(SEALED).metadata["envelope-source-version"] == second.version_id
    assert scene.failed(event(second, "0B"), event(first, "0A")) == []
    assert scene.outcomes == ["encrypted", "encrypted", DONE_BEFORE]


def test_the_same_arrival_twice_changes_nothing(scene: Scene) -> None:
    arrival = event(scene.arrived(b"content"), "0A")
    assert scene.failed(arrival, arrival) == []
    assert len(scene.storage.versions[SEALED]) == 1
    assert scene.said == [
        {"message_id": "0", "outcome": "encrypted", **scene.facts_of(b"content")},
        {"message_id": "1", "outcome": DONE_BEFORE, "sequencer": "0A", "destination_sequencer": "0A"},
    ]


def test_a_newer_arrival_replaces_and_an_older_one_does_not(scene: Scene) -> None:
    first, second = scene.arrived(b"first"), scene.arrived(b"second")
    assert scene.failed(event(second, "0B"), event(first, "0A")) == []
    assert scene.opened() == b"second"
    assert scene.said[-1] == {
        "message_id": "1",
        "outcome": DONE_BEFORE,
        "warning": "arrival was passed over: the destination says that it is of a newer one",
        "sequencer": "0A",
        "destination_sequencer": "0B",
    }
    third = scene.arrived(b"third")
    assert scene.failed(event(third, "0B1")) == []
    assert scene.opened() == b"third"
    assert len(scene.storage.versions[SEALED]) == 2


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_in_whatever_order_arrivals_come_and_come_again_the_newest_stays(scene: Scene, order: tuple[int, ...]) -> None:
    arrivals = [event(scene.arrived(f"version {number}".encode()), f"0{number}") for number in range(3)]
    assert scene.failed(*(arrivals[number] for number in (*order, *order))) == []
    assert scene.opened() == b"version 2"


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_the_newest_sequencer_stays_where_contents_are_the_same(scene: Scene, order: tuple[int, ...]) -> None:
    arrivals = [event(scene.arrived(b"content"), f"0{number}") for number in range(3)]
    assert scene.failed(*(arrivals[number] for number in (*order, *order))) == []
    assert scene.storage.current(SEALED).metadata["envelope-source-sequencer"] == "02"


def put_sealed(scene: Scene, *, bucket: str, sequencer: str) -> None:
    said = {"x_amz_meta_envelope_source_bucket": bucket, "x_amz_meta_envelope_source_sequencer": sequencer}
    scene.storage.put(SEALED, b"something else", **said)


@pytest.mark.parametrize("stored", ["zz", "FFz", "0x0B", "f" * 33])
def test_refuses_to_take_what_is_no_sequencer_for_a_newer_one(scene: Scene, stored: str) -> None:
    put_sealed(scene, bucket="incoming", sequencer=stored)
    assert scene.failed(event(scene.arrived(b"content"), "0A")) == ["0"]
    assert scene.said[0]["error"] == f"sequencer of destination must be 1 to 32 hexadecimal digits, got {stored!r}"


def test_an_upload_that_is_left_behind_is_never_passed_over(scene: Scene) -> None:
    def overtaken(_: Request) -> None:
        raise Refused(412, "PreconditionFailed")

    def refuse(_: Request) -> None:
        raise Refused(403, "AccessDenied")

    scene.storage.before.update(CompleteMultipartUpload=overtaken, AbortMultipartUpload=refuse)
    assert scene.failed(event(scene.arrived(LARGE), "0A")) == ["0"]
    (upload_id,) = scene.storage.uploads
    assert f"the unfinished upload {upload_id} must be aborted too, got AccessDenied" in str(scene.said[0]["error"])


def test_a_newer_one_that_comes_meanwhile_stays(scene: Scene) -> None:
    first = scene.arrived(b"first")

    def overtake(_: Request) -> None:
        scene.storage.before.clear()
        assert scene.failed(event(scene.arrived(b"second"), "0B")) == []

    scene.storage.before["PutObject"] = overtake
    assert scene.failed(event(first, "0A")) == []
    assert scene.opened() == b"second"
    assert scene.outcomes == ["encrypted", DONE_BEFORE]


def test_an_older_one_that_comes_meanwhile_is_replaced(scene: Scene) -> None:
    first, second = scene.arrived(b"the same"), scene.arrived(b"the same")

    def overtake(_: Request) -> None:
        scene.storage.before.clear()
        assert scene.failed(event(first, "0A")) == []

    scene.storage.before["PutObject"] = overtake
    assert scene.failed(event(second, "0B")) == []
    assert scene.outcomes == ["encrypted", "encrypted"]
    assert scene.storage.current(SEALED).metadata["envelope-source-sequencer"] == "0B"


def test_a_destination_that_never_stops_changing_is_tried_again_later(scene: Scene) -> None:
    def refuse(_: Request) -> None:
        raise Refused(412, "PreconditionFailed")

    scene.storage.before["PutObject"] = refuse
    assert scene.failed(event(scene.arrived(b"content"), "0A")) == ["0"]
    assert scene.outcomes == ["StorageUnavailable"]
    assert scene.storage.calls.count("PutObject") == 3


def test_without_permission_to_list_nothing_there_looks_forbidden(scene: Scene) -> None:
    stored = scene.arrived(b"content")

    def refuse(_: Request) -> None:
        raise Refused(403, "Forbidden")

    scene.storage.before["HeadObject"] = refuse
    assert scene.failed(event(stored, "0A")) == []
    assert scene.failed(event(stored, "0A")) == ["0"]  # there is something, and it may not be looked at
    assert scene.outcomes == ["encrypted", "StorageAccessDenied"]


def test_a_source_that_was_deleted_needs_nothing(scene: Scene) -> None:
    stored = scene.arrived(b"content")
    scene.storage.versions.clear()
    assert scene.failed(event(stored, "0A")) == []
    assert scene.outcomes == ["nothing to do: the source was deleted"]


def test_a_source_that_was_replaced_in_a_bucket_without_versions_needs_nothing(scene: Scene) -> None:
    stored = scene.arrived(b"first")
    scene.arrived(b"second")
    arrival = json.loads(event(stored, "0A"))
    del arrival["detail"]["object"]["version-id"]
    assert scene.failed(json.dumps(arrival)) == []
    assert scene.outcomes == [REPLACED]


def test_refuses_to_replace_what_no_arrival_wrote(scene: Scene) -> None:
    scene.storage.put(SEALED, b"something else")
    assert scene.failed(event(scene.arrived(b"content"), "0A")) == ["0"]
    assert scene.storage.current(SEALED).body == b"something else"
    assert scene.outcomes == ["InvalidRequest"]


def test_refuses_an_arrival_in_another_bucket_before_anything_is_asked(scene: Scene) -> None:
    stored = scene.storage.put("elsewhere/orders/1 2.csv", b"content")
    assert scene.failed(event(stored, "0A", bucket="elsewhere")) == ["0"]
    assert scene.said[0]["error"] == "bucket of an arrival must be 'incoming', got another one"
    assert scene.storage.calls == []


@pytest.mark.parametrize("sequencer", ["00", "0B"])
def test_refuses_to_replace_or_to_pass_over_for_what_came_from_another_bucket(scene: Scene, sequencer: str) -> None:
    put_sealed(scene, bucket="elsewhere", sequencer=sequencer)
    assert scene.failed(event(scene.arrived(b"content"), "0A")) == ["0"]
    assert scene.storage.current(SEALED).body == b"something else"
    assert scene.outcomes == ["InvalidRequest"]


def test_refuses_a_sequencer_that_would_pass_over_every_later_one(scene: Scene) -> None:
    stored = scene.arrived(b"content")
    assert scene.failed(event(stored, "f" * 40), event(stored, "0A")) == ["0"]
    assert scene.outcomes == ["InvalidRequest", "encrypted"]


def test_one_that_cannot_be_done_fails_alone(scene: Scene) -> None:
    stored = scene.arrived(b"content")
    bodies = ["no JSON", event(stored, "no hexadecimal"), event(stored, "0A"), "{}", event(stored, "0A", size=-1)]
    assert scene.failed(*bodies) == ["0", "1", "3", "4"]
    assert scene.opened() == b"content"


def test_a_damaged_read_fails_and_leaves_nothing(scene: Scene) -> None:
    def broken(_: Request, answer: Answer) -> Answer:
        return Answer(answer.body, answer.headers, sent=3)

    stored = scene.arrived(b"content")
    scene.storage.after["GetObject"] = broken
    assert scene.failed(event(stored, "0A")) == ["0"]
    assert SEALED not in scene.storage.versions
    assert scene.outcomes == ["StorageUnavailable"]


def test_what_there_is_no_time_for_stays_in_the_queue_untouched(scene: Scene) -> None:
    stored = scene.arrived(b"content")
    assert scene.failed(event(stored, "0A"), event(stored, "0A"), seconds=11.0) == ["0", "1"]
    assert scene.storage.calls == []
    assert scene.outcomes == ["LimitExceeded", "LimitExceeded"]


def test_refuses_a_destination_that_is_the_source_again(scene: Scene) -> None:
    assert scene.failed(event(scene.arrived(b"content"), "0A"), bucket="incoming") == ["0"]
    assert scene.storage.calls == []


@pytest.mark.parametrize(
    "body",
    [
        '{"Service": "Amazon S3", "Event": "s3:TestEvent"}',
        '{"source": "aws.s3", "detail-type": "Object Deleted", "detail": {}}',
        '{"source": "aws.kms", "detail-type": "Object Created", "detail": {}}',
    ],
)
def test_events_about_something_else_are_ignored(scene: Scene, body: str) -> None:
    assert scene.failed(body) == []
    assert scene.outcomes == ["ignored: no arrival of an object"]


def test_what_nobody_expected_is_told_without_its_text(scene: Scene) -> None:
    def unexpected(_: Request, answer: Answer) -> Answer:
        del answer.headers["etag"]
        return answer

    scene.failed(event(scene.arrived(b"content"), "0A"))
    scene.storage.after["HeadObject"] = unexpected
    assert scene.failed(event(scene.arrived(b"content"), "0B")) == ["0"]
    said = scene.said[-1]
    assert (said["message_id"], said["outcome"]) == ("0", "KeyError")
    assert str(said["error"]).startswith("transfer.py:") or str(said["error"]).startswith("arrivals.py:")


@pytest.mark.parametrize("batch", [None, {}, {"Records": {}}, {"Records": [{}]}, {"Records": [None]}])
def test_refuses_what_is_no_batch(scene: Scene, batch: object) -> None:
    encryption = ArrivalEncryption(
        s3=scene.s3,
        source_bucket="incoming",
        bucket="sealed",
        prefix="",
        keys=KEYS,
        key_arn=KEY_ARN,
        context=CONTEXT,
        suite=COMMITTING,
        log=scene.said.append,
    )
    with pytest.raises(InvalidRequest, match="event must be a batch of SQS messages"):
        encryption.encrypt_batch(batch, remaining_seconds=lambda: 60.0)
