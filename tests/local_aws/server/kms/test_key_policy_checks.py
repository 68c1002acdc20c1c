import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local_aws import LocalAws
from tests.support.stack_operation import StackOperation, error_code

pytestmark = pytest.mark.deploy

Policy = Callable[..., dict[str, Any]]
LOCK_OUT = "will not allow you to update the key policy in the future"
INVALID = "invalid principals"


def _use_by(principal: str) -> dict[str, Any]:
    return {"Sid": "Use", "Effect": "Allow", "Principal": {"AWS": principal}, "Action": "kms:Decrypt", "Resource": "*"}


@pytest.fixture
def bad_policies(make_key_policy: Policy, aws: LocalAws) -> dict[str, tuple[str, str, str]]:
    """Policies that KMS refuses, with the exception and a piece of its message."""
    aws.create_role("path-less-role") if "path-less-role" not in _role_names(aws) else None
    account = aws.account
    refused = {
        "lock-out": ({**make_key_policy(principal=f"arn:aws:iam::{account}:role/path-less-role")}, LOCK_OUT),
        "no such role": (make_key_policy(_use_by(f"arn:aws:iam::{account}:role/nobody")), INVALID),
        "wrong path": (make_key_policy(_use_by(f"arn:aws:iam::{account}:role/team/path-less-role")), INVALID),
        "no such user": (make_key_policy(_use_by(f"arn:aws:iam::{account}:user/nobody")), INVALID),
        "group": (make_key_policy(_use_by(f"arn:aws:iam::{account}:group/anybody")), INVALID),
        "wildcard": (make_key_policy(_use_by(f"arn:aws:iam::{account}:role/*")), INVALID),
        "no principal": (make_key_policy({"Effect": "Allow", "Action": "kms:Decrypt", "Resource": "*"}), "principals"),
    }
    found = {
        name: (json.dumps(policy), "MalformedPolicyDocumentException", text) for name, (policy, text) in refused.items()
    }
    good = make_key_policy()
    found["characters"] = (json.dumps({**good, "Id": "\u0100"}, ensure_ascii=False), "ValidationException", "pattern")
    found["size"] = (json.dumps({**good, "Id": "x" * 32_768}), "LimitExceededException", "32768")
    found["not JSON"] = ("{", "MalformedPolicyDocumentException", "Syntax")
    return found


def _role_names(aws: LocalAws) -> set[str]:
    return {role["RoleName"] for role in aws.session().client("iam").list_roles()["Roles"]}


BAD = [
    "lock-out", "no such role", "wrong path", "no such user", "group", "wildcard", "no principal", "characters",
    "size", "not JSON",
]  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_refuses_on_create_and_on_put(
    aws: LocalAws, make_key_policy: Policy, bad_policies: dict[str, tuple[str, str, str]], name: str
) -> None:
    policy, code, text = bad_policies[name]
    kms = aws.session().client("kms")
    key_id = kms.create_key(Policy=json.dumps(make_key_policy()))["KeyMetadata"]["KeyId"]

    with pytest.raises(ClientError, match=text) as on_create:
        kms.create_key(Policy=policy)
    with pytest.raises(ClientError, match=text) as on_put:
        kms.put_key_policy(KeyId=key_id, Policy=policy)

    assert (error_code(on_create.value), error_code(on_put.value)) == (code, code)
    assert json.loads(kms.get_key_policy(KeyId=key_id)["Policy"]) == make_key_policy()


@pytest.mark.parametrize("name", ["lock-out", "no such role"])
def test_refuses_in_cloudformation_on_create_and_on_update(
    make_stacks: Callable[..., StackOperation],
    make_key_policy: Policy,
    bad_policies: dict[str, tuple[str, str, str]],
    name: str,
) -> None:
    policy, _, text = bad_policies[name]
    stacks = make_stacks()

    def key(document: dict[str, Any]) -> dict[str, Any]:
        return {"Key": {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": document}}}

    created = stacks.create(key(json.loads(policy)))
    good = stacks.create(key(make_key_policy()))
    updated = stacks.update(good.name, key(json.loads(policy)))

    assert created.status == "ROLLBACK_COMPLETE"
    assert text in created.failures[0]
    assert good.status == "CREATE_COMPLETE"
    assert updated.status == "UPDATE_ROLLBACK_COMPLETE"
    assert text in updated.failures[0]


def test_the_lock_out_check_asks_for_the_caller_and_not_for_the_administrator(
    aws: LocalAws, make_role: Callable[..., str], make_key_policy: Policy
) -> None:
    maker = make_role({"Effect": "Allow", "Action": "kms:CreateKey", "Resource": "*"}, path="/makers/")
    kms = aws.session(aws.assume(maker)).client("kms")

    kms.create_key(Policy=json.dumps(make_key_policy(principal=maker)))
    with pytest.raises(ClientError, match=LOCK_OUT):
        aws.session().client("kms").create_key(Policy=json.dumps(make_key_policy(principal=maker)))


def test_whoever_insists_may_lock_himself_out(
    aws: LocalAws, make_role: Callable[..., str], make_key_policy: Policy
) -> None:
    policy = json.dumps(make_key_policy(principal=make_role()))
    kms = aws.session().client("kms")

    key_id = kms.create_key(Policy=policy, BypassPolicyLockoutSafetyCheck=True)["KeyMetadata"]["KeyId"]
    with pytest.raises(ClientError, match="not authorized to perform: kms:PutKeyPolicy"):
        kms.put_key_policy(KeyId=key_id, Policy=policy)
