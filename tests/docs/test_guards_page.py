"""The page on guards: its example works, and its service control policy is decided by the independent engine."""

import json
import re
from collections.abc import Iterator
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from tests.support.control_policy import denies
from tests.support.policy_mutants import listed

_PAGE = (Path(__file__).resolve().parents[2] / "docs" / "guards.md").read_text()
_POLICY: dict[str, Any] = json.loads(re.findall(r"```json\n(.*?)```", _PAGE, re.DOTALL)[0])

# https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html
_LARGEST = 5_120

_ACCOUNT = "arn:aws:iam::111122223333"
_KEY = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
_STACK = "arn:aws:cloudformation:eu-west-1:111122223333:stack/Payments/1234abcd-12ab-34cd-56ef-1234567890ab"
_EXECUTION = f"{_ACCOUNT}:role/cdk-hnb659fds-cfn-exec-role-111122223333-eu-west-1"
_DEPLOY = f"{_ACCOUNT}:role/cdk-hnb659fds-deploy-role-111122223333-eu-west-1"
_PLATFORM = f"{_ACCOUNT}:role/platform-admin"
_OTHERS = (
    f"{_ACCOUNT}:role/Administrator",
    f"{_ACCOUNT}:root",
    f"{_ACCOUNT}:user/cdk-hnb659fds-cfn-exec-role-111122223333-eu-west-1",
    f"{_ACCOUNT}:role/ops/cdk-hnb659fds-cfn-exec-role-111122223333-eu-west-1",
)
_EVERYBODY = (*_OTHERS, _EXECUTION, _DEPLOY, _PLATFORM)
_WINDOW = "kms:ScheduleKeyDeletionPendingWindowInDays"
_PERIOD = "kms:RotationPeriodInDays"
_BYPASS = "kms:BypassPolicyLockoutSafetyCheck"


def test_the_example_writes_every_guard() -> None:
    names: dict[str, Any] = {}
    exec(re.findall(r"```python\n(.*?)```", _PAGE, re.DOTALL)[0], names)  # noqa: S102  # as it stands on the page

    key = names["stack"].node.find_child("Key").node.default_child
    policy = names["stack"].resolve(key.key_policy)

    assert [each["Sid"] for each in policy["Statement"] if each["Effect"] == "Deny"] == [
        "GuardDeletion", "GuardLockoutCheck", "GuardRotationOff", "GuardRotationPeriod", "GuardWaitingPeriod",
    ]  # fmt: skip


def _denied(action: str, resource: str = _KEY, **context: str) -> set[str]:
    said = {f"kms:{name}": value for name, value in context.items()}
    return {caller for caller in _EVERYBODY if denies(_POLICY, caller, action, resource, said)}


@pytest.mark.parametrize(
    "action",
    [
        "kms:PutKeyPolicy",
        "kms:ReplicateKey",
        "kms:ScheduleKeyDeletion",
        "kms:DisableKeyRotation",
        "kms:DeleteImportedKeyMaterial",
    ],
)
def test_only_the_execution_role_loosens_a_key(action: str) -> None:
    assert _denied(action) == {*_EVERYBODY} - {_EXECUTION}


@pytest.mark.parametrize("action", ["kms:PutKeyPolicy", "kms:CreateKey"])
def test_nobody_goes_past_the_lock_out_check(action: str) -> None:
    assert _denied(action, BypassPolicyLockoutSafetyCheck="true") == {*_EVERYBODY}
    assert _EXECUTION not in _denied(action, BypassPolicyLockoutSafetyCheck="false")
    assert _EXECUTION not in _denied(action)
    assert _denied("kms:CreateKey") == set()


@pytest.mark.parametrize(("days", "denied"), [("0", True), ("7", True), ("13", True), ("14", False), ("30", False)])
def test_no_deployment_deletes_a_key_sooner(days: str, *, denied: bool) -> None:
    found = _denied("kms:ScheduleKeyDeletion", ScheduleKeyDeletionPendingWindowInDays=days)

    assert (_EXECUTION in found) is denied


@pytest.mark.parametrize(("days", "denied"), [("0", False), ("90", False), ("365", False), ("366", True)])
def test_nobody_lets_a_key_rotate_less_often(days: str, *, denied: bool) -> None:
    assert _denied("kms:EnableKeyRotation", RotationPeriodInDays=days) == ({*_EVERYBODY} if denied else set())
    assert _denied("kms:EnableKeyRotation") == set()


