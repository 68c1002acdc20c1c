"""LogLife: how long log files are kept, where, and for how long they are locked."""

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_s3 as s3

from constructs_lib.auditing.log_life import LogLife
from constructs_lib.auditing.object_lock import ObjectLock
from constructs_lib.errors import ConfigurationError

days = cdk.Duration.days


def life(**given: Any) -> LogLife:
    return LogLife.read(**{"kept_for": days(365), "colder_after": None, "object_lock": None, **given})


def test_what_never_becomes_colder_has_no_transition() -> None:
    (rule,) = life().rules()

    assert rule.transitions is None
    assert rule.expiration is not None
    assert rule.expiration.to_days() == 365


def test_colder_is_where_athena_still_reads_at_once() -> None:
    (rule,) = life(colder_after=days(364)).rules()

    assert rule.transitions is not None
    (transition,) = rule.transitions
    assert transition.storage_class.to_string() == s3.StorageClass.GLACIER_INSTANT_RETRIEVAL.to_string()
    assert transition.transition_after is not None
    assert transition.transition_after.to_days() == 364


@pytest.mark.parametrize("mode", ["GOVERNANCE", "COMPLIANCE"])
def test_a_lock_is_the_default_of_the_bucket(mode: str) -> None:
    retention = life(object_lock=ObjectLock(s3.ObjectLockMode[mode], 365)).default_retention

    assert retention is not None
    assert (retention.mode, retention.duration.to_days()) == (s3.ObjectLockMode[mode], 365)


def test_without_a_lock_there_is_no_default() -> None:
    assert life().default_retention is None


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (
            {"colder_after": days(365)},
            "colder_after must be sooner than kept_for, 365 days, or None for never, got 365 days",
        ),
        (
            {"object_lock": ObjectLock.governance(days(366))},
            "kept_for must be at least as long as object_lock, 366 days, got 365 days",
        ),
        (
            {"object_lock": "GOVERNANCE"},
            "object_lock must be ObjectLock.governance(...), ObjectLock.compliance(...) or None, got 'GOVERNANCE'",
        ),
        ({"kept_for": cdk.Duration.hours(1)}, "kept_for must be 1 to 36500 whole days, got 1 hour"),
        ({"colder_after": 90}, "colder_after must be a cdk.Duration, got 90"),
    ],
    ids=["colder never", "locked longer", "no lock", "no day", "no duration"],
)
def test_refuses_what_does_not_go_together(changed: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigurationError) as raised:
        life(**changed)

    assert str(raised.value) == said
