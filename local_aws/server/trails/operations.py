"""CreateTrail and UpdateTrail check what a trail will need, event selectors are read, and insights are kept.

https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_CreateTrail.html
"""

from collections.abc import Callable, Mapping
from typing import Any

from ministack.services import cloudtrail

from local_aws.server.trails.requirements import TrailError, check
from local_aws.server.trails.selector_rules import problem_of

_Request = dict[str, Any]

_create_as_ministack = cloudtrail._create_trail
_update_as_ministack = cloudtrail._update_trail
_select_as_ministack = cloudtrail._put_event_selectors
_LOG_GROUP = ("CloudWatchLogsLogGroupArn", "CloudWatchLogsRoleArn")


def extend() -> None:
    """Replace the operations, for the API and for CloudFormation."""
    cloudtrail._TRAIL_STATE_KEYS = cloudtrail._TRAIL_STATE_KEYS | {"_Delivery", "_Insights"}
    operations = {
        "CreateTrail": _create,
        "UpdateTrail": _update,
        "PutEventSelectors": _select,
        "PutInsightSelectors": _put_insights,
        "GetInsightSelectors": _get_insights,
    }
    cloudtrail._DISPATCH.update(operations)
    cloudtrail._create_trail, cloudtrail._update_trail = _create, _update
    cloudtrail._put_event_selectors = _select


def put_insights(trail_name: str, selectors: list[Mapping[str, Any]]) -> Any:  # noqa: ANN401  # ministack's response
    """Say which insights a trail looks for; with an empty list, none."""
    return _put_insights({"TrailName": trail_name, "InsightSelectors": selectors})


def _create(request: _Request) -> Any:  # noqa: ANN401  # ministack's response
    name = request.get("Name", "").strip()
    planned = {**request, "Name": name, "TrailARN": cloudtrail._trail_arn(name)}
    return _checked(planned, lambda: _created(request))


def _created(request: _Request) -> Any:  # noqa: ANN401  # ministack's response
    response = _create_as_ministack(request)
    # ministack keeps these on an update only.
    trail = cloudtrail._trails.get(request.get("Name", "").strip())
    if response[0] < 400 and trail is not None:  # noqa: PLR2004  # HTTP's own boundary
        trail |= {name: request[name] for name in _LOG_GROUP if name in request}
    return response


def _update(request: _Request) -> Any:  # noqa: ANN401  # ministack's response
    _, _, trail, error = cloudtrail._find_mutable_trail(request.get("Name", "").strip())
    if error:
        return error
    return _checked({**trail, **request}, lambda: _update_as_ministack(request))


def _checked(planned: Mapping[str, Any], go_on: Callable[[], Any]) -> Any:  # noqa: ANN401  # ministack's response
    key_id = cloudtrail._normalize_kms_key_id(planned.get("KmsKeyId", ""))
    try:
        check({**planned, "KmsKeyId": key_id})
    except TrailError as error:
        return cloudtrail._err(error.code, str(error))
    return go_on()


def _select(request: _Request) -> Any:  # noqa: ANN401  # ministack's response
    problem = problem_of(request.get("AdvancedEventSelectors") or [])
    if problem is not None:
        return cloudtrail._err("InvalidEventSelectorsException", f"Invalid event selectors: {problem}.")
    return _select_as_ministack(request)


def _put_insights(request: _Request) -> Any:  # noqa: ANN401  # ministack's response
    _, _, trail, error = cloudtrail._find_mutable_trail(request.get("TrailName", "").strip())
    if error:
        return error
    selectors = request.get("InsightSelectors") or []
    trail["_Insights"], trail["HasInsightSelectors"] = selectors, bool(selectors)
    return cloudtrail._ok({"TrailARN": trail["TrailARN"], "InsightSelectors": selectors})


def _get_insights(request: _Request) -> Any:  # noqa: ANN401  # ministack's response
    name, _, trail = cloudtrail._find_visible_trail(request.get("TrailName", "").strip())
    if trail is None:
        return cloudtrail._err("TrailNotFoundException", f"Unknown trail: {name}")
    if not trail.get("HasInsightSelectors"):
        return cloudtrail._err("InsightNotEnabledException", f"Trail {name} does not have Insights enabled")
    return cloudtrail._ok({"TrailARN": trail["TrailARN"], "InsightSelectors": trail["_Insights"]})
