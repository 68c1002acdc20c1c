"""What a trail tells whoever reads it."""

from typing import get_type_hints

from constructs_lib.auditing import recorded_trail
from constructs_lib.auditing.recorded_trail import RecordedTrail, TrailReach


def test_a_trail_says_where_it_is_what_it_records_and_where_that_is_kept() -> None:
    names = {"s3": type("S3", (), {"IBucket": object}), "logs": type("Logs", (), {"ILogGroup": object})}

    found = get_type_hints(RecordedTrail, {**vars(recorded_trail), **names})

    assert set(found) == {
        "trail_name", "trail_arn", "home_region", "home_account", "reach", "organization_id", "bucket", "prefix",
        "log_group",
    }  # fmt: skip


def test_each_reach_is_said_in_words() -> None:
    assert [reach.value for reach in TrailReach] == ["every Region", "its home Region"]
