"""What the kinds of work get."""

from constructs_lib.enveloping.capacities import OBJECTS, RECORDS, REQUESTS


def test_objects_get_a_whole_processor_and_the_longest_time() -> None:
    assert [(each.memory_size_mib, each.seconds) for each in (REQUESTS, OBJECTS, RECORDS)] == [
        (512, 30),
        (1769, 900),
        (512, 60),
    ]
