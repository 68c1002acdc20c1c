import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local_aws import LocalAws
from tests.support.stack_operation import StackOperation

pytestmark = pytest.mark.deploy

Stacks = Callable[..., StackOperation]
Policy = Callable[..., dict[str, Any]]
WEST = "eu-west-1"
BESIDE_KEYS = ["cloudformation:DescribeStacks", "iam:CreateServiceLinkedRole"]
ADMINISTRATION = {"Effect": "Allow", "Action": ["kms:*", *BESIDE_KEYS], "Resource": "*"}
REPLICATE = {"Sid": "Replicate", "Effect": "Allow", "Action": ["kms:ReplicateKey", "kms:CancelKeyDeletion"],
             "Resource": "*"}  # fmt: skip
ID = {"Id": {"Ref": "Replica"}, "Arn": {"Fn::GetAtt": ["Replica", "Arn"]}}


def _primary(policy: dict[str, Any]) -> dict[str, Any]:
    return {"Primary": {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": policy, "MultiRegion": True}}}


def _replica(primary: object, policy: dict[str, Any], **properties: Any) -> dict[str, Any]:
    whole = {"PrimaryKeyArn": primary, "KeyPolicy": policy, **properties}
    return {"Replica": {"Type": "AWS::KMS::ReplicaKey", "Properties": whole}}


def _alias(name: str) -> dict[str, Any]:
    properties = {"AliasName": name, "TargetKeyId": {"Ref": "Replica"}}
    return {"Alias": {"Type": "AWS::KMS::Alias", "Properties": properties}}


@pytest.fixture
def policy(make_key_policy: Policy, account_root: str) -> dict[str, Any]:
    return make_key_policy({**REPLICATE, "Principal": {"AWS": account_root}})


@pytest.fixture
def west(aws: LocalAws) -> Any:
    return aws.session().client("kms", region_name=WEST)


def _described(kms: Any, key: str) -> Any:
    return kms.describe_key(KeyId=key)["KeyMetadata"]


def test_a_replica_lives_beside_its_primary_with_a_policy_alias_and_tags_of_its_own(
    aws: LocalAws, make_stacks: Stacks, policy: dict[str, Any], west: Any
) -> None:
    stacks = make_stacks(ADMINISTRATION)
    there = replace(stacks, region=WEST)
    primary = stacks.create(_primary(policy), {"Name": {"Fn::GetAtt": ["Primary", "Arn"]}})
    arn = {"Fn::GetStackOutput": {"StackName": primary.name, "OutputName": "Name", "Region": "eu-central-1"}}
    tags = [{"Key": "of", "Value": "replica"}]

    created = there.create(_replica(arn, policy, Description="first", Tags=tags) | _alias("alias/replica"), ID)

    assert (created.status, created.failures) == ("CREATE_COMPLETE", ())
    assert created.outputs["Arn"] == primary.outputs["Name"].replace("eu-central-1", WEST)
    assert _described(west, "alias/replica")["Arn"] == created.outputs["Arn"]
    changed = json.loads(json.dumps(policy).replace('"Replicate"', '"Changed"'))
    updated = there.update(
        created.name, _replica(arn, changed, Description="second", Enabled=False) | _alias("alias/replica"), ID
    )
    assert (updated.status, updated.failures) == ("UPDATE_COMPLETE", ())
    metadata = _described(west, created.outputs["Id"])
    assert (metadata["Description"], metadata["KeyState"]) == ("second", "Disabled")
    assert json.loads(west.get_key_policy(KeyId=metadata["KeyId"])["Policy"]) == changed
    original = aws.session().client("kms").get_key_policy(KeyId=primary.outputs["Name"])["Policy"]
    assert json.loads(original) == policy


def test_a_primary_waits_until_its_replicas_are_gone_and_no_new_one_comes_meanwhile(
    aws: LocalAws, make_stacks: Stacks, policy: dict[str, Any], west: Any
) -> None:
    stacks = make_stacks(ADMINISTRATION)
    there = replace(stacks, region=WEST)
    primary = stacks.create(_primary(policy), {"Arn": {"Fn::GetAtt": ["Primary", "Arn"]}})
    arn = primary.outputs["Arn"]
    created = there.create(_replica(arn, policy, PendingWindowInDays=7), ID)

    assert there.delete(created.name).status == "DELETE_COMPLETE"
    metadata = _described(west, created.outputs["Id"])
    assert metadata["KeyState"] == "PendingDeletion"
    assert (metadata["DeletionDate"] - metadata["CreationDate"]).days == 7
    again = there.create(_replica(arn, policy))
    assert again.status == "ROLLBACK_COMPLETE"
    assert "already exists" in again.failures[0]
    assert stacks.delete(primary.name).status == "DELETE_COMPLETE"
    assert _described(aws.session().client("kms"), arn)["KeyState"] == "PendingReplicaDeletion"

    kept = json.loads(json.dumps(_replica(arn, policy)))
    kept["Replica"]["DeletionPolicy"] = "RetainExceptOnCreate"
    with pytest.raises(ClientError, match="UNAVAILABLE"):
        there.take_back(kept, {"Replica": {"KeyId": metadata["KeyId"]}})
    west.cancel_key_deletion(KeyId=metadata["KeyId"])
    taken = there.take_back(kept, {"Replica": {"KeyId": metadata["KeyId"]}})
    assert taken.status == "IMPORT_COMPLETE"
    assert there.update(taken.name, _replica(arn, policy, Description="taken back")).status == "UPDATE_COMPLETE"


@pytest.mark.parametrize(
    ("by_policy", "by_role", "missing"),
    [("kms:Encrypt", "kms:*", "kms:ReplicateKey"), ("kms:ReplicateKey", "kms:Describe*", "kms:CreateKey")],
)
def test_refuses_a_replica_that_the_primary_or_iam_does_not_let_the_execution_role_make(
    make_stacks: Stacks, make_key_policy: Policy, account_root: str, *, by_policy: str, by_role: str, missing: str
) -> None:
    allowed = {**REPLICATE, "Action": by_policy, "Principal": {"AWS": account_root}}
    primary = make_stacks().create(_primary(make_key_policy(allowed)), {"Arn": {"Fn::GetAtt": ["Primary", "Arn"]}})
    stacks = replace(make_stacks({**ADMINISTRATION, "Action": by_role}), region=WEST)

    created = stacks.create(_replica(primary.outputs["Arn"], make_key_policy()))

    assert created.status == "ROLLBACK_COMPLETE"
    assert f"is not authorized to perform: {missing}" in created.failures[0]


@pytest.mark.parametrize(
    ("principal", "why"),
    [("role/nobody", "invalid principals"), ("role/PERSON", "will not allow you to update the key policy")],
)
def test_refuses_a_policy_that_no_key_may_have(
    make_stacks: Stacks, make_role: Callable[..., str], make_key_policy: Policy, policy: dict[str, Any],
    *, account_root: str, principal: str, why: str,
) -> None:  # fmt: skip
    stacks = make_stacks(ADMINISTRATION)
    primary = stacks.create(_primary(policy), {"Arn": {"Fn::GetAtt": ["Primary", "Arn"]}})
    name = principal.replace("role/PERSON", make_role().rpartition(":")[2])
    bad = make_key_policy(principal=account_root.replace("root", name))

    created = replace(stacks, region=WEST).create(_replica(primary.outputs["Arn"], bad))

    assert created.status == "ROLLBACK_COMPLETE"
    assert why in created.failures[0]


def test_refuses_to_change_the_primary_of_a_replica(make_stacks: Stacks, policy: dict[str, Any]) -> None:
    stacks = make_stacks(ADMINISTRATION)
    there = replace(stacks, region=WEST)
    first, second = [
        stacks.create(_primary(policy), {"Arn": {"Fn::GetAtt": ["Primary", "Arn"]}}).outputs["Arn"] for _ in range(2)
    ]
    created = there.create(_replica(first, policy))

    updated = there.update(created.name, _replica(second, policy))

    assert "You cannot change the PrimaryKeyArn property" in updated.failures[0]
