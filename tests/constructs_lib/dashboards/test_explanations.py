"""What a dashboard says in words."""

from constructs_lib.dashboards import explanations
from tests.support.shown_keys import some_key, some_keys

KEY_ID = "1234abcd-12ab-34cd-56ef-1234567890ab"


def test_the_introduction_counts_the_keys() -> None:
    assert explanations.introduction("orders-keys", some_keys(1)).startswith("# orders-keys: 1 key\n")
    assert explanations.introduction("orders-keys", some_keys(2)).startswith("# orders-keys: 2 keys\n")


def test_the_table_of_names_has_each_key() -> None:
    assert explanations.names_of([some_key("orders", KEY_ID)]).splitlines() == [
        "### Which key is which",
        "|Alias|Key id|",
        "|---|---|",
        f"|alias/orders|{KEY_ID}|",
    ]


def test_what_is_missing_without_a_trail_is_said() -> None:
    said = explanations.without_trail()

    for missing in ("refusals", "throttled", "disabled", "pending deletion", "days since rotation"):
        assert missing in said
    assert "Region of the trail's log group" in explanations.rotation_elsewhere()


def test_prices_are_said() -> None:
    assert "0.03 USD for 10,000" in explanations.prices()
    assert "3 USD a month" in explanations.prices()
    assert "0.005 USD for each GB" in explanations.price_of_questions()
