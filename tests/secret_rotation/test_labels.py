"""Labels, as DescribeSecret answers."""

from datetime import UTC, datetime

import pytest

from secret_rotation.labels import CURRENT, HANDED_OVER, PENDING, PREVIOUS, Labels

ANSWER = {
    "RotationEnabled": True,
    "PrimaryRegion": "eu-central-1",
    "VersionIdsToStages": {"a": ["AWSPREVIOUS"], "b": ["AWSCURRENT"], "c": ["AWSPENDING", "HANDED_OVER"]},
}


def test_an_answer_is_read() -> None:
    labels = Labels.of(ANSWER)

    assert [labels.version_of(each) for each in (PREVIOUS, CURRENT, PENDING, HANDED_OVER)] == ["a", "b", "c", "c"]
    assert (labels.current, labels.primary_region, labels.is_deleted) == ("b", "eu-central-1", False)
    assert labels.is_under_way("c")
    assert labels.is_done("b")
    assert Labels.of({**ANSWER, "DeletedDate": datetime(2026, 1, 1, tzinfo=UTC)}).is_deleted


def test_a_secret_without_versions_has_no_labels() -> None:
    labels = Labels.of({})

    assert labels.current is None
    assert not labels.is_rotating


@pytest.mark.parametrize("said", [{"RotationEnabled": False}, {}], ids=["off", "never on"])
def test_what_is_pending_is_not_under_way_where_rotation_is_off(said: dict[str, bool]) -> None:
    assert not Labels.of({"VersionIdsToStages": ANSWER["VersionIdsToStages"], **said}).is_under_way("c")


def test_a_version_that_is_current_and_pending_is_under_way() -> None:
    labels = Labels.of({**ANSWER, "VersionIdsToStages": {"a": ["AWSCURRENT", "AWSPENDING"]}})

    assert labels.is_under_way("a")
    assert not labels.is_done("a")
