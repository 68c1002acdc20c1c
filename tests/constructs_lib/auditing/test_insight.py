"""Insight: which unusual activity CloudTrail looks for."""

from typing import Any

import pytest
from botocore.session import get_session

from constructs_lib.auditing.insight import Insight, check_insights
from constructs_lib.errors import ConfigurationError


def test_the_kinds_are_those_of_cloudtrail() -> None:
    kinds = get_session().get_service_model("cloudtrail").shape_for("InsightType").metadata["enum"]

    assert [insight.value for insight in Insight] == kinds


def test_none_is_none() -> None:
    assert check_insights([]) == ()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("ApiCallRateInsight", "must be a sequence of Insight, got 'ApiCallRateInsight'"),
        (None, "must be a sequence of Insight, got None"),
        (["Spend"], "must be Insight.CALL_RATE or Insight.ERROR_RATE, got 'Spend'"),
        (
            [Insight.CALL_RATE, Insight.CALL_RATE],
            "must name each kind once, got Insight.CALL_RATE, Insight.CALL_RATE",
        ),
    ],
    ids=["a text", "nothing", "unknown", "twice"],
)
def test_refuses_what_cloudtrail_does_not_look_for(given: Any, said: str) -> None:
    with pytest.raises(ConfigurationError) as raised:
        check_insights(given)

    assert str(raised.value) == f"insights {said}"
