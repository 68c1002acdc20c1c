"""The embedded AWS and the judge of these tests, written apart, decide the library's metric filters alike."""

import json
from pathlib import Path

import pytest

from constructs_lib.watching.cis_controls import CisControl
from constructs_lib.watching.metric_filters import (
    CountedEvents,
    changes_of_roles,
    refused_use,
    use_of_disabled_key,
    use_of_key_pending_deletion,
)
from local_aws.server.metric_filters.json_pattern import json_predicate
from tests.support.filter_pattern import FilterPattern

EVENTS = Path(__file__).resolve().parents[3] / "data" / "cloudtrail_events"
RECORDS = {str(path.relative_to(EVENTS)): json.loads(path.read_text())["event"] for path in EVENTS.rglob("*.json")}
KINDS = [
    refused_use(threshold=10, period_minutes=5),
    use_of_key_pending_deletion(),
    use_of_disabled_key(),
    changes_of_roles(["stratus-red-team-backdoor-r-role"], ["arn:aws:iam::111122223333:policy/reads"]),
    *(control.counted for control in CisControl),
]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_both_count_the_same_records(kind: CountedEvents) -> None:
    for pattern in (*kind.patterns, kind.look_for):
        counts, judge = json_predicate(pattern), FilterPattern(pattern)

        assert {name for name, event in RECORDS.items() if counts(event)} == {
            name for name, event in RECORDS.items() if judge.matches(event)
        }
