import json
import os
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local_aws import LocalAws
from tests.support.material_import import import_material
from tests.support.stack_operation import error_code

pytestmark = pytest.mark.deploy

MakeKey = Callable[..., str]
WEST = "eu-west-1"


@pytest.fixture
def west(aws: LocalAws) -> Any:
    return aws.session().client("kms", region_name=WEST)


@pytest.fixture
def policy(make_key_policy: Callable[..., Any], account_root: str) -> str:
    everything = {"Effect": "Allow", "Principal": {"AWS": account_root}, "Action": "kms:*", "Resource": "*"}
    return json.dumps(make_key_policy(everything))


def _replicate(kms: Any, key: str, **options: Any) -> str:
    return str(kms.replicate_key(KeyId=key, ReplicaRegion=WEST, **options)["ReplicaKeyMetadata"]["Arn"])


def _state(kms: Any, key: str) -> str:
    return str(kms.describe_key(KeyId=key)["KeyMetadata"]["KeyState"])


def _id(key: str) -> str:
    return key.rpartition("/")[2]


def test_a_replica_has_the_material_and_nothing_else_of_its_primary(
    make_key: MakeKey, kms: Any, west: Any, policy: str
) -> None:
    key = make_key(MultiRegion=True, Description="primary", Tags=[{"TagKey": "of", "TagValue": "primary"}])
    kms.enable_key_rotation(KeyId=key, RotationPeriodInDays=180)

    replica = _replicate(kms, key, Policy=policy, Description="replica", Tags=[{"TagKey": "of", "TagValue": "replica"}])

    metadata = west.describe_key(KeyId=replica)["KeyMetadata"]
    assert (metadata["Description"], metadata["KeyState"]) == ("replica", "Enabled")
    assert metadata["MultiRegionConfiguration"]["MultiRegionKeyType"] == "REPLICA"
    assert metadata["MultiRegionConfiguration"]["PrimaryKey"]["Arn"] == key
    assert west.list_resource_tags(KeyId=replica)["Tags"] == [{"TagKey": "of", "TagValue": "replica"}]
    assert json.loads(west.get_key_policy(KeyId=replica)["Policy"]) == json.loads(policy)
    assert west.get_key_rotation_status(KeyId=replica)["RotationPeriodInDays"] == 180
    sealed = kms.encrypt(KeyId=key, Plaintext=b"data")["CiphertextBlob"]
    assert west.decrypt(CiphertextBlob=sealed)["Plaintext"] == b"data"


def test_a_rotation_on_demand_of_the_primary_reaches_its_replicas(
    make_key: MakeKey, kms: Any, west: Any, policy: str
) -> None:
    key = make_key(MultiRegion=True)
    replica = _replicate(kms, key, Policy=policy)
    old = west.encrypt(KeyId=replica, Plaintext=b"old")["CiphertextBlob"]

    kms.rotate_key_on_demand(KeyId=key)

    new = kms.encrypt(KeyId=key, Plaintext=b"new")["CiphertextBlob"]
    assert [west.decrypt(CiphertextBlob=blob)["Plaintext"] for blob in (old, new)] == [b"old", b"new"]
    assert (
        kms.decrypt(CiphertextBlob=west.encrypt(KeyId=replica, Plaintext=b"n")["CiphertextBlob"])["Plaintext"] == b"n"
    )
    with pytest.raises(ClientError, match="is a multi-Region replica key"):
        west.rotate_key_on_demand(KeyId=replica)
    with pytest.raises(ClientError, match="is a multi-Region replica key"):
        west.enable_key_rotation(KeyId=replica)


def test_refuses_a_second_replica_in_a_region_even_while_the_first_waits_for_deletion(
    make_key: MakeKey, kms: Any, west: Any, policy: str
) -> None:
    key = make_key(MultiRegion=True)
    replica = _replicate(kms, key, Policy=policy)
    for _ in ("enabled", "waiting for deletion"):
        with pytest.raises(ClientError) as refused:
            _replicate(kms, key, Policy=policy)
        assert error_code(refused.value) == "AlreadyExistsException"
        if _state(west, replica) == "Enabled":
            west.schedule_key_deletion(KeyId=replica, PendingWindowInDays=7)

    west.cancel_key_deletion(KeyId=replica)
    west.enable_key(KeyId=replica)

    sealed = kms.encrypt(KeyId=key, Plaintext=b"data")["CiphertextBlob"]
    assert west.decrypt(CiphertextBlob=sealed)["Plaintext"] == b"data"


def test_a_primary_waits_for_its_replicas(make_key: MakeKey, kms: Any, west: Any, policy: str) -> None:
    key = make_key(MultiRegion=True)
    replica = _replicate(kms, key, Policy=policy)

    scheduled = kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)

    assert (scheduled["KeyState"], "DeletionDate" in scheduled) == ("PendingReplicaDeletion", False)
    assert kms.describe_key(KeyId=key)["KeyMetadata"]["PendingDeletionWindowInDays"] == 7
    with pytest.raises(ClientError, match="is pending replica deletion"):
        kms.encrypt(KeyId=key, Plaintext=b"data")
    with pytest.raises(ClientError, match="KMSInvalidStateException"):
        kms.replicate_key(KeyId=key, ReplicaRegion="us-east-1")
    assert west.encrypt(KeyId=replica, Plaintext=b"data")["KeyId"] == replica
    west.schedule_key_deletion(KeyId=replica, PendingWindowInDays=7)
    assert _state(kms, key) == "PendingReplicaDeletion"
    kms.cancel_key_deletion(KeyId=key)
    assert _state(kms, key) == "Disabled"


