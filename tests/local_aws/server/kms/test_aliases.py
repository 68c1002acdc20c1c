from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.support.stack_operation import StackOperation

pytestmark = pytest.mark.deploy

MakeKey = Callable[..., str]
SIGN = {"KeySpec": "ECC_NIST_P256", "KeyUsage": "SIGN_VERIFY"}


def test_an_alias_moves_to_a_key_of_the_same_kind_out_of_any_state(make_key: MakeKey, kms: Any) -> None:
    old, new = make_key(**SIGN), make_key(KeySpec="RSA_2048", KeyUsage="SIGN_VERIFY")
    kms.create_alias(AliasName="alias/moving", TargetKeyId=old)
    kms.schedule_key_deletion(KeyId=old)

    kms.update_alias(AliasName="alias/moving", TargetKeyId=new)

    assert kms.describe_key(KeyId="alias/moving")["KeyMetadata"]["Arn"] == new


@pytest.mark.parametrize(
    "other",
    [
        {"KeySpec": "ECC_NIST_P256", "KeyUsage": "KEY_AGREEMENT"},
        {"KeySpec": "HMAC_256", "KeyUsage": "GENERATE_VERIFY_MAC"},
        {},
    ],
)
def test_refuses_to_move_an_alias_to_a_key_of_another_kind(
    make_key: MakeKey, kms: Any, make_stacks: Callable[..., StackOperation], other: dict[str, str]
) -> None:
    old, new = make_key(**SIGN), make_key(**other)
    name = f"alias/{old.rpartition('/')[2]}"
    stacks = make_stacks()

    def alias(target: str) -> dict[str, Any]:
        return {"Alias": {"Type": "AWS::KMS::Alias", "Properties": {"AliasName": name, "TargetKeyId": target}}}

    created = stacks.create(alias(old))
    with pytest.raises(ClientError, match="another type or usage"):
        kms.update_alias(AliasName=name, TargetKeyId=new)
    updated = stacks.update(created.name, alias(new))

    assert updated.status == "UPDATE_ROLLBACK_COMPLETE"
    assert "another type or usage" in updated.failures[0]
    assert kms.describe_key(KeyId=name)["KeyMetadata"]["Arn"] == old


def test_refuses_to_move_an_alias_to_a_key_that_waits_for_deletion(make_key: MakeKey, kms: Any) -> None:
    old, new = make_key(), make_key()
    kms.create_alias(AliasName="alias/staying", TargetKeyId=old)
    kms.schedule_key_deletion(KeyId=new)

    with pytest.raises(ClientError, match=f"{new} is pending deletion"):
        kms.update_alias(AliasName="alias/staying", TargetKeyId=new)
