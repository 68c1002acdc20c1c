"""What is shown of keys by metrics."""

from dataclasses import replace
from typing import Any

from constructs_lib.dashboards.key_widgets import cost, expiry, load, load_of_many, quota_use, since_rotation
from tests.support.shown_keys import some_key, some_keys

REGION = "us-gov-east-1"
KEY_ID = "1234abcd-12ab-34cd-56ef-1234567890ab"
ARN = f"arn:aws-us-gov:kms:us-gov-east-1:111122223333:key/{KEY_ID}"
KEY = some_key("orders", KEY_ID)
REQUESTS = f"SEARCH('{{AWS/KMS,KeyArn,Operation}} MetricName=\"SuccessfulRequest\" KeyArn=\"{ARN}\"', 'Sum')"


def _series(widget: Any) -> list[Any]:
    return list(widget.properties["metrics"])


def test_the_quota_is_used_as_service_quotas_says() -> None:
    calls, used = _series(quota_use(REGION))

    assert calls[:-1] == [
        *("AWS/Usage", "CallCount", "Type", "API", "Resource", "CryptographicOperationsSymmetric"),
        *("Service", "KMS", "Class", "None"),
    ]
    assert (calls[-1]["stat"], calls[-1]["period"], calls[-1]["visible"]) == ("Sum", 60, False)
    assert used[0]["expression"] == "calls/SERVICE_QUOTA(calls)*100"


def test_expiry_is_in_days_and_only_of_material_that_may_expire() -> None:
    (widget,) = expiry([KEY, some_key("made", "0987dcba-09fe-87dc-65ba-ab0987654321", may_expire=False)], REGION)
    seconds, days = _series(widget)

    assert seconds[:4] == ["AWS/KMS", "SecondsUntilKeyMaterialExpiration", "KeyId", KEY_ID]
    assert (seconds[4]["stat"], seconds[4]["visible"]) == ("Minimum", False)
    assert days == [{"expression": "s0/86400", "label": "alias/orders", "id": "d0"}]
    assert list(expiry(some_keys(1, may_expire=False), REGION)) == []


def test_days_since_rotation_reach_back_as_far_as_metrics_are_kept() -> None:
    (widget,) = since_rotation([KEY, replace(some_keys(1)[0], may_rotate=False)], REGION)
    count, days = _series(widget)

    assert count[:4] == ["KeyDashboard", "Rotations", "KeyId", KEY_ID]
    assert days[0]["expression"] == "(EPOCH(r0) - FILL(IF(r0 > 0, EPOCH(r0), r0), REPEAT)) / 86400"
    assert (widget.properties["start"], widget.properties["period"]) == ("-P455D", 86400)


def test_load_is_by_key_by_operation_and_re_encryptions() -> None:
    by_key, by_operation, moved = load([KEY], REGION)

    assert _series(by_key) == [[{"expression": f"SUM({REQUESTS})", "label": "alias/orders", "period": 3600}]]
    assert _series(by_operation) == [
        [{"expression": REQUESTS, "label": "alias/orders ${PROP('Dim.Operation')}", "period": 3600}]
    ]
    assert _series(moved) == [
        [
            {
                "expression": "SUM(SEARCH('{AWS/KMS,DestinationKeyArn,Operation,SourceKeyArn} "
                f'MetricName="SuccessfulRequest" "{ARN}"\', \'Sum\'))',
                "label": "alias/orders",
                "period": 3600,
            }
        ]
    ]


def test_many_keys_have_a_bar_each_forty_in_a_widget() -> None:
    parts = list(load_of_many(some_keys(90), REGION))

    assert [len(_series(part)) for part in parts] == [40, 40, 10]
    assert {part.properties["view"] for part in parts} == {"bar"}
    assert [len(_series(part)) for part in expiry(some_keys(90), REGION)] == [80, 80, 20]


def test_cost_is_requests_at_the_price_of_symmetric_keys() -> None:
    assert _series(cost([KEY], REGION)) == [
        [{"expression": f"SUM({REQUESTS})/10000*0.03", "label": "alias/orders, USD"}]
    ]