def test_a_replica_can_become_the_primary(make_key: MakeKey, kms: Any, west: Any, policy: str) -> None:
    key = make_key(MultiRegion=True)
    replica = _replicate(kms, key, Policy=policy)

    kms.update_primary_region(KeyId=key, PrimaryRegion=WEST)

    for client in (kms, west):
        configuration = client.describe_key(KeyId=_id(key))["KeyMetadata"]["MultiRegionConfiguration"]
        assert configuration["PrimaryKey"]["Arn"] == replica
    with pytest.raises(ClientError, match="is not a primary key with a replica in us-east-1"):
        west.update_primary_region(KeyId=replica, PrimaryRegion="us-east-1")


def test_imported_material_is_imported_into_each_member(make_key: MakeKey, kms: Any, west: Any, policy: str) -> None:
    key, material, newer = make_key(MultiRegion=True, Origin="EXTERNAL"), os.urandom(32), os.urandom(32)
    with pytest.raises(ClientError, match="is pending import"):
        _replicate(kms, key, Policy=policy)
    import_material(kms, key, material)

    replica = _replicate(kms, key, Policy=policy)

    assert _state(west, replica) == "PendingImport"
    with pytest.raises(ClientError, match="IncorrectKeyMaterialException"):
        import_material(west, replica, newer)
    import_material(west, replica, material)
    sealed = kms.encrypt(KeyId=key, Plaintext=b"data")["CiphertextBlob"]
    assert west.decrypt(CiphertextBlob=sealed)["Plaintext"] == b"data"

    with pytest.raises(ClientError, match="takes no new material"):
        import_material(west, replica, newer, ImportType="NEW_KEY_MATERIAL")
    import_material(kms, key, newer, ImportType="NEW_KEY_MATERIAL")
    assert _waiting(kms, key) == "PENDING_MULTI_REGION_IMPORT_AND_ROTATION"
    with pytest.raises(ClientError, match="no key material in the state PENDING_ROTATION"):
        kms.rotate_key_on_demand(KeyId=key)
    import_material(west, replica, newer)
    assert _waiting(kms, key) == "PENDING_ROTATION"
    kms.rotate_key_on_demand(KeyId=key)
    moved = kms.encrypt(KeyId=key, Plaintext=b"more")["CiphertextBlob"]
    assert [west.decrypt(CiphertextBlob=blob)["Plaintext"] for blob in (sealed, moved)] == [b"data", b"more"]


def _waiting(kms: Any, key: str) -> str:
    return str(
        kms.list_key_rotations(KeyId=key, IncludeKeyMaterial="ALL_KEY_MATERIAL")["Rotations"][-1]["KeyMaterialState"]
    )


@pytest.mark.parametrize(
    ("document", "why"),
    [
        ({"Principal": {"AWS": "arn:aws:iam::111122223333:role/nobody"}, "Action": "kms:*"}, "invalid principals"),
        ({"Principal": {"AWS": "ROOT"}, "Action": "kms:Decrypt"}, "will not allow you to update the key policy"),
    ],
)
def test_refuses_a_policy_that_no_key_may_have(
    make_key: MakeKey, kms: Any, account_root: str, document: dict[str, Any], why: str
) -> None:
    statement = json.dumps({"Effect": "Allow", "Resource": "*", **document}).replace("ROOT", account_root)

    with pytest.raises(ClientError, match=why) as refused:
        _replicate(kms, make_key(MultiRegion=True), Policy=f'{{"Statement": [{statement}]}}')

    assert error_code(refused.value) == "MalformedPolicyDocumentException"


def test_refuses_to_replicate_a_key_of_one_region(make_key: MakeKey, kms: Any) -> None:
    with pytest.raises(ClientError, match="is not a multi-Region key"):
        _replicate(kms, make_key())


@pytest.mark.parametrize(
    ("by_policy", "by_iam", "missing"),
    [
        ("kms:ReplicateKey", ("kms:*",), None),
        ("kms:Encrypt", ("kms:*",), "kms:ReplicateKey"),
        ("kms:ReplicateKey", ("kms:ReplicateKey",), "kms:CreateKey"),
    ],
)
def test_the_primary_s_policy_and_iam_decide_who_replicates(
    make_key: MakeKey, make_person: Callable[..., tuple[str, Any]], allow: Callable[..., Any], policy: str,
    *,     by_policy: str, by_iam: tuple[str, ...], missing: str | None,
) -> None:  # fmt: skip
    role, person = make_person(*by_iam)
    key = make_key(allow(role, by_policy), MultiRegion=True)

    if missing is None:
        assert _id(_replicate(person, key, Policy=policy)) == _id(key)
        return
    with pytest.raises(ClientError, match=f"policy allows the {missing} action"):
        _replicate(person, key, Policy=policy)
