"""What a dashboard says in words: how to read it, which key is which, what it lacks and what it costs."""

from collections.abc import Sequence

from constructs_lib.dashboards.key_widgets import DOLLARS_FOR_10_000
from constructs_lib.dashboards.shown_key import ShownKey

DOLLARS_A_MONTH = 3
"""Of a dashboard beyond the free ones. https://aws.amazon.com/cloudwatch/pricing/"""

DOLLARS_FOR_A_GB_READ = 0.005
"""By a query of CloudWatch Logs Insights. https://aws.amazon.com/cloudwatch/pricing/"""

WRONG = "## What is wrong"
LOAD = "## Load"


def introduction(name: str, keys: Sequence[ShownKey]) -> str:
    """Return what stands on top.

    Args:
        name: Of the dashboard.
        keys: The keys.
    """
    count = "1 key" if len(keys) == 1 else f"{len(keys)} keys"
    return (
        f"# {name}: {count}\n"
        "Read from the top: what is wrong, then load, then cost. Nothing here alarms anybody: that is what alarms and "
        "rules are for. KMS publishes requests that succeeded; refusals, errors and changes are read from the trail."
    )


def without_trail() -> str:
    """Return what a dashboard without a trail lacks."""
    return (
        "**No copy of a trail in CloudWatch Logs was given**, and KMS publishes no metrics of these: refusals by "
        "principal, errors and throttled requests by code, keys disabled or pending deletion, days since rotation. "
        "They are not on this page; give the dashboard a `trail` with a log group."
    )


def rotation_elsewhere() -> str:
    """Return why days since rotation are missing although there is a trail."""
    return (
        "Days since rotation are not here: they are counted in the Region of the trail's log group, which is another "
        "one than this dashboard's stack has, or not known to be the same."
    )


def names_of(keys: Sequence[ShownKey]) -> str:
    """Return a table of alias and id.

    Args:
        keys: The keys.
    """
    rows = "\n".join(f"|{key.alias}|{key.key_id}|" for key in keys)
    return f"### Which key is which\n|Alias|Key id|\n|---|---|\n{rows}"


def prices() -> str:
    """Return what the requests and the page cost."""
    return (
        "## Cost\n"
        f"Requests: {DOLLARS_FOR_10_000} USD for 10,000 with symmetric keys, before the free 20,000 of the account; "
        "most asymmetric keys cost more. Callers of other accounts pay their own. Prices of us-east-1. "
        f"This page: {DOLLARS_A_MONTH} USD a month, unless it is one of the account's three free ones, which have at "
        "most 50 metrics each."
    )


def price_of_questions() -> str:
    """Return what the questions to the trail cost."""
    return (
        " Each time that it is loaded or refreshed, each table and the first graph reads the trail's log group, at "
        f"{DOLLARS_FOR_A_GB_READ} USD for each GB of the time shown: leave automatic refresh off where the trail is "
        "busy."
    )
