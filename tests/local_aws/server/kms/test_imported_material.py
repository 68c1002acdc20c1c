import os
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from local_aws import LocalAws
from tests.support.listening import Listening
from tests.support.material_import import import_material
from tests.support.stack_operation import StackOperation, error_code

pytestmark = pytest.mark.deploy

MakeKey = Callable[..., str]
NEW = {"ImportType": "NEW_KEY_MATERIAL"}


def _state(kms: Any, key: str) -> str:
    return str(kms.describe_key(KeyId=key)["KeyMetadata"]["KeyState"])


def _encrypt(kms: Any, key: str, plaintext: bytes) -> bytes:
    return bytes(kms.encrypt(KeyId=key, Plaintext=plaintext)["CiphertextBlob"])


def test_a_key_is_usable_once_its_material_is_imported(make_key: MakeKey, kms: Any) -> None:
    key = make_key(Origin="EXTERNAL")
    assert _state(kms, key) == "PendingImport"
    with pytest.raises(ClientError, match="is pending import") as refused:
        _encrypt(kms, key, b"data")
    assert error_code(refused.value) == "KMSInvalidStateException"

    imported = import_material(kms, key, os.urandom(32))

    metadata = kms.describe_key(KeyId=key)["KeyMetadata"]
    assert (metadata["KeyState"], metadata["Origin"], metadata["CurrentKeyMaterialId"]) == (
        "Enabled", "EXTERNAL", imported["KeyMaterialId"]
    )  # fmt: skip
    assert metadata["ExpirationModel"] == "KEY_MATERIAL_DOES_NOT_EXPIRE"
    assert kms.decrypt(CiphertextBlob=_encrypt(kms, key, b"data"))["Plaintext"] == b"data"


def test_only_the_same_material_comes_back(make_key: MakeKey, kms: Any) -> None:
    key, material = make_key(Origin="EXTERNAL"), os.urandom(32)
    identifier = import_material(kms, key, material)["KeyMaterialId"]
    sealed = _encrypt(kms, key, b"data")

    assert kms.delete_imported_key_material(KeyId=key)["KeyMaterialId"] == identifier
    assert _state(kms, key) == "PendingImport"
    with pytest.raises(ClientError, match="is pending import"):
        kms.decrypt(KeyId=key, CiphertextBlob=sealed)
    with pytest.raises(ClientError, match="IncorrectKeyMaterialException"):
        import_material(kms, key, os.urandom(32))
    assert _state(kms, key) == "PendingImport"

    assert import_material(kms, key, material)["KeyMaterialId"] == identifier
    assert kms.decrypt(CiphertextBlob=sealed)["Plaintext"] == b"data"


def test_material_that_expires_says_when_and_is_gone_then(aws: LocalAws, make_key: MakeKey, kms: Any) -> None:
    key, material = make_key(Origin="EXTERNAL"), os.urandom(32)
    pattern = {"detail-type": ["KMS Imported Key Material Expiration"], "resources": [key]}
    heard = Listening(aws, f"hears-{key[-36:]}", pattern, aws.region)
    soon = datetime.now(UTC) + timedelta(seconds=1.5)

    import_material(kms, key, material, ExpirationModel="KEY_MATERIAL_EXPIRES", ValidTo=soon)

    metadata = kms.describe_key(KeyId=key)["KeyMetadata"]
    assert metadata["ExpirationModel"] == "KEY_MATERIAL_EXPIRES"
    assert abs(metadata["ValidTo"] - soon) < timedelta(seconds=1)
    time.sleep(max(0.0, (soon - datetime.now(UTC)).total_seconds() + 0.1))
    assert _state(kms, key) == "PendingImport"
    assert [event["source"] for event in heard.hear(1)] == ["aws.kms"]
    import_material(kms, key, material)
    assert "ValidTo" not in kms.describe_key(KeyId=key)["KeyMetadata"]


@pytest.mark.parametrize(
    ("days", "model", "why"),
    [
        (-1, "KEY_MATERIAL_EXPIRES", "in the future"),
        (366, "KEY_MATERIAL_EXPIRES", "at most 365 days"),
        (1, "KEY_MATERIAL_DOES_NOT_EXPIRE", "only valid when"),
    ],
)
def test_refuses_a_date_that_cannot_be(make_key: MakeKey, kms: Any, days: int, model: str, why: str) -> None:
    when = datetime.now(UTC) + timedelta(days=days)

    with pytest.raises(ClientError, match=why):
        import_material(kms, make_key(Origin="EXTERNAL"), os.urandom(32), ExpirationModel=model, ValidTo=when)


def test_new_material_is_rotated_in_on_demand(make_key: MakeKey, kms: Any) -> None:
    key = make_key(Origin="EXTERNAL")
    first = import_material(kms, key, os.urandom(32))["KeyMaterialId"]
    old = _encrypt(kms, key, b"old")
    with pytest.raises(ClientError, match="no key material in the state PENDING_ROTATION"):
        kms.rotate_key_on_demand(KeyId=key)

    second = import_material(kms, key, os.urandom(32), **NEW, KeyMaterialDescription="of 2026")["KeyMaterialId"]

    assert kms.describe_key(KeyId=key)["KeyMetadata"]["CurrentKeyMaterialId"] == first
    waiting = kms.list_key_rotations(KeyId=key, IncludeKeyMaterial="ALL_KEY_MATERIAL")["Rotations"][-1]
    assert (waiting["KeyMaterialState"], waiting["KeyMaterialDescription"]) == ("PENDING_ROTATION", "of 2026")
    kms.rotate_key_on_demand(KeyId=key)
    assert kms.describe_key(KeyId=key)["KeyMetadata"]["CurrentKeyMaterialId"] == second
    assert kms.decrypt(CiphertextBlob=old)["KeyMaterialId"] == first
    kms.delete_imported_key_material(KeyId=key, KeyMaterialId=first)
    assert _state(kms, key) == "PendingImport"


