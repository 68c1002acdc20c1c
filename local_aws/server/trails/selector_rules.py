"""What CloudTrail refuses of a trail's advanced event selectors.

https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_AdvancedFieldSelector.html
"""

from collections.abc import Mapping, Sequence
from typing import Any

_OPERATORS = frozenset(("Equals", "StartsWith", "EndsWith", "NotEquals", "NotStartsWith", "NotEndsWith"))
_OF_MANAGEMENT = frozenset(("eventCategory", "eventSource", "readOnly"))
_OF_DATA = frozenset((
    "eventCategory", "eventName", "eventSource", "eventType", "readOnly", "resources.ARN", "resources.type",
    "sessionCredentialFromConsole", "userIdentity.arn",
))  # fmt: skip
_EQUAL_ONLY = frozenset(("eventCategory", "readOnly", "resources.type"))
# Whose management events are so many that a trail may leave them out.
_LEFT_OUT = frozenset(("kms.amazonaws.com", "rdsdata.amazonaws.com"))

_Condition = Mapping[str, Any]


def problem_of(selectors: Sequence[Mapping[str, Any]]) -> str | None:
    """Say what is wrong with advanced event selectors; nothing if they are in order."""
    problems = (_problem(selector.get("FieldSelectors") or []) for selector in selectors)
    return next((problem for problem in problems if problem is not None), None)


def _problem(conditions: Sequence[_Condition]) -> str | None:
    values = {each["Field"]: each.get("Equals", []) for each in conditions}
    if len(values) < len(conditions):
        return "each field can be in a selector once"
    category = values.get("eventCategory")
    if category not in (["Management"], ["Data"]):
        return "eventCategory must equal Management or Data"
    allowed = _OF_DATA if category == ["Data"] else _OF_MANAGEMENT
    unknown = sorted(set(values) - allowed)
    if unknown:
        return f"{unknown[0]} is not a valid field for events of the category {category[0]}"
    if category == ["Data"] and len(values.get("resources.type", [])) != 1:
        return "resources.type must equal one type of resource"
    return next((found for each in conditions if (found := _of_condition(each, category[0])) is not None), None)


def _of_condition(condition: _Condition, category: str) -> str | None:
    field, operators = condition["Field"], set(condition) - {"Field"}
    if not operators or operators - _OPERATORS or not all(condition[each] for each in operators):
        return f"{field} must be compared with something"
    if field in _EQUAL_ONLY and operators != {"Equals"}:
        return f"{field} can only be compared by Equals"
    if field == "readOnly" and condition["Equals"] not in (["true"], ["false"]):
        return "readOnly must equal true or false"
    if category == "Management" and field == "eventSource":
        left_out = set(condition.get("NotEquals", ()))
        if operators != {"NotEquals"} or not left_out <= _LEFT_OUT:
            return "eventSource can only leave out kms.amazonaws.com and rdsdata.amazonaws.com"
    return None
