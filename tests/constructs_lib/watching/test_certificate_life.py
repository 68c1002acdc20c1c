"""When alarms ring: after ACM should have renewed a certificate, and before it is too late for people."""

import pytest

from constructs_lib.watching.certificate_life import LIVES, days_left
from constructs_lib.wiring.certificate_facts import Renewal

# https://docs.aws.amazon.com/acm/latest/userguide/dns-renewal-validation.html
RENEWED_AT = {395: 60, 198: 45}


@pytest.mark.parametrize("life", RENEWED_AT)
def test_a_certificate_that_acm_renews_in_time_lets_no_alarm_ring(life: int) -> None:
    assert max(days_left(life, Renewal.BY_ACM)) < RENEWED_AT[life]


@pytest.mark.parametrize(
    ("life", "by_acm", "by_somebody"),
    [
        (3_650, (30,), (45, 30)),
        (395, (30,), (45, 30)),
        (198, (30,), (45, 30)),
        (100, (15,), (23, 15)),
        (47, (7,), (11, 7)),
        (10, (2,), (2,)),
        (7, (1,), (2, 1)),
    ],
)
def test_shorter_lives_have_nearer_alarms(life: int, by_acm: tuple[int, ...], by_somebody: tuple[int, ...]) -> None:
    assert [days_left(life, each) for each in (Renewal.BY_ACM, None)] == [by_acm] * 2
    assert [days_left(life, each) for each in (Renewal.BY_HAND, Renewal.FROM_SECRET)] == [by_somebody] * 2


def test_of_every_life_there_is_time_to_act_and_a_certificate_begins_quiet() -> None:
    for life in LIVES:
        for renewal in (*Renewal, None):
            days = days_left(life, renewal)
            assert list(days) == sorted(set(days), reverse=True)
            assert min(days) >= 1
            assert max(days) <= life / 3