def test_refuses_new_material_that_is_known_and_a_second_that_waits(make_key: MakeKey, kms: Any) -> None:
    key, material = make_key(Origin="EXTERNAL"), os.urandom(32)
    import_material(kms, key, material)
    with pytest.raises(ClientError, match="IncorrectKeyMaterialException"):
        import_material(kms, key, material, **NEW)
    waiting = import_material(kms, key, os.urandom(32), **NEW)["KeyMaterialId"]

    with pytest.raises(ClientError, match="already has key material that waits"):
        import_material(kms, key, os.urandom(32), **NEW)

    kms.delete_imported_key_material(KeyId=key, KeyMaterialId=waiting)
    assert _state(kms, key) == "Enabled"
    assert import_material(kms, key, os.urandom(32), **NEW)["KeyMaterialId"] != waiting


def test_other_kinds_of_keys_have_one_material_for_ever(make_key: MakeKey, kms: Any) -> None:
    key = make_key(Origin="EXTERNAL", KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")
    private, other = [
        ec.generate_private_key(ec.SECP256R1()).private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        for _ in range(2)
    ]
    import_material(kms, key, private)
    request = {"KeyId": key, "Message": b"artefact", "SigningAlgorithm": "ECDSA_SHA_256"}
    signature = kms.sign(**request)["Signature"]

    kms.delete_imported_key_material(KeyId=key)
    with pytest.raises(ClientError, match="is pending import"):
        kms.sign(**request)
    with pytest.raises(ClientError, match="IncorrectKeyMaterialException"):
        import_material(kms, key, other)

    import_material(kms, key, private)
    assert kms.verify(**request, Signature=signature)["SignatureValid"]


def test_automatic_rotation_is_for_keys_that_kms_made(make_key: MakeKey, kms: Any) -> None:
    with pytest.raises(ClientError, match="origin is EXTERNAL which is not valid for this operation"):
        kms.enable_key_rotation(KeyId=make_key(Origin="EXTERNAL"))


@pytest.mark.parametrize("operation", ["enable_key", "disable_key"])
def test_refuses_to_switch_a_key_without_material(make_key: MakeKey, kms: Any, operation: str) -> None:
    with pytest.raises(ClientError, match="is pending import"):
        getattr(kms, operation)(KeyId=make_key(Origin="EXTERNAL"))


def test_a_key_without_material_that_is_kept_still_waits_for_it(make_key: MakeKey, kms: Any) -> None:
    key = make_key(Origin="EXTERNAL")
    kms.schedule_key_deletion(KeyId=key)

    kms.cancel_key_deletion(KeyId=key)

    assert _state(kms, key) == "PendingImport"


@pytest.mark.parametrize(
    ("actions", "refused"),
    [
        (("kms:GetParametersForImport", "kms:ImportKeyMaterial"), None),
        (("kms:GetParametersForImport",), "kms:ImportKeyMaterial"),
        (("kms:ImportKeyMaterial",), "kms:GetParametersForImport"),
    ],
)
def test_the_key_policy_decides_who_imports(
    make_key: MakeKey, make_person: Callable[..., tuple[str, Any]], allow: Callable[..., dict[str, Any]],
    *, actions: tuple[str, ...], refused: str | None,
) -> None:  # fmt: skip
    role, person = make_person()
    key = make_key(allow(role, *actions), Origin="EXTERNAL")

    if refused is None:
        assert import_material(person, key, os.urandom(32))["KeyId"] == key
        with pytest.raises(ClientError, match="kms:DeleteImportedKeyMaterial"):
            person.delete_imported_key_material(KeyId=key)
        return
    with pytest.raises(ClientError, match=f"no resource-based policy allows the {refused} action"):
        import_material(person, key, os.urandom(32))


def test_cloudformation_makes_a_key_that_waits_for_its_material_and_leaves_it_so(
    make_stacks: Callable[..., StackOperation], make_key_policy: Callable[..., Any], kms: Any, account_root: str
) -> None:
    everything = {"Effect": "Allow", "Principal": {"AWS": account_root}, "Action": "kms:*", "Resource": "*"}
    properties = {"KeyPolicy": make_key_policy(everything), "Origin": "EXTERNAL"}
    key = {"Key": {"Type": "AWS::KMS::Key", "Properties": properties}}
    stacks = make_stacks()

    created = stacks.create(key, {"Id": {"Ref": "Key"}})

    key_id = created.outputs["Id"]
    assert (created.status, _state(kms, key_id)) == ("CREATE_COMPLETE", "PendingImport")
    changed = {"Key": {**key["Key"], "Properties": {**properties, "Description": "still waiting"}}}
    assert stacks.update(created.name, changed).status == "UPDATE_COMPLETE"
    assert _state(kms, key_id) == "PendingImport"
    import_material(kms, key_id, os.urandom(32))
    assert _encrypt(kms, key_id, b"data")
