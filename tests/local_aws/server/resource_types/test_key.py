import json
from collections.abc import Callable
from typing import Any

import pytest

from local_aws import LocalAws
from tests.support.stack_operation import StackOperation

pytestmark = pytest.mark.deploy

Stacks = Callable[..., StackOperation]
Policy = Callable[..., dict[str, Any]]
ADMINISTRATION = {"Effect": "Allow", "Action": "kms:*", "Resource": "*"}
WINDOW, PERIOD = "kms:ScheduleKeyDeletionPendingWindowInDays", "kms:RotationPeriodInDays"


def _deny(*actions: str, **condition: Any) -> dict[str, Any]:
    conditions = {"Condition": condition} if condition else {}
    return {"Effect": "Deny", "Principal": "*", "Action": list(actions), "Resource": "*", **conditions}


def _key(policy: dict[str, Any], **properties: Any) -> dict[str, Any]:
    return {"Key": {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": policy, **properties}}}


def _described(aws: LocalAws, key: str) -> Any:
    return aws.session().client("kms").describe_key(KeyId=key)["KeyMetadata"]


ID = {"Id": {"Ref": "Key"}}


def test_a_key_is_what_its_template_says_and_becomes_what_the_next_one_says(
    aws: LocalAws, make_stacks: Stacks, make_key_policy: Policy
) -> None:
    stacks, kms = make_stacks(ADMINISTRATION), aws.session().client("kms")
    policy = make_key_policy()
    tags = [{"Key": "of", "Value": "first"}, {"Key": "gone", "Value": "soon"}]
    created = stacks.create(
        _key(policy, Description="first", Tags=tags, EnableKeyRotation=True, RotationPeriodInDays=90), ID
    )
    key = created.outputs["Id"]
    assert kms.get_key_rotation_status(KeyId=key)["RotationPeriodInDays"] == 90
    assert {tag["TagKey"] for tag in kms.list_resource_tags(KeyId=key)["Tags"]} >= {"of", "gone"}

    changed = json.loads(json.dumps(policy).replace('"Administration"', '"Changed"'))
    updated = stacks.update(
        created.name, _key(changed, Description="second", Tags=[{"Key": "of", "Value": "second"}], Enabled=False), ID
    )

    assert (updated.status, updated.failures) == ("UPDATE_COMPLETE", ())
    metadata = _described(aws, key)
    assert (metadata["Description"], metadata["KeyState"]) == ("second", "Disabled")
    assert kms.get_key_rotation_status(KeyId=key)["KeyRotationEnabled"] is False
    assert json.loads(kms.get_key_policy(KeyId=key)["Policy"]) == changed
    own = [tag for tag in kms.list_resource_tags(KeyId=key)["Tags"] if not tag["TagKey"].startswith("aws:")]
    assert own == [{"TagKey": "of", "TagValue": "second"}]


def test_a_key_is_created_disabled_with_rotation_and_enabled_later(
    aws: LocalAws, make_stacks: Stacks, make_key_policy: Policy
) -> None:
    stacks = make_stacks(ADMINISTRATION)
    created = stacks.create(_key(make_key_policy(), Enabled=False, EnableKeyRotation=True), ID)
    assert _described(aws, created.outputs["Id"])["KeyState"] == "Disabled"

    refused = stacks.update(created.name, _key(make_key_policy(), Enabled=False), ID)
    assert "You cannot modify the EnableKeyRotation property when the Enabled property is false" in refused.failures[0]

    assert stacks.update(created.name, _key(make_key_policy(), EnableKeyRotation=True), ID).status == "UPDATE_COMPLETE"
    assert _described(aws, created.outputs["Id"])["KeyState"] == "Enabled"


@pytest.mark.parametrize(
    ("name", "value"),
    [("KeySpec", "RSA_2048"), ("KeyUsage", "SIGN_VERIFY"), ("Origin", "EXTERNAL"), ("MultiRegion", True)],
)
def test_refuses_to_change_what_a_key_is(
    make_stacks: Stacks, make_key_policy: Policy, name: str, value: object
) -> None:
    stacks = make_stacks(ADMINISTRATION)
    created = stacks.create(_key(make_key_policy()))

    updated = stacks.update(created.name, _key(make_key_policy(), **{name: value}))

    assert updated.status == "UPDATE_ROLLBACK_COMPLETE"
    assert name in updated.failures[0]


def test_a_key_waits_for_deletion_as_long_as_its_template_says(
    aws: LocalAws, make_stacks: Stacks, make_key_policy: Policy
) -> None:
    stacks = make_stacks(ADMINISTRATION)
    created = stacks.create(_key(make_key_policy(), PendingWindowInDays=7), ID)

    assert stacks.delete(created.name).status == "DELETE_COMPLETE"

    metadata = _described(aws, created.outputs["Id"])
    assert metadata["KeyState"] == "PendingDeletion"
    assert 6 < (metadata["DeletionDate"] - metadata["CreationDate"]).days + 1 <= 8


def test_a_key_that_cannot_be_finished_is_not_left_behind(
    aws: LocalAws, make_stacks: Stacks, make_key_policy: Policy
) -> None:
    before = _keys(aws)

    created = make_stacks(ADMINISTRATION).create(_key(make_key_policy(), Origin="EXTERNAL", Enabled=False))

    assert created.status == "ROLLBACK_COMPLETE"
    assert "is pending import" in created.failures[0]
    assert [_described(aws, key)["KeyState"] for key in _keys(aws) - before] == ["PendingDeletion"]


def _keys(aws: LocalAws) -> set[str]:
    pages = aws.session().client("kms").get_paginator("list_keys").paginate()
    return {each["KeyId"] for page in pages for each in page["Keys"]}


@pytest.mark.parametrize(
    ("guard", "properties"),
    [
        (_deny("kms:ScheduleKeyDeletion", NumericLessThan={WINDOW: "30"}), {}),
        (_deny("kms:ScheduleKeyDeletion", NumericLessThan={WINDOW: "30"}), {"PendingWindowInDays": 30}),
        (_deny("kms:EnableKeyRotation", NumericGreaterThan={PERIOD: "365"}), {"EnableKeyRotation": True}),
        (_deny("kms:PutKeyPolicy", Bool={"kms:BypassPolicyLockoutSafetyCheck": "true"}), {}),
        (_deny("kms:DisableKey", "kms:EnableKey", "kms:DisableKeyRotation", "kms:UntagResource"), {}),
    ],
)
def test_a_guard_does_not_hit_what_a_deployment_does_not_do(
    make_stacks: Stacks, make_key_policy: Policy, guard: dict[str, Any], properties: dict[str, Any]
) -> None:
    stacks = make_stacks(ADMINISTRATION)
    policy = make_key_policy(guard)

    created = stacks.create(_key(policy, **properties))
    updated = stacks.update(created.name, _key(policy, **properties, Description="changed"))
    deleted = stacks.delete(created.name)

    assert (created.failures, updated.failures, deleted.failures) == ((), (), ())
    assert [each.status for each in (created, updated, deleted)] == [
        "CREATE_COMPLETE", "UPDATE_COMPLETE", "DELETE_COMPLETE",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("guard", "properties", "action"),
    [
        (_deny("kms:EnableKeyRotation", NumericGreaterThan={PERIOD: "365"}),
         {"EnableKeyRotation": True, "RotationPeriodInDays": 366}, "kms:EnableKeyRotation"),
        (_deny("kms:DisableKey"), {"Enabled": False}, "kms:DisableKey"),
        (_deny("kms:TagResource"), {"Tags": [{"Key": "a", "Value": "b"}]}, "kms:TagResource"),
    ],
)  # fmt: skip
def test_a_guard_hits_a_deployment_that_does_what_it_forbids(
    make_stacks: Stacks, make_key_policy: Policy, guard: dict[str, Any], properties: dict[str, Any], action: str
) -> None:
    created = make_stacks(ADMINISTRATION).create(_key(make_key_policy(guard), **properties))

    assert created.status == "ROLLBACK_COMPLETE"
    assert f"is not authorized to perform: {action}" in created.failures[0]


def test_a_guard_hits_a_destruction_with_too_short_a_window(make_stacks: Stacks, make_key_policy: Policy) -> None:
    stacks = make_stacks(ADMINISTRATION)
    policy = make_key_policy(_deny("kms:ScheduleKeyDeletion", NumericLessThan={WINDOW: "30"}))
    created = stacks.create(_key(policy, PendingWindowInDays=29))

    deleted = stacks.delete(created.name)

    assert deleted.status == "DELETE_FAILED"
    assert "kms:ScheduleKeyDeletion" in deleted.failures[0]
