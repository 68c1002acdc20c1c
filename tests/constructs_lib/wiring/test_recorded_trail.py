"""What a trail tells whoever reads it."""

from constructs_lib.wiring.recorded_trail import RecordedTrail, TrailReach


def test_a_trail_says_where_it_is_what_it_records_and_where_that_is_kept() -> None:
    said = {name for name, value in vars(RecordedTrail).items() if isinstance(value, property)}

    assert said == {
        "trail_name", "trail_arn", "home_region", "home_account", "reach", "organization_id", "bucket", "prefix",
        "log_group", "encryption_key",
    }  # fmt: skip
    assert all(vars(RecordedTrail)[name].fset is None for name in said)  # so that a frozen one is a trail, too


def test_each_reach_is_said_in_words() -> None:
    assert [reach.value for reach in TrailReach] == ["every Region", "its home Region"]
