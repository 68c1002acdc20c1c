"""Rotation of deployed secrets by steps of one's own, which die everywhere; two Regions; a permission that is gone."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local_aws import LocalAws
from tests.support.warehouse import Death, Warehouse
from tests.support.warehouse_app import HERE, THERE
from tests.support.warehouse_scene import WarehouseScene

pytestmark = pytest.mark.deploy

SECOND_CHECK = 2  # testSecret verifies once, finishSecret again before AWSCURRENT moves
AFTER_THE_MOVE = 3


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WarehouseScene]:
    with Warehouse() as warehouse, LocalAws(region=HERE) as aws:
        yield WarehouseScene(aws, warehouse, tmp_path_factory.mktemp("warehouse"))


def _check_consistent(scene: WarehouseScene, kind: str, version: str, former: str) -> None:
    assert sorted(scene.labels(kind).values()) == [["AWSCURRENT"], ["AWSPREVIOUS"]]
    assert scene.labels(kind)[version] == ["AWSCURRENT"]
    assert (scene.value(kind, "AWSPREVIOUS"), scene.value(kind) != former) == (former, True)
    assert scene.warehouse.accepts(scene.value(kind))
    # One user has one password; of two users the other one, and of keys the one before, still gets in.
    assert scene.warehouse.accepts(former) is (kind != "One")
    assert scene.warehouse.deaths == []


@pytest.mark.parametrize(
    ("kind", "deaths"),
    [
        ("Key", [Death("propose", 1, "before"), Death("propose", 1, "after")]),
        ("Key", [Death("retire", 1, "before", "raise"), Death("retire", 1, "after", "raise")]),
        ("One", [Death("apply", 1, "before"), Death("apply", 1, "after")]),
        ("One", [Death("verify", 1, "before", "raise"), Death("verify", SECOND_CHECK, "after", "raise")]),
        ("One", [Death("verify", AFTER_THE_MOVE, "before"), Death("verify", SECOND_CHECK, "after")]),
        ("Two", [Death("longest", 1, "before", "raise"), Death("longest", 1, "after", "raise")]),
        ("Two", [Death("apply", 1, "before", "raise"), Death("apply", 1, "after", "raise")]),
        ("Two", [Death("verify", 1, "after", "raise"), Death("verify", SECOND_CHECK, "before", "raise")]),
    ],
    ids=lambda each: each if isinstance(each, str) else "-".join(f"{call}{number}" for call, number, *_ in each),
)
def test_a_function_that_dies_twice_is_repeated_until_the_secret_is_consistent(
    scene: WarehouseScene, kind: str, deaths: list[Death]
) -> None:
    former = scene.value(kind)
    scene.warehouse.die(*deaths)

    version = scene.rotate(kind)

    _check_consistent(scene, kind, version, former)


def test_a_rotation_that_failed_is_ended_by_the_next_request(scene: WarehouseScene) -> None:
    former = scene.value("One")
    scene.warehouse.die(*[Death("apply", 1, "after", "raise")] * 3)
    failed = scene.rotate("One", ends="Failed")
    left = scene.labels("One")[failed]

    version = scene.rotate("One")

    assert (left, version) == (["AWSPENDING", "HANDED_OVER"], failed)
    _check_consistent(scene, "One", version, former)


def test_of_two_requests_at_once_one_rotates(scene: WarehouseScene) -> None:
    arn, administrator, former = scene.place["TwoArn"], scene.as_("Administrator"), scene.value("Two")
    started, succeeded = (scene.told("Two", f"Rotation{end}") for end in ("Started", "Succeeded"))

    def ask(_: int) -> str:
        try:
            return str(administrator.rotate_secret(SecretId=arn)["VersionId"])
        except ClientError as error:
            return str(error)

    both_answered = Event()

    def hold(*_: str) -> None:
        both_answered.wait(20)

    scene.warehouse.hook = hold
    with ThreadPoolExecutor(2) as both:
        answers = list(both.map(ask, range(2)))
    both_answered.set()
    scene.warehouse.hook = lambda *_: None
    (refused,) = (each for each in answers if "A previous rotation isn't complete" in each)
    (version,) = (each for each in answers if each != refused)
    scene.wait("Two", succeeded + 1, "RotationSucceeded")

    assert scene.told("Two", "RotationStarted") == started + 1
    _check_consistent(scene, "Two", version, former)


def test_a_rotation_ends_where_the_permission_of_secrets_manager_is_withdrawn(scene: WarehouseScene) -> None:
    former, function = scene.value("One"), {"FunctionName": scene.place["OneFunction"]}
    functions: Any = scene.aws.session().client("lambda")
    permission = {"Action": "lambda:InvokeFunction", "Principal": "secretsmanager.amazonaws.com"}

    def withdraw(call: str, moment: str) -> None:
        if (call, moment) == ("apply", "after"):
            policy = functions.get_policy(**function)["Policy"]
            functions.remove_permission(**function, StatementId=json.loads(policy)["Statement"][0]["Sid"])

    scene.warehouse.hook = withdraw
    scene.rotate("One", ends="Failed")
    scene.warehouse.hook = lambda *_: None

    assert scene.value("One") == former
    with pytest.raises(ClientError, match="Ensure that the function policy grants access"):
        scene.rotate("One")
    functions.add_permission(**function, StatementId="again", SourceAccount=scene.aws.account, **permission)
    _check_consistent(scene, "One", scene.rotate("One"), former)


def test_a_replica_is_read_under_the_key_of_its_region_by_the_readers_alone(scene: WarehouseScene) -> None:
    arn = scene.place["OneArn"].replace(HERE, THERE)
    reader = scene.as_("Reader", THERE)
    read = reader.get_secret_value(SecretId=arn)["SecretString"]
    key = reader.describe_secret(SecretId=arn)["KmsKeyId"]
    keys = scene.aws.session().client("kms", region_name=THERE)

    keys.disable_key(KeyId=key)
    with pytest.raises(ClientError, match="can't decrypt the protected secret text using the provided KMS key"):
        reader.get_secret_value(SecretId=arn)
    assert scene.value("One") == read
    keys.enable_key(KeyId=key)

    assert (read, key.split(":")[3]) == (scene.value("One"), THERE)
    for person in ("Stranger", "Writer", "Administrator"):
        with pytest.raises(ClientError, match=r"GetSecretValue .*explicit deny in a resource-based policy"):
            scene.as_(person, THERE).get_secret_value(SecretId=arn)


def test_nothing_that_is_written_holds_a_value_though_steps_died_with_one(scene: WarehouseScene) -> None:
    scene.warehouse.die(Death("verify", 1, "before", "raise"))
    scene.rotate("One")
    for kind in ("One", "Two", "Key"):
        scene.value(kind)
    values = {*scene.known, *scene.warehouse.passwords.values(), *scene.warehouse.keys.values()}
    lines, records = scene.logs(), scene.records()

    shown = str([lines, records, scene.aws.log, *(path.read_text() for path in scene.folder.glob("*.json"))])

    assert any("verify must return, got ConnectionError" in line for line in lines)
    assert {"RotationSucceeded", "GetSecretValue"} <= {each["eventName"] for each in records}
    assert [value for value in values if value in shown] == []
