from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.support.stack_operation import error_code

pytestmark = pytest.mark.deploy

MakeKey = Callable[..., str]
USE: dict[str, dict[str, Any]] = {"encrypt": {"Plaintext": b"x"}, "generate_data_key": {"KeySpec": "AES_256"}}
CHANGE: dict[str, dict[str, Any]] = {
    "enable_key": {},
    "disable_key": {},
    "enable_key_rotation": {},
    "rotate_key_on_demand": {},
    "update_key_description": {"Description": "x"},
    "tag_resource": {"Tags": [{"TagKey": "a", "TagValue": "b"}]},
    "schedule_key_deletion": {},
}


def _code(call: Callable[..., object], **request: Any) -> str:
    with pytest.raises(ClientError) as refused:
        call(**request)
    return error_code(refused.value)


@pytest.mark.parametrize("operation", USE)
def test_a_disabled_key_is_of_no_use_until_it_is_enabled(make_key: MakeKey, kms: Any, operation: str) -> None:
    key = make_key()
    call = getattr(kms, operation)

    kms.disable_key(KeyId=key)
    assert _code(call, KeyId=key, **USE[operation]) == "DisabledException"

    kms.enable_key(KeyId=key)
    assert call(KeyId=key, **USE[operation])["KeyId"] == key


@pytest.mark.parametrize("operation", [*USE, *CHANGE])
def test_nothing_is_done_with_a_key_that_waits_for_deletion(make_key: MakeKey, kms: Any, operation: str) -> None:
    key = make_key()
    kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)

    assert _code(getattr(kms, operation), KeyId=key, **{**USE, **CHANGE}[operation]) == "KMSInvalidStateException"
    assert kms.describe_key(KeyId=key)["KeyMetadata"]["KeyState"] == "PendingDeletion"
    assert kms.get_key_policy(KeyId=key)["Policy"]


def test_a_key_that_is_kept_after_all_is_disabled(make_key: MakeKey, kms: Any) -> None:
    key = make_key()
    kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)

    kms.cancel_key_deletion(KeyId=key)

    metadata = kms.describe_key(KeyId=key)["KeyMetadata"]
    assert (metadata["KeyState"], "DeletionDate" in metadata) == ("Disabled", False)
    assert _code(kms.cancel_key_deletion, KeyId=key) == "KMSInvalidStateException"


@pytest.mark.parametrize("days", [6, 31])
def test_refuses_a_waiting_period_that_cannot_be(make_key: MakeKey, kms: Any, days: int) -> None:
    assert _code(kms.schedule_key_deletion, KeyId=make_key(), PendingWindowInDays=days) == "ValidationException"


def test_the_public_key_of_a_disabled_key_is_not_given_out(make_key: MakeKey, kms: Any) -> None:
    key = make_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")
    kms.disable_key(KeyId=key)

    assert _code(kms.get_public_key, KeyId=key) == "DisabledException"
