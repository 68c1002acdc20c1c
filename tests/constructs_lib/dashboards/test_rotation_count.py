"""What is counted as a rotation, decided over published records."""

import pytest

from constructs_lib.dashboards.rotation_count import KEY_ID, PATTERN, ROTATIONS
from tests.support.filter_pattern import FilterPattern
from tests.support.recorded_events import record

COUNTED = FilterPattern(PATTERN)


def test_a_rotation_is_counted_for_its_key() -> None:
    rotated = record("RotateKey")

    assert COUNTED.matches(rotated)
    assert KEY_ID == "$.serviceEventDetails.keyId"
    assert rotated["serviceEventDetails"]["keyId"] == "1234abcd-12ab-34cd-56ef-1234567890ab"
    assert ROTATIONS.dimensions == ("KeyId",)


@pytest.mark.parametrize("other", ["RotateKeyOnDemand", "EnableKeyRotation", "DisableKeyRotation", "Decrypt"])
def test_what_only_concerns_rotation_is_not_counted(other: str) -> None:
    assert not COUNTED.matches(record(other))


def test_an_event_of_that_name_of_another_service_is_not_counted() -> None:
    assert not COUNTED.matches(record("RotateKey", eventSource="secretsmanager.amazonaws.com"))
