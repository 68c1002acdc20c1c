"""Which events a trail logs: its Region, its event selectors, and where calls of global services count.

https://docs.aws.amazon.com/awscloudtrail/latest/userguide/filtering-data-events.html
https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_EventSelector.html
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from ministack.services import cloudtrail

from local_aws.server.call_records.record import GLOBAL_REGION

_Record = Mapping[str, Any]

_IS: Mapping[str, Callable[[str, str], bool]] = {
    "Equals": str.__eq__,
    "StartsWith": str.startswith,
    "EndsWith": str.endswith,
}
_IS_NOT = {"NotEquals": "Equals", "NotStartsWith": "StartsWith", "NotEndsWith": "EndsWith"}
_GLOBAL_SERVICES = frozenset(("iam.amazonaws.com", "cloudfront.amazonaws.com", "route53.amazonaws.com"))


def logging_trails(account: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the trails of an account that log, each with its home Region."""
    for region, _, trail in cloudtrail._account_trail_items(account):
        if trail.get("IsLogging"):
            yield region, trail


def is_logged(record: _Record, trail: Mapping[str, Any]) -> bool:
    """Say whether a trail logs an event."""
    home, region = trail["HomeRegion"], record["awsRegion"]
    if record["eventSource"] in _GLOBAL_SERVICES:
        if not trail.get("IncludeGlobalServiceEvents", True):
            return False
    elif region != home and not trail.get("IsMultiRegionTrail"):
        return False
    return any(_selects(selector, record) for selector in _selectors(record["recipientAccountId"], trail))


def region_of_log(record: _Record, trail: Mapping[str, Any]) -> str:
    """Say under which Region a trail files an event: a trail of one Region files all under its own."""
    return str(record["awsRegion"] if trail.get("IsMultiRegionTrail") else trail["HomeRegion"])


def is_announced_in(record: _Record) -> str:
    """Say in which Region EventBridge hears of an event."""
    return GLOBAL_REGION if record["eventSource"] in _GLOBAL_SERVICES else str(record["awsRegion"])


def _selectors(account: str, trail: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    found: Sequence[Mapping[str, Any]] = cloudtrail._event_selectors.get_scoped(
        account, trail["HomeRegion"], trail["Name"], cloudtrail._DEFAULT_EVENT_SELECTORS
    )
    return found


def _selects(selector: Mapping[str, Any], record: _Record) -> bool:
    if "FieldSelectors" in selector:
        return all(_is_met(condition, record) for condition in selector["FieldSelectors"])
    wanted = selector.get("ReadWriteType", "All")
    if wanted != "All" and (wanted == "ReadOnly") is not record["readOnly"]:
        return False
    if record["managementEvent"]:
        excluded = selector.get("ExcludeManagementEventSources") or ()
        return bool(selector.get("IncludeManagementEvents", True)) and record["eventSource"] not in excluded
    return any(
        entry.get("type") == data["Type"] and any(entry["ARN"].startswith(value) for value in data.get("Values", ()))
        for data in selector.get("DataResources") or ()
        for entry in record.get("resources", ())
    )


def _is_met(condition: Mapping[str, Any], record: _Record) -> bool:
    values = _values(condition["Field"], record)
    for operator, expected in condition.items():
        if operator in _IS and not any(_IS[operator](value, each) for value in values for each in expected):
            return False
        is_so = _IS.get(_IS_NOT.get(operator, ""))
        if is_so is not None and any(is_so(value, each) for value in values for each in expected):
            return False
    return True


def _values(field: str, record: _Record) -> list[str]:
    """Return what a record says for a field of advanced event selectors."""
    resources = [entry for entry in record.get("resources", ()) if entry.get("type") != "AWS::S3::Bucket"]
    found: dict[str, list[Any]] = {
        "resources.type": [entry.get("type", "") for entry in resources],
        "resources.ARN": [entry["ARN"] for entry in resources],
        "readOnly": [str(record["readOnly"]).lower()],
        "userIdentity.arn": [record["userIdentity"].get("arn", "")],
        "sessionCredentialFromConsole": [],
    }
    return [str(value) for value in found.get(field, [record.get(field, "")])]
