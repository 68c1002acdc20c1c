from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.support.stack_operation import error_code

pytestmark = pytest.mark.deploy

MakeKey = Callable[..., str]
OTHERS = [("RSA_2048", "ENCRYPT_DECRYPT"), ("ECC_NIST_P256", "SIGN_VERIFY"), ("HMAC_256", "GENERATE_VERIFY_MAC")]


def _material(kms: Any, key: str) -> str:
    return str(kms.describe_key(KeyId=key)["KeyMetadata"]["CurrentKeyMaterialId"])


@pytest.mark.parametrize(
    ("given", "days"), [({}, 365), ({"RotationPeriodInDays": 90}, 90), ({"RotationPeriodInDays": 2560}, 2560)]
)
def test_a_key_rotates_by_itself_after_a_period(make_key: MakeKey, kms: Any, given: dict[str, int], days: int) -> None:
    key = make_key()
    assert kms.get_key_rotation_status(KeyId=key)["KeyRotationEnabled"] is False

    kms.enable_key_rotation(KeyId=key, **given)

    status = kms.get_key_rotation_status(KeyId=key)
    assert (status["KeyRotationEnabled"], status["RotationPeriodInDays"], status["KeyId"]) == (True, days, key)
    due = datetime.now(UTC) + timedelta(days=days)
    assert abs(status["NextRotationDate"] - due) < timedelta(minutes=5)
    kms.disable_key_rotation(KeyId=key)
    assert kms.get_key_rotation_status(KeyId=key)["KeyRotationEnabled"] is False


def test_refuses_too_long_a_period(make_key: MakeKey, kms: Any) -> None:
    with pytest.raises(ClientError, match=r"Value '2561' at 'rotationPeriodInDays'.*less than or equal to 2560"):
        kms.enable_key_rotation(KeyId=make_key(), RotationPeriodInDays=2561)


@pytest.mark.parametrize("operation", ["enable_key_rotation", "disable_key_rotation", "rotate_key_on_demand"])
@pytest.mark.parametrize(("spec", "usage"), OTHERS)
def test_refuses_to_rotate_what_is_not_symmetric(
    make_key: MakeKey, kms: Any, operation: str, spec: str, usage: str
) -> None:
    key = make_key(KeySpec=spec, KeyUsage=usage)

    with pytest.raises(ClientError, match=f"{spec} which is not valid for") as refused:
        getattr(kms, operation)(KeyId=key)

    assert error_code(refused.value) == "UnsupportedOperationException"


def test_after_a_rotation_on_demand_the_old_material_decrypts_and_the_new_encrypts(make_key: MakeKey, kms: Any) -> None:
    key = make_key()
    first = _material(kms, key)
    old = kms.encrypt(KeyId=key, Plaintext=b"old")["CiphertextBlob"]

    assert kms.rotate_key_on_demand(KeyId=key)["KeyId"] == key

    second = _material(kms, key)
    new = kms.encrypt(KeyId=key, Plaintext=b"new")["CiphertextBlob"]
    opened = [kms.decrypt(CiphertextBlob=blob) for blob in (old, new)]
    assert [(each["Plaintext"], each["KeyMaterialId"]) for each in opened] == [(b"old", first), (b"new", second)]
    rotations = kms.list_key_rotations(KeyId=key)["Rotations"]
    assert [(each["RotationType"], each["KeyMaterialState"]) for each in rotations] == [("ON_DEMAND", "CURRENT")]
    whole = kms.list_key_rotations(KeyId=key, IncludeKeyMaterial="ALL_KEY_MATERIAL")["Rotations"]
    assert [(each["KeyMaterialId"], each["KeyMaterialState"]) for each in whole] == [
        (first, "NON_CURRENT"),
        (second, "CURRENT"),
    ]
    assert "RotationDate" not in whole[0]
    assert "OnDemandRotationStartDate" not in kms.get_key_rotation_status(KeyId=key)


def test_refuses_the_twenty_sixth_rotation_on_demand(make_key: MakeKey, kms: Any) -> None:
    key = make_key()
    for _ in range(25):
        kms.rotate_key_on_demand(KeyId=key)

    with pytest.raises(ClientError) as refused:
        kms.rotate_key_on_demand(KeyId=key)

    assert error_code(refused.value) == "LimitExceededException"
    pages = kms.get_paginator("list_key_rotations").paginate(KeyId=key, PaginationConfig={"PageSize": 10})
    assert [len(page["Rotations"]) for page in pages] == [10, 10, 5]


@pytest.mark.parametrize("operation", ["enable_key_rotation", "rotate_key_on_demand"])
def test_refuses_to_rotate_a_disabled_key(make_key: MakeKey, kms: Any, operation: str) -> None:
    key = make_key()
    kms.disable_key(KeyId=key)

    with pytest.raises(ClientError, match="DisabledException"):
        getattr(kms, operation)(KeyId=key)


def test_a_key_that_waits_for_deletion_does_not_rotate_until_it_is_kept(make_key: MakeKey, kms: Any) -> None:
    key = make_key()
    kms.enable_key_rotation(KeyId=key)

    kms.schedule_key_deletion(KeyId=key)
    assert kms.get_key_rotation_status(KeyId=key)["KeyRotationEnabled"] is False

    kms.cancel_key_deletion(KeyId=key)
    assert kms.get_key_rotation_status(KeyId=key)["KeyRotationEnabled"] is True
