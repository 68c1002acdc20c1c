"""What a trail tells whoever reads it."""

from typing import Any

import pytest

from constructs_lib.errors import ConfigurationError
from constructs_lib.wiring.recorded_trail import RecordedTrail, TrailReach, check_trail


def test_a_trail_says_where_it_is_what_it_records_and_where_that_is_kept() -> None:
    said = {name for name, value in vars(RecordedTrail).items() if isinstance(value, property)}

    assert said == {
        "trail_name", "trail_arn", "home_region", "home_account", "reach", "organization_id", "bucket", "prefix",
        "log_group", "encryption_key",
    }  # fmt: skip
    assert all(vars(RecordedTrail)[name].fset is None for name in said)  # so that a frozen one is a trail, too


def test_each_reach_is_said_in_words() -> None:
    assert [reach.value for reach in TrailReach] == ["every Region", "its home Region"]


@pytest.mark.parametrize("given", [None, "main", 5])
def test_refuses_what_is_no_trail(given: Any) -> None:
    with pytest.raises(ConfigurationError) as error:
        check_trail(given)
    assert str(error.value) == f"trail must be AuditTrail(...) or ExistingTrail(...), got {given!r}"
