"""A key with every guard: who is refused, and that no deployment is."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from botocore.exceptions import ClientError

from constructs_lib import EncryptionKey, KeepsLockoutCheck, Lifecycle, OnlyDeletedBy, RotatesWithin, WaitsAtLeast
from constructs_lib.execution_policy.least_policies import execution_policies
from constructs_lib.guards import Guard
from local_aws import LocalAws
from tests.support.stack_operation import StackOperation, error_code

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient

pytestmark = pytest.mark.deploy

ADMINISTER = {"Effect": "Allow", "Action": "kms:*", "Resource": "*"}

Synthesise = Callable[..., dict[str, Any]]


@pytest.fixture
def releaser(make_role: Callable[..., str]) -> str:
    """Make the role that may delete."""
    return make_role(ADMINISTER)


@pytest.fixture
def stacks(make_stacks: Callable[..., StackOperation], make_app: Callable[..., cdk.App]) -> StackOperation:
    """Operate stacks under the least execution policy of such a key."""
    app = make_app()
    EncryptionKey(cdk.Stack(app, "Orders"), "Key", lifecycle=Lifecycle.EPHEMERAL)
    policies = execution_policies(Path(app.synth().directory))
    return make_stacks(*[statement for policy in policies for statement in policy["Statement"]])


@pytest.fixture
def synthesise(make_app: Callable[..., cdk.App], tmp_path: Path, stacks: StackOperation, releaser: str) -> Synthesise:
    """Synthesise a key that rotates each so many days, guarded just so, and perhaps something that fails after it."""
    count = iter(range(100))

    def synthesise(days: int, *, guards: Sequence[Guard] | None = None, fails: str = "") -> dict[str, Any]:
        stack = cdk.Stack(make_app(outdir=tmp_path / f"assembly-{next(count)}"), "Orders")
        named = [
            iam.Role.from_role_arn(stack, name, arn) for name, arn in (("A", releaser), ("B", str(stacks.role_arn)))
        ]
        every: list[Guard] = [
            OnlyDeletedBy(people=named[:1]),
            WaitsAtLeast(days=7),
            KeepsLockoutCheck(),
            RotatesWithin(days=days),
        ]
        EncryptionKey(
            stack,
            "Key",
            lifecycle=Lifecycle.EPHEMERAL,
            deployers=named[1:],
            rotation_period=cdk.Duration.days(days),
            guards=every if guards is None else guards,
        )
        template: dict[str, Any] = stack.node.root.synth().get_stack_by_name("Orders").template  # type: ignore[attr-defined]
        resources = {"Key": next(each for each in template["Resources"].values() if each["Type"] == "AWS::KMS::Key")}
        if fails:
            resources["Broken"] = {
                "Type": "AWS::KMS::Alias",
                "DependsOn": "Key",
                "Properties": {"AliasName": fails, "TargetKeyId": {"Ref": "Key"}},
            }
        return resources

    return synthesise


@pytest.fixture
def kms(aws: LocalAws) -> "KMSClient":
    return aws.session().client("kms")


def _create(stacks: StackOperation, resources: dict[str, Any]) -> tuple[str, str]:
    created = stacks.create(resources, {"KeyId": {"Ref": "Key"}})
    assert created.status == "CREATE_COMPLETE", created.failures
    return created.name, created.outputs["KeyId"]


def _refused(call: Callable[..., object], **request: Any) -> bool:
    try:
        call(**request)
    except ClientError as error:
        assert error_code(error) == "AccessDeniedException", error  # noqa: PT017  # anything else is a bug
        return True
    return False


def _guarded_days(kms: "KMSClient", key: str) -> tuple[int | None, str]:
    policy = json.loads(kms.get_key_policy(KeyId=key)["Policy"])
    (guard,) = [each for each in policy["Statement"] if each["Sid"] == "GuardRotationPeriod"]
    (days,) = [value for keys in guard["Condition"].values() for name, value in keys.items() if name.startswith("kms:")]
    return kms.get_key_rotation_status(KeyId=key).get("RotationPeriodInDays"), days


def test_whoever_administers_is_refused_what_is_guarded_and_nothing_else(
    aws: LocalAws, kms: "KMSClient", stacks: StackOperation, synthesise: Synthesise, releaser: str
) -> None:
    _, key = _create(stacks, synthesise(180))
    policy = kms.get_key_policy(KeyId=key)["Policy"]

    for days in (90, 180):
        assert not _refused(kms.enable_key_rotation, KeyId=key, RotationPeriodInDays=days)
    assert _refused(kms.enable_key_rotation, KeyId=key, RotationPeriodInDays=181)
    assert _refused(kms.enable_key_rotation, KeyId=key)
    assert _refused(kms.disable_key_rotation, KeyId=key)
    assert not _refused(kms.rotate_key_on_demand, KeyId=key)
    assert _refused(kms.put_key_policy, KeyId=key, Policy=policy, BypassPolicyLockoutSafetyCheck=True)
    assert not _refused(kms.put_key_policy, KeyId=key, Policy=policy)
    assert _refused(kms.schedule_key_deletion, KeyId=key)
    assert _refused(kms.schedule_key_deletion, KeyId=key, PendingWindowInDays=30)

    by_releaser = aws.session(aws.assume(releaser)).client("kms")
    assert _refused(by_releaser.disable_key_rotation, KeyId=key)
    assert not _refused(by_releaser.schedule_key_deletion, KeyId=key)


@pytest.mark.parametrize("days", [90, 364, 365, 730])
def test_a_deployment_changes_a_guard_together_with_what_it_guards(
    kms: "KMSClient", stacks: StackOperation, synthesise: Synthesise, days: int
) -> None:
    name, key = _create(stacks, synthesise(180))

    updated = stacks.update(name, synthesise(days))

    assert updated.status == "UPDATE_COMPLETE", updated.failures
    assert _guarded_days(kms, key) == (days, str(days))


def test_a_deployment_takes_guards_away(kms: "KMSClient", stacks: StackOperation, synthesise: Synthesise) -> None:
    name, key = _create(stacks, synthesise(180))

    updated = stacks.update(name, synthesise(2560, guards=[]))

    assert updated.status == "UPDATE_COMPLETE", updated.failures
    assert '"Deny"' not in kms.get_key_policy(KeyId=key)["Policy"]


def test_a_deployment_that_fails_is_rolled_back(
    kms: "KMSClient", stacks: StackOperation, synthesise: Synthesise
) -> None:
    name, key = _create(stacks, synthesise(730))

    updated = stacks.update(name, synthesise(90, fails="alias/aws/reserved"))

    assert updated.status == "UPDATE_ROLLBACK_COMPLETE"
    assert [failure.partition(":")[0] for failure in updated.failures] == ["Broken"]
    assert _guarded_days(kms, key) == (730, "730")


def test_a_first_deployment_that_fails_leaves_no_key(
    kms: "KMSClient", stacks: StackOperation, synthesise: Synthesise
) -> None:
    before = {each["KeyId"] for each in kms.list_keys()["Keys"]}

    created = stacks.create(synthesise(180, fails="alias/aws/reserved"))

    assert created.status == "ROLLBACK_COMPLETE"
    left = {each["KeyId"] for each in kms.list_keys()["Keys"]} - before
    assert {kms.describe_key(KeyId=key)["KeyMetadata"]["KeyState"] for key in left} <= {"PendingDeletion"}


def test_a_key_that_is_destroyed_on_purpose_goes(
    kms: "KMSClient", stacks: StackOperation, synthesise: Synthesise
) -> None:
    name, key = _create(stacks, synthesise(180))

    deleted = stacks.delete(name)

    assert deleted.status == "DELETE_COMPLETE", deleted.failures
    assert kms.describe_key(KeyId=key)["KeyMetadata"]["KeyState"] == "PendingDeletion"