@pytest.mark.parametrize("role", [_EXECUTION, _DEPLOY, _PLATFORM])
@pytest.mark.parametrize("action", _POLICY["Statement"][4]["Action"])
def test_only_the_platform_changes_the_roles_of_deployments(action: str, role: str) -> None:
    assert _denied(action, role) == {*_EVERYBODY} - {_PLATFORM}
    assert _denied(action, f"{_ACCOUNT}:role/Orders") == set()


def test_only_the_deploy_role_passes_the_execution_role() -> None:
    assert _denied("iam:PassRole", _EXECUTION) == {*_EVERYBODY} - {_DEPLOY}
    assert _denied("iam:PassRole", f"{_ACCOUNT}:role/Orders") == set()


@pytest.mark.parametrize(
    "action", ["CreateStack", "UpdateStack", "CreateChangeSet", "ExecuteChangeSet", "DeleteStack", "RollbackStack"]
)
def test_only_deployments_act_through_the_execution_role_that_a_stack_has(action: str) -> None:
    assert _denied(f"cloudformation:{action}", _STACK) == {*_OTHERS}


@pytest.mark.parametrize(
    "action", ["DescribeStacks", "GetTemplate", "CancelUpdateStack", "UpdateTerminationProtection"]
)
def test_stacks_are_read_and_protected_as_before(action: str) -> None:
    assert _denied(f"cloudformation:{action}", _STACK) == set()


def test_only_the_platform_moves_a_primary_key() -> None:
    assert _denied("kms:UpdatePrimaryRegion") == {*_EVERYBODY} - {_PLATFORM}


@pytest.mark.parametrize("action", ["kms:CancelKeyDeletion", "kms:Decrypt", "kms:DisableKey", "kms:RotateKeyOnDemand"])
def test_the_rest_is_left_to_key_policies_and_iam(action: str) -> None:
    assert _denied(action) == set()


def _parts_less() -> Iterator[tuple[str, dict[str, Any]]]:
    for number, statement in enumerate(_POLICY["Statement"]):
        others = [other for other in _POLICY["Statement"] if other is not statement]
        yield f"{number}", {"Statement": others}
        for action in listed(statement["Action"]):
            rest = [other for other in listed(statement["Action"]) if other != action]
            yield f"{number} {action}", {"Statement": [*others, {**statement, "Action": rest or ["kms:Nothing"]}]}
        for resource in listed(statement["Resource"]):
            yield f"{number} only {resource}", {"Statement": [*others, {**statement, "Resource": resource + "x"}]}
        yield f"{number} without condition", {"Statement": [*others, {**statement, "Condition": {}}]}
        spared = listed(statement["Condition"].get("ArnNotLike", {}).get("aws:PrincipalArn", []))
        for name in spared:
            fewer = {"ArnNotLike": {"aws:PrincipalArn": [other if other != name else name + "x" for other in spared]}}
            yield f"{number} not sparing {name}", {"Statement": [*others, {**statement, "Condition": fewer}]}


_LESS = dict(_parts_less())
_SAID: tuple[dict[str, str], ...] = ({}, {_WINDOW: "13"}, {_PERIOD: "366"}, {_BYPASS: "true"})


def _denies(policy: dict[str, Any], asked: tuple[str, str, str, int]) -> bool:
    caller, action, resource, said = asked
    return denies(policy, caller, action, resource, _SAID[said])


@cache
def _decided() -> dict[tuple[str, str, str, int], bool]:
    """Decide every request by the page's policy, once."""
    actions = [action for statement in _POLICY["Statement"] for action in listed(statement["Action"])]
    resources = (_KEY, _EXECUTION, _DEPLOY, _PLATFORM, _STACK)
    every = product(_EVERYBODY, dict.fromkeys(actions), resources, range(len(_SAID)))
    return {asked: _denies(_POLICY, asked) for asked in every}


@pytest.mark.parametrize("part", _LESS)
def test_each_part_of_it_decides_something(part: str) -> None:
    assert any(_denies(_LESS[part], asked) != denied for asked, denied in _decided().items())


def test_it_is_small_enough_for_an_organization() -> None:
    assert len(json.dumps(_POLICY, separators=(",", ":"))) <= _LARGEST
