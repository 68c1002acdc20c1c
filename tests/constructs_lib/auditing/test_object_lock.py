"""ObjectLock: for how long and for whom."""

import aws_cdk as cdk
import pytest
from aws_cdk import aws_s3 as s3

from constructs_lib.auditing.object_lock import ObjectLock
from constructs_lib.errors import ConfigurationError


def test_a_lock_says_its_mode_and_its_days() -> None:
    week = cdk.Duration.days(7)

    assert ObjectLock.governance(week) == ObjectLock(s3.ObjectLockMode.GOVERNANCE, 7)
    assert ObjectLock.compliance(week) == ObjectLock(s3.ObjectLockMode.COMPLIANCE, 7)


@pytest.mark.parametrize("make", [ObjectLock.governance, ObjectLock.compliance])
def test_refuses_a_part_of_a_day(make: object) -> None:
    assert callable(make)
    with pytest.raises(ConfigurationError, match=r"^duration must be 1 to 36500 whole days, got 1 hour$"):
        make(cdk.Duration.hours(1))
