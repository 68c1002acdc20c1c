import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local_aws import LocalAws
from tests.support.stack_operation import StackOperation

pytestmark = pytest.mark.deploy

USE = {"Effect": "Allow", "Action": "kms:GenerateDataKey", "Resource": "*"}
Policy = Callable[..., dict[str, Any]]


def _may_use(aws: LocalAws, role: str, key_id: str) -> bool:
    try:
        aws.session(aws.assume(role)).client("kms").generate_data_key(KeyId=key_id, KeySpec="AES_256")
    except ClientError as error:
        assert "no resource-based policy allows the kms:GenerateDataKey action" in str(error)  # noqa: PT017
        return False
    return True


def _create_again(aws: LocalAws, role: str) -> None:
    iam, name = aws.session().client("iam"), role.rsplit("/", 1)[1]
    iam.delete_role_policy(RoleName=name, PolicyName="role")
    iam.delete_role(RoleName=name)
    assert aws.create_role(name, USE) == role


@pytest.fixture
def policy_for(make_key_policy: Policy, account_root: str) -> Callable[[str, str], dict[str, Any]]:
    def make(role: str, way: str) -> dict[str, Any]:
        by_name = {"Principal": {"AWS": account_root}, "Condition": {"ArnEquals": {"aws:PrincipalArn": role}}}
        return make_key_policy({**USE, "Sid": "Use", **({"Principal": {"AWS": role}} if way == "ARN" else by_name)})

    return make


@pytest.mark.parametrize(("way", "is_kept"), [("ARN", False), ("name", True)])
def test_a_new_role_of_the_same_name_has_access_only_where_the_policy_goes_by_names(
    aws: LocalAws,
    make_role: Callable[..., str],
    policy_for: Callable[[str, str], dict[str, Any]],
    *,
    way: str,
    is_kept: bool,
) -> None:
    role = make_role(USE)
    kms = aws.session().client("kms")
    key = kms.create_key(Policy=json.dumps(policy_for(role, way)))["KeyMetadata"]["KeyId"]
    assert _may_use(aws, role, key)
    assert json.loads(kms.get_key_policy(KeyId=key)["Policy"]) == policy_for(role, way)

    _create_again(aws, role)

    assert _may_use(aws, role, key) is is_kept
    assert ("AROA" in kms.get_key_policy(KeyId=key)["Policy"]) is not is_kept


def test_setting_the_policy_again_binds_it_to_the_new_role(
    aws: LocalAws, make_role: Callable[..., str], policy_for: Callable[[str, str], dict[str, Any]]
) -> None:
    role = make_role(USE)
    kms = aws.session().client("kms")
    key = kms.create_key(Policy=json.dumps(policy_for(role, "ARN")))["KeyMetadata"]["KeyId"]
    _create_again(aws, role)

    kms.put_key_policy(KeyId=key, Policy=json.dumps(policy_for(role, "ARN")))

    assert _may_use(aws, role, key)


def test_a_stack_update_sets_only_a_policy_that_the_template_changed(
    aws: LocalAws,
    make_role: Callable[..., str],
    make_stacks: Callable[..., StackOperation],
    policy_for: Callable[[str, str], dict[str, Any]],
) -> None:
    role, stacks = make_role(USE), make_stacks()

    def key(policy: dict[str, Any], description: str) -> dict[str, Any]:
        return {"Key": {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": policy, "Description": description}}}

    created = stacks.create(key(policy_for(role, "ARN"), "first"), {"Key": {"Ref": "Key"}})
    key_id = created.outputs["Key"]
    assert _may_use(aws, role, key_id)
    _create_again(aws, role)

    stacks.update(created.name, key(policy_for(role, "ARN"), "second"))
    assert not _may_use(aws, role, key_id)

    changed = policy_for(role, "ARN")
    changed["Statement"][1]["Sid"] = "UseAgain"
    stacks.update(created.name, key(changed, "second"))
    assert _may_use(aws, role, key_id)
