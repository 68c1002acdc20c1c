"""Parts: never too many, never too much memory."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from envelope.errors import LimitExceeded
from envelope.limits import PART_MEMORY_BYTES, PARTS_MAX
from envelope.objects.part_plan import PartPlan

MEBIBYTE = 1024 * 1024
LONGEST = 20 * MEBIBYTE * PARTS_MAX


@given(st.integers(min_value=0, max_value=LONGEST))
def test_every_object_fits_into_its_parts_and_into_memory(longest: int) -> None:
    plan = PartPlan.for_length(longest)
    assert plan.part_bytes * PARTS_MAX >= longest
    assert plan.part_bytes >= 5 * MEBIBYTE
    assert (plan.at_once + 1) * plan.part_bytes <= PART_MEMORY_BYTES
    assert plan.at_once >= 1


@pytest.mark.parametrize(
    ("longest", "part_bytes", "at_once"),
    [
        (0, 8 * MEBIBYTE, 4),
        (8 * MEBIBYTE * PARTS_MAX, 8 * MEBIBYTE, 4),
        (8 * MEBIBYTE * PARTS_MAX + 1, 9 * MEBIBYTE, 3),
        (LONGEST, 20 * MEBIBYTE, 1),
    ],
)
def test_parts_grow_only_where_they_must(longest: int, part_bytes: int, at_once: int) -> None:
    assert PartPlan.for_length(longest) == PartPlan(part_bytes, at_once)


def test_refuses_more_than_memory_has_room_for() -> None:
    with pytest.raises(LimitExceeded, match=f"object must be at most {LONGEST} bytes, got {LONGEST + 1}"):
        PartPlan.for_length(LONGEST + 1)
