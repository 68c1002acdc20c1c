"""What CloudFormation leaves behind decides whether a durable key survives and a failed one blocks nothing."""

from collections.abc import Callable
from typing import Any

import pytest

from local_aws import LocalAws
from tests.support.stack_operation import StackOperation

pytestmark = pytest.mark.deploy

Stacks = Callable[..., StackOperation]
Policy = Callable[..., dict[str, Any]]
FAILS = {"Type": "AWS::KMS::Alias", "Properties": {"AliasName": "alias/aws/reserved", "TargetKeyId": {"Ref": "Key"}}}


def _kept(policy: dict[str, Any], deletion: str, alias: str) -> dict[str, Any]:
    rules = {"DeletionPolicy": deletion, "UpdateReplacePolicy": deletion}
    return {
        "Key": {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": policy}, **rules},
        "Alias": {
            "Type": "AWS::KMS::Alias",
            "Properties": {"AliasName": alias, "TargetKeyId": {"Ref": "Key"}},
            **rules,
        },
    }


def _state(aws: LocalAws, key_id: str) -> str:
    return aws.session().client("kms").describe_key(KeyId=key_id)["KeyMetadata"]["KeyState"]


def _aliases(aws: LocalAws) -> set[str]:
    return {each["AliasName"] for each in aws.session().client("kms").list_aliases()["Aliases"]}


@pytest.mark.parametrize(
    ("deletion", "is_left"), [("Delete", False), ("RetainExceptOnCreate", False), ("Retain", True)]
)
def test_a_failed_first_creation_leaves_what_its_deletion_policy_says(
    aws: LocalAws, make_stacks: Stacks, make_key_policy: Policy, *, deletion: str, is_left: bool
) -> None:
    alias = f"alias/failed-{deletion}"
    resources = _kept(make_key_policy(), deletion, alias)

    failed = make_stacks().create(resources | {"Fails": {**FAILS, "DependsOn": "Alias"}})

    assert failed.status == "ROLLBACK_COMPLETE"
    assert (alias in _aliases(aws)) is is_left


@pytest.mark.parametrize(("deletion", "state"), [("RetainExceptOnCreate", "Enabled"), ("Delete", "PendingDeletion")])
def test_a_deleted_stack_leaves_what_its_deletion_policy_says(
    aws: LocalAws, make_stacks: Stacks, make_key_policy: Policy, deletion: str, state: str
) -> None:
    stacks = make_stacks()
    alias = f"alias/deleted-{deletion}"
    created = stacks.create(_kept(make_key_policy(), deletion, alias), {"Key": {"Ref": "Key"}})

    assert stacks.delete(created.name).status == "DELETE_COMPLETE"

    assert _state(aws, created.outputs["Key"]) == state
    assert (alias in _aliases(aws)) is (state == "Enabled")


def test_a_key_that_leaves_the_template_is_kept(aws: LocalAws, make_stacks: Stacks, make_key_policy: Policy) -> None:
    stacks = make_stacks()
    created = stacks.create(_kept(make_key_policy(), "RetainExceptOnCreate", "alias/leaving"), {"Key": {"Ref": "Key"}})

    updated = stacks.update(created.name, {"Topic": {"Type": "AWS::SNS::Topic"}})

    assert updated.status == "UPDATE_COMPLETE"
    assert _state(aws, created.outputs["Key"]) == "Enabled"


def test_a_key_added_by_an_update_that_fails_is_removed(
    aws: LocalAws, make_stacks: Stacks, make_key_policy: Policy
) -> None:
    stacks = make_stacks()
    created = stacks.create({"Topic": {"Type": "AWS::SNS::Topic"}})
    added = _kept(make_key_policy(), "RetainExceptOnCreate", "alias/added")

    updated = stacks.update(
        created.name, {"Topic": {"Type": "AWS::SNS::Topic"}, **added, "Fails": {**FAILS, "DependsOn": "Alias"}}
    )

    assert updated.status == "UPDATE_ROLLBACK_COMPLETE"
    assert "alias/added" not in _aliases(aws)


def test_a_key_and_its_alias_are_taken_back_by_an_import(
    aws: LocalAws, make_stacks: Stacks, make_key_policy: Policy
) -> None:
    stacks = make_stacks()
    resources = _kept(make_key_policy(), "RetainExceptOnCreate", "alias/taken-back")
    created = stacks.create(resources, {"Key": {"Ref": "Key"}})
    key_id = created.outputs["Key"]
    stacks.delete(created.name)

    taken = stacks.take_back(
        {
            **resources,
            "Alias": {**resources["Alias"], "Properties": {"AliasName": "alias/taken-back", "TargetKeyId": key_id}},
        },
        {"Key": {"KeyId": key_id}, "Alias": {"AliasName": "alias/taken-back"}},
    )
    changed = {**resources["Key"]["Properties"], "Description": "taken back"}
    updated = stacks.update(taken.name, {**resources, "Key": {**resources["Key"], "Properties": changed}})

    assert taken.status == "IMPORT_COMPLETE"
    assert (updated.status, updated.failures) == ("UPDATE_COMPLETE", ())
    metadata = aws.session().client("kms").describe_key(KeyId="alias/taken-back")["KeyMetadata"]
    assert (metadata["KeyId"], metadata["Description"]) == (key_id, "taken back")
