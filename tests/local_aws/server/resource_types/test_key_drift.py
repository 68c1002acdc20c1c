import json
from collections.abc import Callable
from typing import Any

import pytest

from local_aws import LocalAws
from tests.support.stack_operation import StackOperation

pytestmark = pytest.mark.deploy


def test_what_was_changed_behind_a_stack_is_said(
    aws: LocalAws, make_stacks: Callable[..., StackOperation], make_key_policy: Callable[..., dict[str, Any]]
) -> None:
    kms, cloudformation = aws.session().client("kms"), aws.session().client("cloudformation")
    properties = {"Description": "orders", "EnableKeyRotation": True, "KeyPolicy": make_key_policy()}
    stacks = make_stacks()
    created = stacks.create({"Key": {"Type": "AWS::KMS::Key", "Properties": properties}}, {"Id": {"Ref": "Key"}})
    key = created.outputs["Id"]

    def drift() -> dict[str, Any]:
        found = cloudformation.detect_stack_resource_drift(StackName=created.name, LogicalResourceId="Key")
        return dict(found["StackResourceDrift"])

    assert drift()["StackResourceDriftStatus"] == "IN_SYNC"
    assert json.loads(drift()["ExpectedProperties"]) == properties

    kms.disable_key_rotation(KeyId=key)
    kms.update_key_description(KeyId=key, Description="mine")
    changed = {each["PropertyPath"]: each["ActualValue"] for each in drift()["PropertyDifferences"]}
    assert changed == {"/Description": "mine", "/EnableKeyRotation": "false"}

    kms.schedule_key_deletion(KeyId=key)
    assert drift()["StackResourceDriftStatus"] == "DELETED"
