"""The copy of a trail: a log group where its records can be counted, and roles that it sees."""

from dataclasses import dataclass
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs

from constructs_lib.errors import ConfigurationError
from constructs_lib.watching.copied_trail import check_roles_are_seen, log_group_of
from constructs_lib.wiring.recorded_trail import TrailReach

ACCOUNT, REGION = "111122223333", "eu-west-1"


@dataclass(kw_only=True)
class Trail:
    trail_name: str = "main"
    home_region: str = REGION
    home_account: str = ACCOUNT
    organization_id: str | None = None
    log_group: Any = None
    bucket: Any = None
    reach: TrailReach = TrailReach.EVERY_REGION
    prefix: str = ""
    encryption_key: Any = None
    trail_arn: str = f"arn:aws:cloudtrail:{REGION}:{ACCOUNT}:trail/main"


ONE_REGION = TrailReach.HOME_REGION


@pytest.fixture(scope="module")
def stack() -> cdk.Stack:
    return cdk.Stack(cdk.App(), "Audit", env=cdk.Environment(account=ACCOUNT, region=REGION))


@pytest.fixture(scope="module")
def log_group(stack: cdk.Stack) -> logs.ILogGroup:
    return logs.LogGroup.from_log_group_name(stack, "Copy", "trail")


@pytest.fixture(scope="module")
def roles(stack: cdk.Stack) -> dict[str, iam.IRole]:
    return {
        account: iam.Role.from_role_arn(stack, f"Of{account}", f"arn:aws:iam::{account}:role/reads")
        for account in (ACCOUNT, "444455556666")
    }


def test_the_log_group_is_the_trails(stack: cdk.Stack, log_group: logs.ILogGroup) -> None:
    assert log_group_of(stack, Trail(log_group=log_group)) is log_group


def test_a_place_that_nobody_knows_may_be_any(stack: cdk.Stack, log_group: logs.ILogGroup) -> None:
    trail = Trail(log_group=log_group, home_region=cdk.Aws.REGION, home_account=cdk.Aws.ACCOUNT_ID)

    assert log_group_of(stack, trail) is log_group


def test_refuses_a_trail_without_a_copy(stack: cdk.Stack) -> None:
    with pytest.raises(
        ConfigurationError, match=r"^trail must have a copy in CloudWatch Logs, .*, got main without one$"
    ):
        log_group_of(stack, Trail())


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"home_region": "us-east-1"}, "trail must have its log group in Region eu-west-1, .*, got main in us-east-1"),
        ({"home_account": "444455556666"}, f"trail must have its log group in account {ACCOUNT}, .* in 444455556666"),
    ],
)
def test_refuses_a_copy_elsewhere(
    stack: cdk.Stack, log_group: logs.ILogGroup, changed: dict[str, Any], refusal: str
) -> None:
    with pytest.raises(ConfigurationError, match=f"^{refusal}$"):
        log_group_of(stack, Trail(log_group=log_group, **changed))


@pytest.mark.parametrize(
    ("trail", "account"),
    [
        (Trail(), ACCOUNT),
        (Trail(home_region="us-east-1", reach=ONE_REGION), ACCOUNT),
        (Trail(home_region=cdk.Aws.REGION, reach=ONE_REGION), ACCOUNT),
        (Trail(home_account=cdk.Aws.ACCOUNT_ID), "444455556666"),
        (Trail(organization_id="o-a1b2c3d4e5"), "444455556666"),
    ],
)
def test_a_role_is_seen(trail: Trail, account: str, roles: dict[str, iam.IRole]) -> None:
    check_roles_are_seen(trail, [roles[account]])


def test_without_roles_any_trail_will_do() -> None:
    check_roles_are_seen(Trail(reach=ONE_REGION), [])


def test_refuses_roles_with_a_trail_that_sees_no_calls_to_iam(roles: dict[str, iam.IRole]) -> None:
    with pytest.raises(ConfigurationError, match=r"^roles must be left out with a trail of eu-west-1 alone, .*"):
        check_roles_are_seen(Trail(reach=ONE_REGION), [roles[ACCOUNT]])


def test_refuses_a_role_of_an_account_that_the_trail_does_not_record(roles: dict[str, iam.IRole]) -> None:
    with pytest.raises(ConfigurationError, match=rf"^roles must be of account {ACCOUNT}, .* of 444455556666$"):
        check_roles_are_seen(Trail(), [roles["444455556666"]])
