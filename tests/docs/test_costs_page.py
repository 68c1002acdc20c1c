"""The page on costs: its figures follow from its prices and assumptions, and its words from the code."""

import json
import re
from pathlib import Path

import pytest

from certificate_care.certificate_state import METRICS as CERTIFICATE_METRICS
from constructs_lib.dashboards import explanations, key_widgets
from constructs_lib.watching.certificate_look import LOOKED_EVERY as CERTIFICATES_LOOKED_EVERY
from constructs_lib.watching.overdue import LOOKED_EVERY
from docs.costs_page import costs_page
from docs.monthly_costs import (
    ACCOUNTS,
    COLDER_DAYS,
    KEPT_DAYS,
    LOG_GROUP_MONTHS,
    PRICES,
    bill,
    dollars,
    log_file_kilobytes,
)
from secret_rotation.overdue import METRICS

_ROOT = Path(__file__).resolve().parents[2]
_PAGE = (_ROOT / "docs" / "costs.md").read_text()
_TEXT = " ".join(_PAGE.split())


def _of(account: str) -> dict[str, list[float]]:
    return {cost.of: list(cost.dollars) for cost in bill(account)}


@pytest.mark.parametrize("name", PRICES)
def test_each_price_has_a_page_of_aws_and_says_whether_it_was_read_there(name: str) -> None:
    price = PRICES[name]

    assert re.fullmatch(r"https://aws\.amazon\.com/[a-z0-9-]+/pricing/", price["page"])
    assert price["seen"] in {"AWS", "second-hand"}
    assert f"${price['dollars']:g} for" in _PAGE
    assert price["of"] in _PAGE


def test_each_price_is_used() -> None:
    assert {cost.price for cost in bill("large")} | {"further_copy"} == set(PRICES)


def test_the_prices_of_the_dashboard_are_those_of_the_page() -> None:
    assert dollars("kms_request", 10_000) == key_widgets.DOLLARS_FOR_10_000
    assert dollars("dashboard", 1) == explanations.DOLLARS_A_MONTH
    assert dollars("logs_queried", 1) == explanations.DOLLARS_FOR_A_GB_READ


def test_a_small_account_by_hand() -> None:
    costs = _of("small")

    assert costs["Keys"] == [8, 8]
    assert costs["Their rotated versions"] == [0, 16]
    assert costs["Secrets"] == [0.8, 0.8]
    assert costs["Requests to Secrets Manager"] == [0.5, 0.5]  # 10 times 10,000
    assert costs["Metrics of rotations"] == pytest.approx([2 * 4 * 0.3 / 12] * 2)  # in one hour of twelve
    assert costs["Metrics of certificates"] == pytest.approx([2 * 4 * 0.3 / 6] * 2)  # in one hour of six
    assert costs["KMS requests"] == [0.6, 0.6]  # 20 times 10,000
    assert costs["Log group: taken in"] == [0.375, 0.375]  # 500,000 events of 1,500 bytes: 0.75 GB
    assert costs["Log group: kept"] == pytest.approx([0.75 * 0.15 * 0.03, 0.75 * 0.15 * 12 * 0.03], abs=1e-6)
    assert costs["Log files: written, with digests"] == pytest.approx([0.1512, 0.1512])
    # 0.075 GB of log files in a month, of which each of 20 queries reads 30 days.
    assert costs["Athena: read"] == pytest.approx([0.075 * 30 / (365.25 / 12) * 20 * 0.005] * 2, rel=1e-3)
    assert costs["Dashboards"] == [3, 3]


def test_log_files_move_only_where_they_are_large_enough() -> None:
    small, large = _of("small"), _of("large")

    assert log_file_kilobytes("small") < 128 < log_file_kilobytes("large")
    assert small["Log files: Glacier Instant Retrieval"] == [0, 0]
    assert small["Log files: becoming colder"] == [0, 0]
    # 520,000,000 events of 1,500 bytes, compressed ten times: 78 GB a month, for seven years less three months.
    months = (2557 - 90) / (365.25 / 12)
    assert large["Log files: Glacier Instant Retrieval"] == pytest.approx([0, 78 * months * 0.004], rel=1e-6)
    assert large["Log files: S3 Standard"][1] == pytest.approx(78 * 90 / (365.25 / 12) * 0.023, rel=1e-6)


def test_the_metrics_of_a_secret_are_those_that_are_written_as_often_as_somebody_looks() -> None:
    assert ACCOUNTS["every"]["metrics_of_a_secret"] == len(METRICS)
    assert f"rate({24 // int(ACCOUNTS['every']['hours_of_these_metrics'])} hours)" == LOOKED_EVERY


def test_the_metrics_of_a_certificate_are_those_that_are_written_as_often_as_somebody_looks() -> None:
    assert ACCOUNTS["every"]["metrics_of_a_certificate"] == len(CERTIFICATE_METRICS)
    assert f"rate({24 // int(ACCOUNTS['every']['hours_of_certificate_metrics'])} hours)" == CERTIFICATES_LOOKED_EVERY


def test_the_retention_is_that_of_the_trail() -> None:
    assert (KEPT_DAYS, COLDER_DAYS, LOG_GROUP_MONTHS) == (2557, 90, 12)
    assert "Kept for seven years (`kept_for`)" in _TEXT
    assert "after 90 days (`colder_after`)" in _TEXT
    assert "kept for a year (`log_group_retention`)" in _TEXT


@pytest.mark.parametrize("account", ["small", "large"])
def test_the_sum_is_the_sum_of_its_lines(account: str) -> None:
    first, later = (sum(cost.dollars[when] for cost in bill(account)) for when in (0, 1))

    assert f"**${first:,.2f}**" in _PAGE
    assert f"**${later:,.2f}**" in _PAGE
    assert first < later


def test_what_the_page_says_of_the_assumptions_is_assumed() -> None:
    every = ACCOUNTS["every"]

    assert f"An event has {every['event_bytes']:,} bytes" in _TEXT
    assert every["log_file_compression"] == 10
    assert f"to {every['log_group_compression']:.0%}".replace("%", " %") in _TEXT
    assert f"by up to {every['bucket_key_saving']:.0%}".replace("%", " %") in _TEXT
    assert ACCOUNTS["small"].keys() == ACCOUNTS["large"].keys()
    assert ACCOUNTS["large"]["digest_files"] == 17 * 24 * 30


def test_the_date_of_the_prices_is_that_of_the_data() -> None:
    stated = json.loads((_ROOT / "docs" / "prices.json").read_text())

    assert (stated["region"], stated["date"]) == ("us-east-1", "2026-11-22")
    assert "Of us-east-1, in US dollars, put together on 22 November 2026" in _TEXT


def test_a_table_without_its_place_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "costs.md").write_text("no places")

    with pytest.raises(ValueError, match=r"^costs.md must have one place for bills, got 0$"):
        costs_page(tmp_path / "costs.md")
